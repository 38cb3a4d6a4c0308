import type { SourceSubject } from '@bilag/conformance';
import { proveSourceLaw, sourceLaws } from '../src/laws/source/source-laws.ts';
import {
  BilagError,
  configObject,
  defineSource,
  plainDate,
  type Finding,
  type LedgerDate,
  type PlainDate,
  type RawPage,
  type Source,
  type SourceContext,
} from '@bilag/core';
import { describe, expect, test } from 'vitest';

/** What a careless source of a till does otherwise. */
interface Mistakes {
  readonly asksAtConnect?: boolean;
  readonly topic?: string;
  readonly closesAlways?: boolean;
  readonly saysMoreLive?: boolean;
  readonly remembersDates?: boolean;
  readonly changesPages?: boolean;
  readonly takesAnyOrder?: boolean;
  readonly missesNothing?: boolean;
  readonly tellsKey?: boolean;
}

const dates = { closed: [plainDate('2026-07-01'), plainDate('2026-07-02')], open: plainDate('2026-07-03') };

/** The pages that the till gives for a date: three with sales, or one without. */
function pagesOf(date: PlainDate): readonly string[] {
  const closed = date !== dates.open;
  const sales = date === '2026-07-02' ? [[]] : [[100, 200], [300], [400]];
  return sales.map((of, index) => `${JSON.stringify({ sales: of, closed, isLast: index === sales.length - 1 })}\n`);
}

/** A small source of a till in memory, with one mistake or none. */
function till(mistakes: Mistakes, onRequest: () => void): Source {
  const ledgerDate = (pages: readonly RawPage[]): LedgerDate => {
    const ordered = mistakes.takesAnyOrder === true ? pages : pages.toSorted((a, b) => a.sequence - b.sequence);
    const read = ordered.map(
      ({ body }) => JSON.parse(new TextDecoder().decode(body)) as { sales: number[]; closed: boolean; isLast: boolean },
    );
    const sequences = ordered.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
    const hasAll = mistakes.missesNothing === true || sequences.every((sequence, index) => sequence === index);
    const isWhole = hasAll && read.some(({ isLast }) => isLast);
    const isClosed = mistakes.closesAlways === true || read.every(({ closed }) => closed);
    const [{ ledgerId, date }] = pages as readonly [RawPage];
    // What was sold stands in findings: the laws ask for no entry of any kind.
    const findings = read.flatMap(({ sales }) => sales.map((amount) => said(`sold for ${amount}`)));
    const accounts = { funds: { closed: isWhole && isClosed } };
    return { ledgerId, date, currency: 'NOK', profile, accounts, entries: [], findings };
  };
  const profile = { provider: 'The till', series: 'TILL' };
  return defineSource<unknown>({
    contract: 1,
    kind: 'source',
    id: 'till',
    title: 'The till at the door',
    config: configObject({}),
    profile,
    api: {
      scope: () => ({
        topics: ['day'],
        fees: 'not-read',
        keysSee: 'own',
        keys: 'the key of the till',
        credentials: 'env:TILL',
        connection: '',
        noAccess: 'ask for the key',
      }),
      connect: async (_config, { credentials }) => {
        if (mistakes.asksAtConnect === true) onRequest();
        return {
          async *ledgers() {
            onRequest();
            const { key = '' } = await credentials.get('env:TILL');
            if (key !== 'key-that-opens-the-till')
              throw refused(mistakes.tellsKey === true ? `the key ${key}` : 'the key');
            yield { id: 'door', currency: 'NOK', owner: null, handles: [], names: [], details: {} };
          },
          read: async ({ ledgerId, date }) => {
            onRequest();
            const closed = mistakes.closesAlways === true || date !== dates.open;
            const pages = pagesOf(date).map((body, sequence) => {
              return {
                sequence,
                body: new TextEncoder().encode(body),
                request: `GET /days/${date}`,
                receivedAt: '2026-07-03T10:00:00Z',
              };
            });
            const topic = mistakes.topic ?? 'day';
            const read = ledgerDate(pages.map((page) => ({ ...page, ledgerId, topic, date, closed })));
            const more = mistakes.saysMoreLive === true ? [said('seen on the way')] : [];
            return {
              readings: [{ ledgerId, topic, date, closed, pages }],
              read: { ...read, findings: [...(read.findings ?? []), ...more] },
            };
          },
          close: async () => undefined,
        };
      },
      async *dates(pages) {
        const all = await Array.fromAsync(pages);
        for (const [index, own] of [...Map.groupBy(all, ({ date }) => date).values()].entries()) {
          const date = ledgerDate(own);
          const isLater = mistakes.remembersDates === true && index > 0;
          yield isLater ? { ...date, findings: [...(date.findings ?? []), said('not the first')] } : date;
          // A blank in place of the last line break: read again it is the same.
          if (mistakes.changesPages === true) for (const { body } of own) body[body.length - 1] = 0x20;
        }
      },
      datesVersion: '1',
    },
  });
}

function said(message: string): Finding {
  return { code: 'till', severity: 'info', message, where: 'the till', action: 'nothing' };
}

function refused(what: string): BilagError {
  return new BilagError('unauthorised', { what: `${what} was refused`, where: 'the till', action: 'ask for another' });
}

function contextOf(key: string): SourceContext {
  const program = { name: 'laws', version: '1.0' };
  return { credentials: { get: async () => ({ key }) }, signal: new AbortController().signal, program };
}

function subjectWith(mistakes: Mistakes): SourceSubject {
  let requests = 0;
  return {
    source: till(mistakes, () => (requests += 1)),
    config: {},
    start: async () => {
      requests = 0;
      return {
        context: contextOf('key-that-opens-the-till'),
        refused: contextOf('key-of-another-till'),
        secrets: ['key-that-opens-the-till', 'key-of-another-till'],
        ledger: { id: 'door', currency: 'NOK' },
        ...dates,
        requests: () => requests,
        close: async () => undefined,
      };
    },
  };
}

async function broken(mistakes: Mistakes): Promise<readonly string[]> {
  const results = [];
  for (const law of sourceLaws) results.push(await proveSourceLaw(law, subjectWith(mistakes)));
  return results.flatMap(({ law, outcome }) => (outcome === 'broken' ? [law] : []));
}

const saboteurs: readonly (readonly [law: string, mistake: string, mistakes: Mistakes])[] = [
  ['nothing-at-connect', 'asks for its ledgers as it connects', { asksAtConnect: true }],
  ['own-dates', 'archives its pages under another topic', { topic: 'days' }],
  ['closed-and-open', 'takes a day for over before it is', { closesAlways: true }],
  ['replay', 'says something that stands in no page', { saysMoreLive: true }],
  ['dates-alone', 'says more of a date that it read others before', { remembersDates: true }],
  ['pure-reading', 'writes into the pages it reads', { changesPages: true }],
  ['page-order', 'takes pages in the order they come', { takesAnyOrder: true }],
  ['missing-page', 'takes the last page for all of them', { missesNothing: true }],
  ['no-secret', 'repeats the key that was refused', { tellsKey: true }],
];

describe('a careless source is caught by the law it breaks, and by no other', () => {
  test('one without a mistake keeps them all', async () => {
    expect(await broken({})).toEqual([]);
  });

  test.each(saboteurs)('%s: it %s', async (law, _mistake, mistakes) => {
    expect(await broken(mistakes)).toEqual([law]);
  });

  test('every law has a saboteur', () => {
    expect(saboteurs.map(([law]) => law)).toEqual(sourceLaws.map(({ id }) => id));
  });
});
