import { lawsOf, type ImportSubject } from '@bilag/conformance';
import { proveImportLaw, importLaws } from '../src/laws/source/import-laws.ts';
import {
  amount,
  BilagError,
  configObject,
  defineSource,
  fileTopic,
  ledgerEntry,
  plainDate,
  type FileReading,
  type Finding,
  type LedgerDate,
  type RawPage,
  type Source,
} from '@bilag/core';
import { describe, expect, test } from 'vitest';

/** What a careless source of a till's rolls does otherwise. */
interface Mistakes {
  readonly goesByName?: boolean;
  readonly topic?: string;
  readonly takesPiecesForLines?: boolean;
  readonly takesAnyOrder?: boolean;
  readonly takesAnyEnd?: boolean;
  readonly believesSums?: boolean;
  readonly keepsNames?: boolean;
}

const roll = 'TILL NOK\n2026-07-01 100 Ann\n2026-07-01 200 Bob\n2026-07-02 300 Eva\nSUM 600\nEND\n';

interface RollPage {
  readonly sale?: number;
  readonly name?: string;
  readonly sum?: number;
  readonly sold?: number;
}

/** A source of a till that writes its sales on a roll, with one mistake or none. */
function till(mistakes: Mistakes): Source {
  const profile = { provider: 'The till', series: 'TILL' };
  return defineSource<unknown>({
    contract: 1,
    kind: 'source',
    id: 'till',
    title: 'The till at the door',
    config: configObject({}),
    profile,
    imports: {
      kinds: ['roll of the till'],
      recognises: ({ name, bytes }) => {
        const isRoll = new TextDecoder().decode(bytes).startsWith('TILL ');
        return (mistakes.goesByName === true ? name.startsWith('report') : isRoll) ? 'roll of the till' : undefined;
      },
      async *pagesOf({ read }, _config, { personalData }) {
        const lines = await linesOf(read(), mistakes.takesPiecesForLines === true);
        let sold = 0;
        let last = plainDate('2026-07-01');
        for (const [index, line] of lines.entries()) {
          const [first = '', text = '', name = ''] = line.split(' ');
          if (/^\d/.test(first)) {
            last = plainDate(first);
            sold += Number(text);
            const page: RollPage = { sale: Number(text), ...(mistakes.keepsNames === true ? { name } : {}) };
            const personal = personalData ? [{ pspReference: `${index}`, name }] : [];
            yield { ...reading(page, last, index, mistakes), personal };
          }
          if (first === 'SUM') yield reading({ sum: Number(text), sold }, last, index, mistakes);
        }
        if (mistakes.takesAnyEnd !== true && lines.at(-1) !== 'END')
          throw new BilagError('rejected', { what: 'the roll is torn', where: 'the roll', action: 'find the rest' });
      },
      async *dates(pages) {
        const all = await Array.fromAsync(pages);
        for (const own of Map.groupBy(all, ({ date }) => date).values()) yield ledgerDate(own, mistakes);
      },
    },
  });

  function ledgerDate(pages: readonly RawPage[], { takesAnyOrder, believesSums }: Mistakes): LedgerDate {
    const [{ ledgerId, date }] = pages as readonly [RawPage];
    const ordered = takesAnyOrder === true ? pages : pages.toSorted((a, b) => a.sequence - b.sequence);
    const read = ordered.map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as RollPage);
    const entries = read.flatMap(({ sale }) => {
      const told = { pspReference: null, reference: null, salesUnit: null, time: null };
      const shared = { ledgerId, account: 'funds', ledgerDate: date, type: 'capture', currency: 'NOK' } as const;
      return sale === undefined ? [] : [ledgerEntry({ ...shared, ...told, amount: amount(sale) })];
    });
    const isWrong = read.some(({ sum, sold }) => sum !== sold) && believesSums !== true;
    const findings = isWrong ? [wrongSum] : [];
    return { ledgerId, date, currency: 'NOK', profile, accounts: { funds: { closed: true } }, entries, findings };
  }
}

const wrongSum: Finding = {
  code: 'sum',
  severity: 'error',
  message: 'it does not add up',
  where: 'the roll',
  action: 'count',
};

function reading(page: RollPage, date: RawPage['date'], index: number, { topic }: Mistakes): FileReading {
  return {
    ledgerId: 'door',
    topic: topic ?? `${fileTopic}roll`,
    date,
    closed: true,
    currency: 'NOK',
    handles: [],
    page: { body: new TextEncoder().encode(JSON.stringify(page)), where: `line ${index + 1}` },
  };
}

async function linesOf(pieces: AsyncIterable<Uint8Array>, arePieces: boolean): Promise<readonly string[]> {
  const texts = (await Array.fromAsync(pieces)).map((bytes) => new TextDecoder().decode(bytes));
  const lines = arePieces ? texts.flatMap((text) => text.split('\n')) : texts.join('').split('\n');
  return lines.filter((line) => line !== '');
}

function subjectWith(mistakes: Mistakes): ImportSubject {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const wrong = bytes(roll.replace('SUM 600', 'SUM 500'));
  const sample = { kind: 'roll of the till', content: bytes(roll), currency: 'NOK', wrongSum: wrong };
  return { source: till(mistakes), config: {}, samples: [{ ...sample, personal: ['Ann', 'Bob', 'Eva'] }] };
}

async function broken(mistakes: Mistakes): Promise<readonly string[]> {
  const results = [];
  for (const law of importLaws) results.push(await proveImportLaw(law, subjectWith(mistakes)));
  return results.flatMap(({ law, outcome }) => (outcome === 'broken' ? [law] : []));
}

const saboteurs: readonly (readonly [law: string, mistake: string, mistakes: Mistakes])[] = [
  ['known-by-content', 'goes by the name of a file', { goesByName: true }],
  ['own-pages', 'gives its pages a topic that the API has', { topic: 'funds' }],
  ['any-pieces', 'takes each piece that it reads for whole lines', { takesPiecesForLines: true }],
  ['same-facts', 'takes pages in the order they come', { takesAnyOrder: true }],
  ['cut-short', 'takes any end for the end', { takesAnyEnd: true }],
  ['sums-are-claims', 'believes the sum on the roll', { believesSums: true }],
  ['no-personal-data', 'keeps the names of customers in its pages', { keepsNames: true }],
];

describe('a source that is careless with files is caught by the law it breaks, and by no other', () => {
  test('one without a mistake keeps them all', async () => {
    expect(await broken({})).toEqual([]);
  });

  test.each(saboteurs)('%s: it %s', async (law, _mistake, mistakes) => {
    expect(await broken(mistakes)).toEqual([law]);
  });

  test('every law has a saboteur, and is proved for a source as for an adapter', () => {
    expect(saboteurs.map(([law]) => law)).toEqual(importLaws.map(({ id }) => id));
    expect(lawsOf(subjectWith({})).map(({ id }) => id)).toEqual(importLaws.map(({ id }) => id));
  });
});
