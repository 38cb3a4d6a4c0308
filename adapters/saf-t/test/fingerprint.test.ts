import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount, linesOf, type ViewedLine, type Voucher } from '@bilag/core';
import { modelOf } from '../src/write/model.ts';
import { createTransactionWriter } from '../src/write/transaction-writer.ts';
import { addTo, Fingerprint, mostBytes } from '../src/write/fingerprint.ts';
import { createdAt } from './books.ts';
import { randomBook } from './random-books.ts';

interface Read {
  readonly voucher: Voucher;
  readonly lines: readonly ViewedLine[];
}

function fingerprintOf({ voucher, lines }: Read): Fingerprint {
  const fingerprint = new Fingerprint();
  addTo(fingerprint, voucher, lines);
  return fingerprint;
}

/** The same with one thing changed that shows in the file. */
function changed({ voucher, lines }: Read, which: number, at: number): Read {
  const place = at % lines.length;
  const change = (edit: (line: ViewedLine) => Partial<ViewedLine>): Read => ({
    voucher,
    lines: lines.map((line, index) => (index === place ? { ...line, ...edit(line) } : line)),
  });
  const changes = [
    () => change(({ amount: value }) => ({ amount: amount(value + 1) })),
    () => change(({ amount: value }) => ({ amount: amount(-value) })),
    () => change(({ account }) => ({ account: `${account}0` })),
    () => change(({ text }) => ({ text: `${text}!` })),
    () => change(({ reference = '' }) => ({ reference: `${reference}1` })),
    () => change(({ party }) => ({ party: { kind: 'customer', id: `${party?.id ?? ''}1` } })),
    () => change(({ dimensions }) => ({ dimensions: { ...dimensions, project: 'other' } })),
    () => ({ voucher: { ...voucher, description: `${voucher.description} ` }, lines }),
    () => ({ voucher: { ...voucher, revision: voucher.revision + 1 }, lines }),
    () => ({ voucher: { ...voucher, date: '2025-12-31' as Voucher['date'] }, lines }),
    () => ({ voucher, lines: lines.slice(1) }),
    () => ({ voucher, lines: lines.toReversed() }),
  ];
  return (changes[which % changes.length] as () => Read)();
}

describe('the fingerprint of a voucher', () => {
  test('is the same for the same, and another for anything that shows in the file', async () => {
    const run = fc.asyncProperty(randomBook(2025), fc.nat(), fc.nat(), async ({ book }, which, at) => {
      for await (const voucher of book.vouchers()) {
        const read = { voucher, lines: linesOf(voucher, 'explicit') };
        const other = changed(read, which, at);
        const isSame = JSON.stringify(other) === JSON.stringify(read);
        expect(fingerprintOf(structuredClone(read)).isLike(fingerprintOf(read))).toBe(true);
        expect(fingerprintOf(other).isLike(fingerprintOf(read))).toBe(isSame);
      }
    });
    await fc.assert(run, { numRuns: 200 });
  });

  test('tells numbers apart as far as they are exact, and where a text ends', () => {
    const numbers = [
      0,
      1,
      -1,
      2 ** 31,
      -(2 ** 31),
      2 ** 32,
      2 ** 32 + 1,
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
    ];
    const fingerprints = numbers.map((number) => {
      const fingerprint = new Fingerprint();
      fingerprint.addNumber(number);
      return fingerprint;
    });
    for (const one of fingerprints) expect(fingerprints.filter((other) => other.isLike(one))).toHaveLength(1);
    const [first, second] = [new Fingerprint(), new Fingerprint()];
    for (const text of ['ab', 'c']) first.addText(text);
    for (const text of ['a', 'bc']) second.addText(text);
    expect(first.isLike(second)).toBe(false);
  });

  test('comes with the most bytes the voucher can take, as do the lengths of its texts alone', async () => {
    const run = fc.asyncProperty(randomBook(2025), fc.string({ unit: 'binary', maxLength: 400 }), async (one, text) => {
      const { book, settings } = one;
      const writer = createTransactionWriter(modelOf(book, settings, createdAt));
      for await (const voucher of book.vouchers()) {
        const described = { ...voucher, description: text };
        const lines = linesOf(voucher, 'explicit').map((line, index) => (index % 2 === 0 ? line : { ...line, text }));
        const written = [...writer.pieces(described, lines)].join('');
        const most = addTo(new Fingerprint(), described, lines);
        expect(most).toBeGreaterThanOrEqual(Buffer.byteLength(written));
        expect(addTo(mostBytes, described, lines)).toBeGreaterThanOrEqual(most);
      }
    });
    await fc.assert(run, { numRuns: 200 });
  });
});
