import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the time of a program went, by function: `node bench/src/profile.ts <folder>…`, each a folder that `--cpu-prof-dir` wrote.
 */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const shownFunctions = 25;

for (const folder of process.argv.slice(2)) {
  const byFunction = new Map<string, number>();
  for (const file of readdirSync(folder))
    add(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile, byFunction);
  byFunction.delete('(idle)');
  const total = byFunction.values().reduce((sum, time) => sum + time, 0);
  const largest = [...byFunction].toSorted(([, a], [, b]) => b - a).slice(0, shownFunctions);
  const rows = largest.map(
    ([name, time]) => `${percent(time / total)}  ${(time / 1000).toFixed(0).padStart(7)} ms  ${name}`,
  );
  process.stdout.write(`${folder}: ${(total / 1000).toFixed(0)} ms\n${rows.join('\n')}\n\n`);
}

function add({ nodes, samples, timeDeltas }: Profile, byFunction: Map<string, number>): void {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    byFunction.set(name, (byFunction.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
}

function nameOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  const place = url.split('/').slice(-2).join('/');
  return `${functionName || '(anonymous)'}${place === '' ? '' : `  ${place}`}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(5)} %`;
}
