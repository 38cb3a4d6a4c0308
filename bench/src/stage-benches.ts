import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './figures.ts';
import { clone, runStage } from './measure.ts';

/** The stages that stand beside what they measure. */
export function stages(entries: number): readonly Bench[] {
  const some = Math.min(entries, 100_000);
  return [
    {
      name: 'decode',
      round: () => {
        const told = runStage('sources/vipps/bench/decode.ts', some);
        return [
          { what: 'decode, check and entries', unit: 'µs an entry', value: told['microseconds'] ?? 0 },
          { what: 'decode / `JSON.parse`', unit: '×', value: told['ratio'] ?? 0, goal: { atMost: 1.5 } },
        ];
      },
    },
    {
      name: 'book',
      round: () => {
        const told = runStage('packages/core/bench/book.ts', some);
        const [one, many] = [1, 1000].map(
          (units) => runStage('packages/core/bench/book.ts', 20_000, units, 100)['summary'] ?? 0,
        );
        return [
          { what: 'book per entry', unit: 'µs an entry', value: told['entry'] ?? 0 },
          { what: 'book per entry / `JSON.parse`', unit: '×', value: told['entryRatio'] ?? 0, goal: { atMost: 2.5 } },
          { what: 'peak memory of one date', unit: 'MB', value: told['peakMb'] ?? 0, goal: { atMost: 400 } },
          {
            what: 'summary lines of 1,000 units / of one',
            unit: '×',
            value: (many ?? 0) / (one ?? 1),
            goal: { atMost: 2 },
          },
        ];
      },
    },
  ].filter(({ name }) => existsSync(join(clone, places[name] ?? '')));
}

const places: Readonly<Record<string, string>> = {
  decode: 'sources/vipps/bench/decode.ts',
  book: 'packages/core/bench/book.ts',
};
