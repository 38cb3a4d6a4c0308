// oxlint-disable vitest/no-standalone-expect -- what testWithShared and testWithTool return is a test
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount, formatAmount, linesOf, type Amount } from '@bilag/core';
import { renderAll, type Rendered } from './books.ts';
import { randomBook } from './random-books.ts';
import { findingsIn, findingsInSet, schemaErrors, testWithSchemas } from './schemas.ts';

/** Rows in one run of xmllint, since starting it takes longer than checking. */
async function sampleOf(arbitrary: ReturnType<typeof randomBook>, count: number): Promise<readonly Rendered[][]> {
  const sets = fc.sample(arbitrary, { numRuns: count, seed: 20261121 });
  return Promise.all(sets.map(async ({ book, settings }) => [...(await renderAll(book, settings))]));
}

describe('any book', () => {
  testWithSchemas('is valid against the official schema, whole or split by period and size', async () => {
    const whole = await sampleOf(randomBook(2025), 40);
    const split = await sampleOf(randomBook(2025, { split: 'period', maxBytes: 30_000 }), 20);
    expect(schemaErrors('1.30', [...whole, ...split].flat())).toBe('');
    expect(schemaErrors('1.20', (await sampleOf(randomBook(2024), 20)).flat())).toBe('');
  });

  test('has no finding of the checker, and closes where its postings lead', async () => {
    await fc.assert(
      fc.asyncProperty(randomBook(2025), async ({ book, settings }) => {
        const [file] = await renderAll(book, settings);
        expect(await findingsIn(file!)).toEqual([]);
        for (const { number, opening } of book.accounts) {
          const lines = (await Array.fromAsync(book.vouchers())).flatMap((voucher) => linesOf(voucher, 'explicit'));
          const postings = lines.filter(({ account }) => account === number);
          const closing = postings.reduce((sum, line) => amount(sum + line.amount), opening as Amount);
          const side = closing < 0 ? 'Credit' : 'Debit';
          const balance = `<Closing${side}Balance>${formatAmount(amount(Math.abs(closing)))}<`;
          expect(accountIn(file!.text, number)).toContain(balance);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('split by period and size holds the same transactions, each once, in files no larger than asked', async () => {
    await fc.assert(
      fc.asyncProperty(randomBook(2025), async ({ book, settings }) => {
        const maxBytes = 30_000;
        const [whole] = await renderAll(book, settings);
        const files = await renderAll(book, { ...settings, split: 'period', maxBytes });
        expect(await findingsInSet(files)).toEqual([]);
        expect(files.flatMap(({ text }) => transactionsIn(text)).sort()).toEqual(transactionsIn(whole!.text).sort());
        for (const { text } of files) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      }),
      { numRuns: 60 },
    );
  });

  test('gives the same bytes again', async () => {
    await fc.assert(
      fc.asyncProperty(randomBook(2025), async ({ book, settings }) => {
        expect(await renderAll(book, settings)).toEqual(await renderAll(book, settings));
      }),
      { numRuns: 20 },
    );
  });
});

function accountIn(text: string, number: string): string {
  return text.split('<Account>').find((part) => part.includes(`<AccountID>${number}</AccountID>`)) ?? '';
}

function transactionsIn(text: string): string[] {
  return text.match(/<Transaction>[^]*?<\/Transaction>/g) ?? [];
}
