import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount, type Book, type Finding, type JournalLine } from '@bilag/core';
import { safT, type SafTConfig } from '@bilag/saf-t';
import { config, createdAt, line, renderAll, richBook, richConfig, voucher, year } from './books.ts';
import { randomBook } from './random-books.ts';
import { findingsInSet } from './schemas.ts';

/** What the renderer tells of its own files. */
async function toldWhileRendering(content: Book, settings: SafTConfig): Promise<readonly Finding[]> {
  let told: readonly Finding[] | undefined;
  const onFindings = (findings: readonly Finding[]): void => void (told = findings);
  for await (const file of safT.render(content, settings, { createdAt, onFindings })) {
    expect(told).toBeUndefined();
    await Array.fromAsync(file.content);
  }
  return told ?? [];
}

/** What the checker finds in them when it reads them; a transaction's line of the file apart. */
async function foundInFiles(content: Book, settings: SafTConfig): Promise<readonly Finding[]> {
  const findings = await findingsInSet(await renderAll(content, settings));
  return findings.map((finding) => ({ ...finding, where: finding.where.replace(/(Journal .*), line \d+/, '$1') }));
}

/** A sale whose VAT is not what its rate says, and one that is a few øre off. */
function strangeSale(gross: number, tax: number): JournalLine {
  const vat = { kind: 'contained', code: '3', account: '2700', rateBasisPoints: 2500 } as const;
  return line('3000', -gross, { vat: { ...vat, net: amount(tax - gross), amount: amount(-tax) } });
}

function withMore(content: Book, ...taxes: readonly number[]): Book {
  const more = taxes.map((tax, index) =>
    voucher('2025-12-30', [line('1579', 1000), strangeSale(1000, tax)], { key: `STRANGE-${index}` }),
  );
  return { ...content, vouchers: () => [...(content.vouchers() as readonly ReturnType<typeof voucher>[]), ...more] };
}

describe('what the renderer tells of its files is what the checker finds in them', () => {
  const rich = richBook({ period: year(2025) });
  const cases: readonly (readonly [string, Book, Parameters<typeof config>[0]])[] = [
    ['nothing in a clean book', rich, {}],
    ['nothing in a clean set', rich, { split: 'period' }],
    ['VAT without a registration', rich, { vatRegistered: false }],
    ['VAT that is not what its rate says', withMore(rich, 20, 198, 199, 202, 203, 400), {}],
    ['the same in a set that is cut by size', withMore(rich, 20, 400), { split: 'period', maxBytes: 14_000 }],
    ['more of it than is shown', withMore(rich, ...Array.from({ length: 40 }, (_, tax) => 300 + tax)), {}],
    [
      'openings that do not come to nothing, and parties that do not come to their accounts',
      {
        ...rich,
        accounts: rich.accounts.map((account) => ({ ...account, opening: amount(account.opening + 7) })),
      },
      {},
    ],
    [
      'groupings of no list',
      rich,
      { grouping: { accounts: { ...richConfig.grouping?.accounts, '1579': { category: 'annet', code: '1' } } } },
    ],
  ];

  test.each(cases)('%s', async (what, content, settings) => {
    const all = config({ ...richConfig, ...settings });
    const told = await toldWhileRendering(content, all);
    expect(told).toEqual(await foundInFiles(content, all));
    expect(told.length > 0).toBe(!what.startsWith('nothing'));
  });

  test.each([2024, 2025, 2027])('in any book of %i', async (ofYear) => {
    const overrides = fc.constantFrom({}, { split: 'period' as const }, { vatRegistered: false }, { maxBytes: 30_000 });
    const run = fc.asyncProperty(
      overrides.chain((one) => randomBook(ofYear, one)),
      async ({ book, settings }) => {
        expect(await toldWhileRendering(book, settings)).toEqual(await foundInFiles(book, settings));
      },
    );
    await fc.assert(run, { numRuns: 60 });
  });
});
