import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measured } from './figures.ts';
import { clone, commandLine, runNode, runProgram, runStage, type Usage } from './measure.ts';
import { makeCompany, type SampleCompany, type SampleOptions } from './sample-company.ts';
import { stages } from './stage-benches.ts';

/** Everything that is measured, with what it is measured on. */
export interface Benches extends AsyncDisposable {
  readonly all: readonly Bench[];
}

export interface BenchSizes {
  readonly entries: number;
  /** Of the night of many. */
  readonly companies: number;
}

export function benchesOf({ entries, companies }: BenchSizes): Benches {
  const made: Promise<SampleCompany>[] = [];
  const company = (options: SampleOptions): Sample => {
    let one: Promise<SampleCompany> | undefined;
    return () => {
      if (one === undefined) made.push((one = makeCompany(options)));
      return one;
    };
  };
  const byDate = company({ entries, grouping: 'date' });
  const byEntry = company({ entries, grouping: 'entry' });
  // Memory goes by a date, and little by the year: a few dates as full as those of ten million entries a year.
  const full = company({ entries: 3 * fullDate, grouping: 'date', days: 3 });
  const ways = [safT(byDate), memory(byDate, full), check(byDate), journal(byEntry)];
  return {
    all: [start, ...stages(entries, companies), writing(entries), rendering(entries), ...ways],
    [Symbol.asyncDispose]: async () => {
      for (const each of made) await (await each)[Symbol.asyncDispose]();
    },
  };
}

/** A company that is made when a bench first asks for it. */
type Sample = () => Promise<SampleCompany>;

const fullDate = 27_400;

const start: Bench = {
  name: 'start-up',
  round: () => {
    const help = runProgram(process.execPath, [commandLine, '--help']).seconds;
    const node = runProgram(process.execPath, ['-e', '']).seconds;
    return [
      { what: '`bilag --help`', unit: 's', value: help },
      { what: '`bilag --help` / `node -e ""`', unit: '×', value: help / node, goal: { atMost: 5 } },
    ];
  },
};

/** How fast lines of SAF-T are written, beside others that write the same. */
function writing(entries: number): Bench {
  const some = Math.min(entries, 50_000);
  return {
    name: 'writing SAF-T',
    round: () => {
      const template = linesBy('template', some);
      const writer = linesBy('writer', some);
      const whole = linesBy('whole', some);
      const lines = 'lines/s';
      return [
        { what: 'bare template writer', unit: lines, value: template.cpu },
        { what: 'SAF-T writer', unit: lines, value: writer.cpu },
        { what: 'SAF-T whole, from a book to checked files in place', unit: lines, value: whole.cpu },
        { what: 'fast-xml-parser', unit: lines, value: linesBy('fast-xml-parser', some / 5).cpu },
        { what: 'xmlbuilder2 fragments', unit: lines, value: linesBy('xmlbuilder2', some / 10).cpu },
        { what: 'SAF-T writer / template', unit: '×', value: writer.cpu / template.cpu, goal: { atLeast: 0.8 } },
        {
          what: 'SAF-T whole / template, of processor',
          unit: '×',
          value: whole.cpu / template.cpu,
          goal: { atLeast: 0.5 },
        },
        {
          what: 'SAF-T whole / template, of time on two cores',
          unit: '×',
          value: whole.time / template.time,
          goal: { atLeast: 0.8 },
        },
      ];
    },
  };
}

/** What other adapters for files make of a book, beside what SAF-T's template makes of its lines. */
function rendering(entries: number): Bench {
  const some = Math.min(entries, 50_000);
  return {
    name: 'writing other files',
    round: () => {
      const template = linesBy('template', some);
      return ['csv', 'sie', 'journal'].flatMap((name) => {
        const { linesPerSecondOfProcessor: lines = 0 } = runStage('bench/src/stages/file.ts', name, some);
        return [
          { what: `${name}, from a book to files in place`, unit: 'lines/s', value: lines },
          { what: `${name} / bare template writer of SAF-T`, unit: '×', value: lines / template.cpu },
        ];
      });
    },
  };
}

/** Lines a second, of processor and of time. */
function linesBy(way: string, entries: number): { readonly cpu: number; readonly time: number } {
  const told = runStage('bench/src/stages/saf-t.ts', way, Math.round(entries));
  return { cpu: told['linesPerSecondOfProcessor'] ?? 0, time: told['linesPerSecond'] ?? 0 };
}

/** The whole way of `bilag export`, beside the least that has to be done: to parse the pages, and to write the lines. */
function safT(sample: Sample): Bench {
  return {
    name: 'archive to checked SAF-T',
    round: async () => {
      const company = await sample();
      const { folder, entries } = company;
      const exported = exportTo('saf-t', company);
      const parsed = runStage('bench/src/stages/parse-pages.ts', join(folder, 'archive'))['seconds'] ?? 0;
      const lines = Number(runProgram('grep', ['-c', '<Line>', fileIn(folder, 'saf-t')]).output);
      const template = runStage('bench/src/stages/saf-t.ts', 'template', Math.min(entries, 50_000));
      const least = parsed + lines / (template['linesPerSecondOfProcessor'] ?? 0);
      return [
        { what: 'export of SAF-T', unit: 'µs an entry', value: (exported.seconds / entries) * 1e6 },
        { what: '`JSON.parse` and template writer', unit: 'µs an entry', value: (least / entries) * 1e6 },
        { what: 'export / the two', unit: '×', value: exported.seconds / least, goal: { atMost: 3 } },
      ];
    },
  };
}

/** What an export of SAF-T holds at most, and whether that grows with the number of entries. */
function memory(yearSample: Sample, fullSample: Sample): Bench {
  return {
    name: 'memory of an export',
    round: async () => {
      const [year, full] = [await yearSample(), await fullSample()];
      const [few, many] = [year, full].map((company) => exportTo('saf-t', company).peakMb ?? 0) as [number, number];
      const small = `${year.entries.toLocaleString('en')} entries in a year`;
      const large = `${Math.round(full.entries / 3).toLocaleString('en')} entries on a date`;
      return [
        { what: `peak memory, ${small}`, unit: 'MB', value: few, goal: { atMost: 256 } },
        { what: `peak memory, ${large}`, unit: 'MB', value: many, goal: { atMost: 256 } },
        { what: 'the second / the first', unit: '×', value: many / few, goal: { atMost: 1.2 } },
      ];
    },
  };
}

/** The checker beside xmllint with the official schema, on the file of the export. */
function check(sample: Sample): Bench {
  const schema = join(clone, '../shared/spec/saft-no/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd');
  return {
    name: 'checking SAF-T',
    needs: existsSync(schema) ? ['xmllint'] : ['xmllint', 'the schema in ../shared/spec/saft-no'],
    round: async () => {
      const company = await sample();
      const { folder } = company;
      if (!existsSync(join(folder, 'saf-t'))) exportTo('saf-t', company);
      const file = fileIn(folder, 'saf-t');
      const own = runNode([commandLine, 'check', file], folder);
      const other = runProgram('xmllint', ['--noout', '--stream', '--schema', schema, file]);
      return [
        { what: '`bilag check`', unit: 's', value: own.seconds },
        { what: '`xmllint --stream --schema`', unit: 's', value: other.seconds },
        { what: '`bilag check` / xmllint', unit: '×', value: own.seconds / other.seconds, goal: { atMost: 0.6 } },
        { what: 'peak memory of the check', unit: 'MB', value: own.peakMb ?? 0, goal: { atMost: 96 } },
      ];
    },
  };
}

/** A journal with a transaction for each entry, beside the programs that read it. */
function journal(sample: Sample): Bench {
  return {
    name: 'archive to journal',
    needs: ['ledger', 'hledger'],
    round: async (): Promise<readonly Measured[]> => {
      const company = await sample();
      const { folder, entries } = company;
      const exported = exportTo('ledger', company);
      const file = fileIn(folder, 'ledger');
      const ledger = runProgram('ledger', ['-f', file, 'balance']).seconds;
      const hledger = runProgram('hledger', ['-f', file, 'balance']).seconds;
      return [
        { what: 'export of a journal', unit: 'µs a transaction', value: (exported.seconds / entries) * 1e6 },
        { what: 'peak memory of it', unit: 'MB', value: exported.peakMb ?? 0 },
        { what: '`ledger balance`', unit: 's', value: ledger },
        { what: '`hledger balance`', unit: 's', value: hledger },
        { what: 'export / `ledger balance`', unit: '×', value: exported.seconds / ledger, goal: { atMost: 1 } },
        { what: 'export / `hledger balance`', unit: '×', value: exported.seconds / hledger },
      ];
    },
  };
}

function exportTo(target: string, { folder, range }: SampleCompany): Usage {
  rmSync(join(folder, target), { recursive: true, force: true });
  // A record of the exports before would be compared with this one.
  rmSync(join(folder, 'delivery'), { recursive: true, force: true });
  return runNode([commandLine, 'export', '--target', target, ...range, '--out', target], folder);
}

function fileIn(folder: string, target: string): string {
  const [name = ''] = readdirSync(join(folder, target));
  return join(folder, target, name);
}
