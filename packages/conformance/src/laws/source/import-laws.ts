import {
  isBilagError,
  isClosed,
  isFromFile,
  isPlainDate,
  rawPagesOf,
  type FileReading,
  type FileToImport,
  type ImportContext,
  type LedgerDate,
  type RawPage,
  type Source,
  type SourceImports,
} from '@bilag/core';
import { type Law, type LawResult, mustEqual, mustHold } from '../../law.ts';
import { proveLaw, type ClosableWorld } from '../../run-laws.ts';

/** A source that imports files, and what the laws need to try it. */
export interface ImportSubject<Config = unknown> {
  readonly source: Source<Config>;
  /** What sets this subject apart from others of the same source. */
  readonly variant?: string;
  readonly config: Config;
  /** A file of each kind that it reads. */
  readonly samples: readonly ImportSample[];
}

/** A file that is tried. */
export interface ImportSample {
  /** What the source calls its kind. */
  readonly kind: string;
  readonly content: Uint8Array;
  /** ISO 4217 of its ledgers. */
  readonly currency: string;
  /** The same file with a sum that its rows do not come to; absent where the kind has no sums. */
  readonly wrongSum?: Uint8Array;
  /** Texts about customers that stand in it. */
  readonly personal: readonly string[];
}

interface TriedImport extends ClosableWorld {
  readonly imports: SourceImports<unknown>;
  readonly config: unknown;
  readonly samples: readonly ImportSample[];
}

type ImportLaw = Law<TriedImport, Source>;

/** Every law that a source keeps of the files it imports. */
export const importLaws: readonly ImportLaw[] = [
  {
    id: 'known-by-content',
    sentence: 'a file is known by its content, whatever its name, and what is no file of the provider is not',
    prove: eachSample(async ({ imports, config }, { kind, content }) => {
      for (const name of ['report', 'holiday.jpg'])
        mustEqual(
          imports.recognises({ name, bytes: content.subarray(0, 65_536) }, config),
          kind,
          `the kind of ${name}`,
        );
      mustHold(imports.kinds.includes(kind), `${kind} is not among the kinds that are told`);
      for (const [what, bytes] of strangers) {
        const seen = imports.recognises({ name: `report ${kind}`, bytes }, config);
        mustHold(seen === undefined, `${what} is taken for ${seen}`);
      }
    }),
  },
  {
    id: 'own-pages',
    sentence: 'a page names its ledger, its date and its currency, and a topic of files',
    prove: eachSample(async (tried, sample) => {
      for (const { ledgerId, topic, date, currency } of await readingsOf(tried, sample)) {
        mustHold(ledgerId !== '' && isPlainDate(date), `a page is of ledger "${ledgerId}" on ${date}`);
        mustHold(isFromFile({ topic }), `${topic} is a topic that the API could have`);
        mustEqual(currency, sample.currency, 'currency of a page');
      }
    }),
  },
  {
    id: 'any-pieces',
    sentence: 'a file gives the same pages in whatever pieces it is read, and each time',
    prove: eachSample(async (tried, sample) => {
      const whole = textOf(await readingsOf(tried, sample));
      for (const length of [1, 7, 1000])
        mustEqual(textOf(await readingsOf(tried, sample, { length })), whole, `pages read by ${length} bytes`);
    }),
  },
  {
    id: 'same-facts',
    sentence: 'pages of files give the same facts each time, in any order, and are not changed by it',
    prove: eachSample(async (tried, sample) => {
      const pages = pagesOf(await readingsOf(tried, sample));
      const before = bodiesOf(pages);
      const dates = await datesOf(tried, sample, pages);
      mustHold(
        dates.some(({ entries }) => entries.length > 0),
        'the sample has no entry: nothing is tried',
      );
      mustEqual(await datesOf(tried, sample, pages), dates, 'facts read twice');
      mustEqual(bodiesOf(pages), before, 'the pages after reading');
      const turned = [...Map.groupBy(pages, keyOf).values()].flatMap((own) => own.toReversed());
      mustEqual(await datesOf(tried, sample, turned), dates, 'facts of pages in reverse');
    }),
  },
  {
    id: 'cut-short',
    sentence: 'a file that ends too early is refused, or leaves a date open or in doubt',
    prove: eachSample(async (tried, sample) => {
      for (const part of [0.5, 0.9]) {
        const content = sample.content.subarray(0, Math.floor(sample.content.length * part));
        const dates = await datesOrRefusal(tried, { ...sample, content });
        const isSafe = dates === undefined || dates.some((date) => !isClosed(date) || hasError(date));
        mustHold(isSafe, `${Math.round(part * 100)} % of ${sample.kind} is taken for all of it`);
      }
    }),
  },
  {
    id: 'sums-are-claims',
    sentence: 'a sum that the rows do not come to is an error of its date, and one that they come to is none',
    prove: eachSample(async (tried, sample) => {
      const dates = await datesOf(tried, sample, pagesOf(await readingsOf(tried, sample)));
      mustHold(!dates.some(hasError), `${sample.kind} is sound, and has an error`);
      if (sample.wrongSum === undefined) return;
      const wrong = await datesOrRefusal(tried, { ...sample, content: sample.wrongSum });
      mustHold(wrong === undefined || wrong.some(hasError), `a wrong sum in ${sample.kind} is believed`);
    }),
  },
  {
    id: 'no-personal-data',
    sentence: 'nothing about customers is in a page, a fact or a finding; where it is asked for, it stands apart',
    prove: eachSample(async (tried, sample) => {
      for (const personalData of [false, true]) {
        const readings = await readingsOf(tried, sample, { personalData });
        const seen = textOf(readings) + JSON.stringify(await datesOf(tried, sample, pagesOf(readings)));
        const found = sample.personal.find((text) => seen.includes(text));
        mustHold(found === undefined, `what a customer is called can be read in a page or a fact of ${sample.kind}`);
        const apart = JSON.stringify(readings.flatMap(({ personal = [] }) => personal));
        const isThere = sample.personal.every((text) => apart.includes(text));
        mustHold(
          sample.personal.length === 0 || isThere === personalData,
          `personal data of ${sample.kind}: ${apart.length} letters`,
        );
      }
    }),
  },
];

/** Proves one law of a source that imports files. */
export async function proveImportLaw<Config>(law: ImportLaw, subject: ImportSubject<Config>): Promise<LawResult> {
  const { source, config, samples } = subject as unknown as ImportSubject;
  const { imports } = source;
  if (imports === undefined) throw new TypeError('these laws try sources that import files');
  return proveLaw(law, source, async () => ({ imports, config, samples, close: async () => undefined }));
}

function eachSample(prove: (tried: TriedImport, sample: ImportSample) => Promise<void>): ImportLaw['prove'] {
  return async (open) => {
    const tried = await open();
    mustHold(tried.samples.length > 0, 'there is no sample: nothing is tried');
    for (const sample of tried.samples) await prove(tried, sample);
  };
}

const strangers: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['an empty file', new Uint8Array()],
  ['a letter', new TextEncoder().encode('Dear Sirs,\nplease find enclosed\n')],
  ['another table', new TextEncoder().encode('Dato;Tekst;Beløp\n01.07.2026;Lunsj;-120,00\n')],
  ['another XML', new TextEncoder().encode('<?xml version="1.0"?><Invoice><Total>9</Total></Invoice>')],
  ['a PDF', new TextEncoder().encode('%PDF-1.7\n')],
];

interface Reading {
  /** Of the pieces, in bytes; default the whole file. */
  readonly length?: number;
  readonly personalData?: boolean;
}

async function readingsOf(
  { imports, config }: TriedImport,
  { content }: ImportSample,
  { length = content.length, personalData = false }: Reading = {},
): Promise<readonly FileReading[]> {
  const file: FileToImport = {
    name: 'report',
    size: content.length,
    async *read() {
      for (let start = 0; start < content.length; start += length) yield content.subarray(start, start + length);
    },
  };
  const context: ImportContext = { ledgers: [], personalData, signal: new AbortController().signal };
  return Array.fromAsync(imports.pagesOf(file, config, context));
}

/** The parts of a date put together as one that imports them does. */
function pagesOf(readings: readonly FileReading[]): RawPage[] {
  return [...Map.groupBy(readings, (reading) => `${keyOf(reading)} ${reading.topic}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, parts]) => {
      const [first] = parts as [FileReading];
      const pages = parts.map(({ page }, sequence) => {
        return { sequence, body: page.body, request: `report ${page.where}`, receivedAt: '2026-07-08T10:00:00Z' };
      });
      return rawPagesOf({ ...first, closed: parts.at(-1)?.closed ?? false, pages });
    });
}

async function datesOf(
  { imports, config }: TriedImport,
  { currency }: ImportSample,
  pages: readonly RawPage[],
): Promise<LedgerDate[]> {
  const byLedger = Map.groupBy(pages, ({ ledgerId }) => ledgerId);
  const dates: LedgerDate[] = [];
  for (const own of byLedger.values()) dates.push(...(await Array.fromAsync(imports.dates(own, { currency }, config))));
  return dates;
}

/** Undefined where the file was refused. */
async function datesOrRefusal(tried: TriedImport, sample: ImportSample): Promise<LedgerDate[] | undefined> {
  try {
    return await datesOf(tried, sample, pagesOf(await readingsOf(tried, sample)));
  } catch (error) {
    if (isBilagError(error) && error.kind === 'rejected') return undefined;
    throw error;
  }
}

function hasError({ findings = [] }: LedgerDate): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function keyOf({ ledgerId, date }: Pick<RawPage, 'ledgerId' | 'date'>): string {
  return `${ledgerId} ${date}`;
}

function bodiesOf(pages: readonly RawPage[]): string[] {
  return pages.map(({ body }) => Buffer.from(body).toString('base64'));
}

function textOf(readings: readonly FileReading[]): string {
  return JSON.stringify(
    readings.map(({ page, personal: _personal, ...reading }) => [
      reading,
      page.where,
      new TextDecoder().decode(page.body),
    ]),
  );
}
