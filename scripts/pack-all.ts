// Packs every package as it would be published into a folder, `packed` unless another is named, and says how to install them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

// pnpm runs a script in the clone; a folder is meant from where it was typed.
const folder = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? 'packed');
mkdirSync(folder, { recursive: true });
const packed = (): string[] => readdirSync(folder).filter((name) => /^bilag-.*\.tgz$/.test(name));
// What an earlier version left would be installed with the rest.
for (const name of packed()) rmSync(join(folder, name));

const rooms = ['packages', 'sources', 'adapters', 'simulators'].flatMap((room) => ['--filter', `./${room}/*`]);
pnpm('reference');
pnpm('-r', ...rooms, 'pack', '--pack-destination', folder);
process.stdout.write(`
${packed().length} packages in ${folder}. In a folder of your own:

  npm install ${join(folder, '*.tgz')}
  npx bilag --help
`);

/** Says nothing of what went well. */
function pnpm(...args: readonly string[]): void {
  // npx is a script on Windows.
  const shell = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync('npx', ['-y', 'pnpm@12', ...args], { encoding: 'utf8', shell });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(status ?? 1);
}
