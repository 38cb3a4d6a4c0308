import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchesOf, type BenchSizes } from './benches.ts';
import { figuresOf, isReached, tableOf, type Bench, type Figure } from './figures.ts';
import { isInstalled } from './measure.ts';

const usage = `npx -y pnpm@12 bench [--entries 50000] [--companies 40] [--rounds 3] [--only NAME]… [--json FILE]

Measures every stage, the whole way, and what else does the same work, in one run: everything of a round after one another, so
that a ratio compares what ran under the same load. Ends with 1 when a goal is missed.
`;

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '50000' },
    companies: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else {
  const sizes = { entries: Number(values.entries), companies: Number(values.companies) };
  process.exitCode = await measure(sizes, Number(values.rounds), values.only, values.json);
}

async function measure(sizes: BenchSizes, rounds: number, only: readonly string[], json?: string): Promise<number> {
  await using benches = benchesOf(sizes);
  const figures: Figure[] = [];
  process.stdout.write(
    `${sizes.entries} entries, ${sizes.companies} companies, ${rounds} rounds, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`,
  );
  for (const bench of benches.all) {
    if (only.length > 0 && !only.includes(bench.name)) continue;
    const missing = (bench.needs ?? []).filter((program) => !isInstalled(program));
    if (missing.length > 0) process.stdout.write(`\n${bench.name}: skipped, without ${missing.join(' and ')}\n`);
    else figures.push(...(await figuresOfBench(bench, rounds)));
  }
  const missed = figures.filter((figure) => isReached(figure) === false);
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ ...sizes, rounds, node: process.version, figures }, null, 2)}\n`);
  for (const { what } of missed) process.stdout.write(`missed: ${what}\n`);
  return missed.length === 0 ? 0 : 1;
}

async function figuresOfBench(bench: Bench, rounds: number): Promise<readonly Figure[]> {
  const measured = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await bench.round());
  const figures = figuresOf(measured);
  process.stdout.write(`\n${bench.name}\n\n${tableOf(figures)}`);
  return figures;
}
