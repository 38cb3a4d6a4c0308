import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './figures.ts';
import { clone, runNode, runStage } from './measure.ts';

/** The stages that stand beside what they measure. */
export function stages(entries: number, companies: number): readonly Bench[] {
  const some = Math.min(entries, 50_000);
  return [
    decode(some),
    book(some),
    checkpoint,
    oldCompany,
    monthOfOld,
    plan,
    firstNight,
    fetch,
    night(companies),
  ].flatMap(({ script, ...bench }) => (existsSync(join(clone, script)) ? [bench] : []));
}

/** A bench, and the script that has to be there. */
type Stage = Bench & { readonly script: string };

function decode(entries: number): Stage {
  const script = 'sources/vipps/bench/decode.ts';
  return {
    name: 'decode',
    script,
    round: () => {
      const told = runStage(script, entries);
      return [
        { what: 'decode, check and entries', unit: 'µs an entry', value: told['microseconds'] ?? 0 },
        { what: 'decode / `JSON.parse`', unit: '×', value: told['ratio'] ?? 0, goal: { atMost: 1.5 } },
      ];
    },
  };
}

/** So many entries a large merchant has on a date. */
const largeDate = 20_000;

function book(entries: number): Stage {
  const script = 'packages/core/bench/book.ts';
  return {
    name: 'book',
    script,
    round: () => {
      const told = runStage(script, Math.min(entries, largeDate));
      const [one, many] = [1, 1000].map((units) => runStage(script, 20_000, units, 100, 9)['summary'] ?? 0);
      const { peakMb = 0 } = runStage(script, 100_000, 1, 0, 0);
      return [
        { what: 'book per entry', unit: 'µs an entry', value: told['entry'] ?? 0 },
        { what: 'book per entry / `JSON.parse`', unit: '×', value: told['entryRatio'] ?? 0, goal: { atMost: 2.5 } },
        { what: 'peak memory, a date of 100,000 entries', unit: 'MB', value: peakMb, goal: { atMost: 400 } },
        {
          what: 'summary lines of 1,000 units / of one',
          unit: '×',
          value: (many ?? 0) / (one ?? 1),
          goal: { atMost: 2 },
        },
      ];
    },
  };
}

/** A night that goes on from a checkpoint: what it costs does not grow with the years behind it. */
const checkpoint: Stage = {
  name: 'a night from a checkpoint',
  script: 'packages/core/bench/checkpoint.ts',
  round: () => {
    const told = runStage('packages/core/bench/checkpoint.ts', 100, 5);
    const [month, years] = [told['afterMonth'] ?? 0, told['afterYears'] ?? 0];
    return [
      { what: 'a date after five years', unit: 'ms', value: years },
      { what: 'after five years / after a month', unit: '×', value: years / month, goal: { atMost: 1.2 } },
    ];
  },
};

/** All of a company's night but its provider: what it costs does not grow with the years behind it either. */
const oldCompany: Stage = {
  name: 'a night of a company',
  script: 'packages/company/bench/night.ts',
  round: () => {
    const told = runStage('packages/company/bench/night.ts', 20, 5);
    const [month, years] = [told['nightAfterMonth'] ?? 0, told['nightAfterYears'] ?? 0];
    return [
      { what: 'a night after a month', unit: 'ms', value: month },
      { what: 'a night after five years', unit: 'ms', value: years },
      { what: 'of it the plan', unit: 'ms', value: told['planAfterYears'] ?? 0 },
      { what: 'of it the opening of the log', unit: 'ms', value: told['openingAfterYears'] ?? 0 },
      { what: 'a plan after five years, from the cut-over', unit: 'ms', value: told['wholeAfterYears'] ?? 0 },
      { what: 'a night after five years / after a month', unit: '×', value: years / month, goal: { atMost: 1.2 } },
    ];
  },
};

/** A month that is exported to a file once more: what it costs does not grow with the years behind it. */
const monthOfOld: Stage = {
  name: 'an export of a month',
  script: 'packages/company/bench/export.ts',
  round: () => {
    const told = runStage('packages/company/bench/export.ts', 20, 5);
    const [month, years] = [told['exportAfterMonth'] ?? 0, told['exportAfterYears'] ?? 0];
    return [
      { what: 'an export of a month after a month', unit: 'ms', value: month },
      { what: 'an export of a month after five years', unit: 'ms', value: years },
      { what: 'an export of it, from the cut-over', unit: 'ms', value: told['wholeAfterYears'] ?? 0 },
      { what: 'its export after five years / after a month', unit: '×', value: years / month, goal: { atMost: 1.2 } },
    ];
  },
};

/** A night over a log that holds many vouchers, beside one over a log that holds few. */
const plan: Stage = {
  name: 'plan and apply of one day',
  script: 'packages/engine/bench/long-log.ts',
  round: () => {
    const script = ['--expose-gc', '--conditions=@bilag/source', 'packages/engine/bench/long-log.ts'];
    const told = runNode([...script, '100', '100000']).output;
    const [few = 0, many = 0] = told.matchAll(/plan and apply +([\d.]+) ms/g).map(([, ms]) => Number(ms));
    return [
      { what: 'plan and apply with 100 vouchers in the log', unit: 'ms', value: few },
      { what: 'plan and apply with 100,000 vouchers in the log', unit: 'ms', value: many },
      { what: 'with 100,000 / with 100', unit: '×', value: many / few, goal: { atMost: 1.3 } },
    ];
  },
};

/** A night that has many vouchers to post, beside one that has few: what it holds does not grow with them. */
const firstNight: Stage = {
  name: 'memory of a first night',
  script: 'packages/engine/bench/first-night.ts',
  round: () => {
    // As `bilag apply` is started.
    const room = ['--max-semi-space-size=8', '--heap-growing-percent=60', '--no-incremental-marking'];
    const script = [...room, '--conditions=@bilag/source', 'packages/engine/bench/first-night.ts'];
    const env = { MALLOC_MMAP_THRESHOLD_: '131072' };
    const peakOf = (vouchers: number): number => runNode([...script, String(vouchers)], clone, env).peakMb ?? 0;
    const [few, many] = [peakOf(1_000), peakOf(10_000)];
    return [
      { what: 'peak memory, 1,000 vouchers planned and posted', unit: 'MB', value: few },
      { what: 'peak memory, 10,000 vouchers planned and posted', unit: 'MB', value: many },
      { what: '10,000 vouchers / 1,000', unit: '×', value: many / few, goal: { atMost: 1.3 } },
    ];
  },
};

/** Companies side by side, beside the same night one at a time. */
function night(companies: number): Stage {
  const script = 'packages/office/bench/side-by-side.ts';
  return {
    name: 'a night of many companies',
    script,
    round: () => {
      const told = runStage(script, companies, 8);
      const [alone = 0, together = 0] = [told['alone'], told['together']];
      const [early = 0, late = 0] = [told['earlyMb'], told['lateMb']];
      return [
        { what: `a night of ${companies} companies, one at a time`, unit: 's', value: alone },
        { what: `a night of ${companies} companies, eight at a time`, unit: 's', value: together },
        { what: 'one at a time / eight at a time', unit: '×', value: alone / together, goal: { atLeast: 1.6 } },
        { what: 'memory after all of them / after a half', unit: '×', value: late / early, goal: { atMost: 1.1 } },
      ];
    },
  };
}

const fetch: Stage = {
  name: 'fetch, 40 ms away',
  script: 'packages/cli/bench/fetch.ts',
  round: () => {
    const told = runNode(['--conditions=@bilag/source', 'packages/cli/bench/fetch.ts']).output;
    const [, own, other] = /fetched in ([\d.]+) s, undici .*? ([\d.]+) s/.exec(told)?.map(Number) ?? [];
    return [
      { what: 'fetch of half a year', unit: 's', value: own ?? 0 },
      { what: 'bare undici, as many at a time', unit: 's', value: other ?? 0 },
      { what: 'fetch / undici', unit: '×', value: (own ?? 0) / (other ?? 1), goal: { atMost: 1.3 } },
    ];
  },
};
