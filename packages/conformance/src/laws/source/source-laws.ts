import { isClosed, rawPagesOf, type LedgerDate, type PlainDate, type RawPage, type ReadDate } from '@bilag/core';
import type { Source, SourceApi, SourceConnection, SourceContext } from '@bilag/core';
import { type Law, type LawResult, mustEqual, mustHold } from '../../law.ts';
import { proveLaw, type ClosableWorld } from '../../run-laws.ts';

/** A source with an API, and what the laws need to try it. */
export interface SourceSubject<Config = unknown> {
  readonly source: Source<Config>;
  /** What sets this subject apart from others of the same source. */
  readonly variant?: string;
  readonly config: Config;
  /** Starts a provider of its own for a law. */
  readonly start: () => Promise<SourceWorld>;
}

/** A provider that is tried: a simulator, and what it is known to hold. */
export interface SourceWorld extends ClosableWorld {
  /** With keys that open it. */
  readonly context: SourceContext;
  /** With keys that it refuses. */
  readonly refused: SourceContext;
  /** Texts that nobody may see: keys of both, tokens. */
  readonly secrets: readonly string[];
  readonly ledger: { readonly id: string; readonly currency: string };
  /** Dates that are closed, earliest first; one of them has a topic of several pages, another no entry. */
  readonly closed: readonly PlainDate[];
  /** A date that the provider still adds to. */
  readonly open: PlainDate;
  /** How many requests have arrived. */
  readonly requests: () => number;
}

/** A source that is tried in one provider. */
interface Tried extends SourceWorld {
  readonly api: SourceApi<unknown>;
  readonly config: unknown;
}

type SourceLaw = Law<Tried, Source>;

/** Every law a source with an API keeps. */
export const sourceLaws: readonly SourceLaw[] = [
  {
    id: 'nothing-at-connect',
    sentence: 'connecting sends nothing: no request is made before something is asked for',
    prove: async (open) => {
      const tried = await open();
      await (await tried.api.connect(tried.config, tried.context)).close();
      mustEqual(tried.requests(), 0, 'requests at connect');
    },
  },
  {
    id: 'own-dates',
    sentence: 'a reading is of the ledger, the date and the topics that were asked for',
    prove: async (open) => {
      const tried = await open();
      const topics = tried.api.scope(tried.config)?.topics ?? [];
      await connected(tried, async (connection) => {
        const listed = (await Array.fromAsync(connection.ledgers())).map(({ id }) => id);
        mustHold(listed.includes(tried.ledger.id), `the ledger is not among those listed: ${listed.join(', ')}`);
        for (const date of tried.closed) {
          const { readings, read } = await readDate(connection, tried, date);
          mustEqual([read.ledgerId, read.date], [tried.ledger.id, date], 'ledger and date of what was read');
          mustEqual(readings.map(({ topic }) => topic).toSorted(), topics.toSorted(), `topics of ${date}`);
          for (const reading of readings)
            mustEqual([reading.ledgerId, reading.date], [tried.ledger.id, date], `ledger and date of ${reading.topic}`);
        }
      });
    },
  },
  {
    id: 'closed-and-open',
    sentence: 'a date is closed when the provider says that nothing more can come, and not before',
    prove: async (open) => {
      const tried = await open();
      await connected(tried, async (connection) => {
        for (const date of tried.closed) {
          const { readings, read } = await readDate(connection, tried, date);
          mustHold(isClosed(read) && readings.every(({ closed }) => closed), `${date} is closed, and was read as open`);
        }
        const { read } = await readDate(connection, tried, tried.open);
        mustHold(!isClosed(read), `${tried.open} may still change, and was read as closed`);
      });
    },
  },
  {
    id: 'replay',
    sentence: 'raw pages read again, without a network, give what was read the first time',
    prove: async (open) => {
      const tried = await open();
      for (const { pages, read } of await readAll(tried)) mustEqual(await again(tried, pages), [read], `${read.date}`);
    },
  },
  {
    id: 'dates-alone',
    sentence: 'a date says the same whether it is read with the dates before it or without, where that is promised',
    excuse: ({ api }) => (api?.datesVersion === undefined ? 'it tells no version of its dates' : undefined),
    prove: async (open) => {
      const tried = await open();
      const all = await readAll(tried);
      const together = await again(
        tried,
        all.flatMap(({ pages }) => pages),
      );
      for (const [index, { pages, read }] of all.entries())
        mustEqual(await again(tried, pages), together.slice(index, index + 1), `${read.date} by itself`);
    },
  },
  {
    id: 'pure-reading',
    sentence: 'reading pages changes nothing, and gives the same each time',
    prove: async (open) => {
      const tried = await open();
      for (const { pages, read } of await readAll(tried)) {
        const before = pages.map(({ body }) => Buffer.from(body).toString('base64'));
        const first = await again(tried, pages);
        mustEqual(await again(tried, pages), first, `${read.date} read twice`);
        mustEqual(
          pages.map(({ body }) => Buffer.from(body).toString('base64')),
          before,
          `the pages of ${read.date}`,
        );
      }
    },
  },
  {
    id: 'page-order',
    sentence: 'the pages of a date give the same in any order',
    prove: async (open) => {
      const tried = await open();
      const all = await readAll(tried);
      mustHold(
        all.some(({ pages }) => severalOf(pages) !== undefined),
        'no topic has several pages: nothing is tried',
      );
      for (const { pages, read } of all)
        mustEqual(await again(tried, pages.toReversed()), await again(tried, pages), `${read.date} in reverse`);
    },
  },
  {
    id: 'missing-page',
    sentence: 'a date that lacks one of its pages is open, not a day with fewer sales',
    prove: async (open) => {
      const tried = await open();
      for (const { pages, read } of await readAll(tried)) {
        const several = severalOf(pages) ?? [];
        for (const missing of several) {
          const [left] = await again(
            tried,
            pages.filter((page) => page !== missing),
          );
          const place = `${read.date} without page ${missing.sequence} of ${missing.topic}`;
          mustHold(left === undefined || !isClosed(left), `${place} is closed`);
        }
      }
    },
  },
  {
    id: 'no-secret',
    sentence: 'no key stands in what is archived, or in an error',
    prove: async (open) => {
      const tried = await open();
      const seen: string[] = [];
      for (const { pages, read } of await readAll(tried))
        seen.push(
          JSON.stringify(read),
          ...pages.flatMap(({ request, body }) => [request, new TextDecoder().decode(body)]),
        );
      seen.push(...(await refusedTexts(tried)));
      for (const secret of tried.secrets) mustHold(!seen.some((text) => text.includes(secret)), 'a key can be read');
    },
  },
];

/** Proves one law of a source. */
export async function proveSourceLaw<Config>(law: SourceLaw, subject: SourceSubject<Config>): Promise<LawResult> {
  const { source, config, start } = subject as unknown as SourceSubject;
  const { api } = source;
  if (api === undefined) throw new TypeError('the laws try sources that have an API');
  return proveLaw(law, source, async () => ({ ...(await start()), api, config }));
}

async function connected(tried: Tried, work: (connection: SourceConnection) => Promise<void>): Promise<void> {
  const connection = await tried.api.connect(tried.config, tried.context);
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

async function readDate(
  connection: SourceConnection,
  { ledger, closed, config }: Tried,
  date: PlainDate,
): Promise<ReadDate> {
  const endedThrough = closed.at(-1) ?? date;
  return connection.read({ ledgerId: ledger.id, currency: ledger.currency, date, endedThrough }, config);
}

interface WholeDate {
  readonly pages: readonly RawPage[];
  readonly read: LedgerDate;
}

/** Every date that is known, as it was received. */
async function readAll(tried: Tried): Promise<readonly WholeDate[]> {
  const all: WholeDate[] = [];
  await connected(tried, async (connection) => {
    for (const date of [...tried.closed, tried.open]) {
      const { readings, read } = await readDate(connection, tried, date);
      const pages = readings.flatMap(rawPagesOf);
      if (pages.length > 0) all.push({ pages, read });
    }
  });
  return all;
}

async function again({ api, ledger, config }: Tried, pages: readonly RawPage[]): Promise<LedgerDate[]> {
  return Array.fromAsync(api.dates(pages, ledger, config));
}

/** The pages of a topic that has several. */
function severalOf(pages: readonly RawPage[]): readonly RawPage[] | undefined {
  return [...Map.groupBy(pages, ({ topic }) => topic).values()].find((own) => own.length > 1);
}

/** What a provider's refusal is told as. */
async function refusedTexts({ api, config, refused }: Tried): Promise<readonly string[]> {
  try {
    const connection = await api.connect(config, refused);
    try {
      await Array.fromAsync(connection.ledgers());
    } finally {
      await connection.close();
    }
  } catch (error) {
    return textsOf(error);
  }
  mustHold(false, 'keys that the provider refuses were taken');
  return [];
}

function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [
    error.message,
    error.stack ?? '',
    JSON.stringify(error),
    ...(error.cause === undefined ? [] : textsOf(error.cause)),
  ];
}
