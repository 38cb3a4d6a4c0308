/** Run in a process of its own by {@link importAlone}: watches what a module does while it is imported. */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { fileURLToPath } from 'node:url';

const seen: string[] = [];
const { writeSync } = fs;

watch(net.Socket.prototype, ['connect'], () => 'opens a socket');
watch(net.Server.prototype, ['listen'], () => 'listens on a socket');
watch(dgram.Socket.prototype, ['bind', 'connect', 'send'], () => 'opens a socket');
watch(dns, ['lookup', 'resolve', 'resolve4', 'resolve6'], () => 'asks for an address');
watch(dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6'], () => 'asks for an address');
watch(globalThis, ['fetch'], () => 'calls fetch');
watch(
  childProcess,
  ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'],
  () => 'starts a program',
);
watch(fs, openingFunctions(fs), touched);
watch(fs.promises, openingFunctions(fs.promises), touched);
syncBuiltinESMExports();

await turns();
const before = process.getActiveResourcesInfo();
await import(String(process.argv[2]));
await turns();
const left = process.getActiveResourcesInfo();
for (const resource of before) take(left, resource);
for (const resource of left) {
  // The standard streams appear when they are first read; any other pipe is seen above.
  if (!/^(?:Pipe|TTY)Wrap$/.test(resource)) seen.push(`keeps the program alive with ${resource}`);
}
writeSync(1, `\nimport-probe ${JSON.stringify([...new Set(seen)])}\n`);
process.exit(0);

/** Functions of the file system that open, change or list; asking whether a file is there is harmless. */
function openingFunctions(owner: object): string[] {
  return Object.keys(owner).filter((name) =>
    /^(?:read|write|append|open|create|mk|rm|unlink|rename|copy|cp|watch|truncate|chmod|chown|symlink|link)/.test(name),
  );
}

/** A module, and what says where modules are, may be read. */
function touched(name: string, [path]: readonly unknown[]): string | undefined {
  const shown = path instanceof URL ? fileURLToPath(path) : String(path);
  const isReading = /^(?:read|open|createRead)/.test(name);
  if (isReading && /\.(?:[cm]?[jt]s|json|node|wasm)$/.test(shown)) return undefined;
  if (isReading && typeof path !== 'string' && !(path instanceof URL)) return undefined;
  return `touches the file ${shown} (${name})`;
}

function watch(
  owner: object,
  names: readonly string[],
  sentence: (name: string, parameters: readonly unknown[]) => string | undefined,
): void {
  for (const name of names) {
    const real: unknown = Reflect.get(owner, name);
    if (typeof real !== 'function') continue;
    const watched = function watchedFunction(this: unknown, ...parameters: unknown[]): unknown {
      const what = sentence(name, parameters);
      if (what !== undefined) seen.push(what);
      return Reflect.apply(real, this, parameters);
    };
    Object.defineProperties(watched, Object.getOwnPropertyDescriptors(real));
    Reflect.set(owner, name, watched);
  }
}

function take(list: string[], value: string): void {
  const place = list.indexOf(value);
  if (place !== -1) list.splice(place, 1);
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
