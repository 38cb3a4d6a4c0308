import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBilagError, type Finding, type Voucher } from '@bilag/core';
import { safT } from '@bilag/saf-t';
import { book, config, createdAt, equity, line, renderAll, sale, textOf, voucher } from './books.ts';
import { randomBook } from './random-books.ts';

const days = ['2025-01-15', '2025-02-15', '2025-03-15'];

function vouchersOf(change: Partial<Record<string, Partial<Voucher> | 'absent'>> = {}): readonly Voucher[] {
  return days.flatMap((day) => {
    const changed = change[day];
    return changed === 'absent' ? [] : [voucher(day, [line('1579', 500), sale(500)], changed)];
  });
}

/** A book whose second reading gives other vouchers. */
function changing(second: readonly Voucher[], first: readonly Voucher[] = vouchersOf()): ReturnType<typeof book> {
  let readings = 0;
  return book(() => {
    readings += 1;
    return readings === 1 ? first : second;
  });
}

describe.each(['none', 'period'] as const)(
  'a book that does not repeat itself is not delivered (split: %s)',
  (split) => {
    const settings = config({ grouping: { accounts: equity }, split });

    test.each([
      ['another text', vouchersOf({ '2025-02-15': { description: 'Noe annet' } })],
      [
        'another order of the lines',
        [...vouchersOf().slice(0, 2), voucher('2025-03-15', [sale(500), line('1579', 500)])],
      ],
      ['another amount', [...vouchersOf().slice(0, 2), voucher('2025-03-15', [line('1579', 501), sale(501)])]],
      ['a voucher less', vouchersOf({ '2025-03-15': 'absent' })],
      ['a voucher less at the start', vouchersOf({ '2025-01-15': 'absent' })],
      ['a voucher more', [...vouchersOf(), voucher('2025-03-16', [line('1579', 500), sale(500)])]],
      ['a voucher in a new period', [...vouchersOf(), voucher('2025-04-16', [line('1579', 500), sale(500)])]],
      ['a voucher in a new series', vouchersOf({ '2025-02-15': { series: 'NEW' } })],
      ['nothing', []],
    ])('%s', async (_, second) => {
      await expect(renderAll(changing(second), settings)).rejects.toMatchObject({ kind: 'conflict' });
    });

    test('one that does repeat itself is', async () => {
      expect(await renderAll(changing(vouchersOf()), settings)).toHaveLength(split === 'none' ? 1 : 4);
    });

    test('also when it does not come in order', async () => {
      const unordered = vouchersOf().toReversed();
      expect(await renderAll(changing(unordered, unordered), settings)).toHaveLength(split === 'none' ? 1 : 4);
      const other = [...unordered.slice(1), ...vouchersOf({ '2025-01-15': 'absent', '2025-02-15': 'absent' })];
      const changed = other.map((one) => voucher(one.date, one.lines, { description: 'Noe annet' }));
      await expect(renderAll(changing(changed, unordered), settings)).rejects.toMatchObject({ kind: 'conflict' });
    });
  },
);

describe('a book that keeps its vouchers is not held against its first reading', () => {
  const settings = config({ grouping: { accounts: equity } });
  const unheard = { onFindings: (): void => undefined };

  test('and gives the same files, byte for byte', async () => {
    const overrides = fc.constantFrom({}, { split: 'period' as const }, { maxBytes: 30_000 });
    const run = fc.asyncProperty(
      overrides.chain((one) => randomBook(2025, one)),
      async ({ book: content, settings: any }) => {
        const kept = { ...content, keepsVouchers: true };
        expect(await renderAll(kept, any, unheard)).toEqual(await renderAll(content, any, unheard));
      },
    );
    await fc.assert(run, { numRuns: 60 });
  });

  test.each([
    ['another amount', [...vouchersOf().slice(0, 2), voucher('2025-03-15', [line('1579', 501), sale(501)])]],
    ['another account', [...vouchersOf().slice(0, 2), voucher('2025-03-15', [line('7770', 500), sale(500)])]],
    ['one that does not balance', [...vouchersOf().slice(0, 2), { ...vouchersOf()[2], lines: [line('1579', 500)] }]],
    ['one twice', [...vouchersOf().slice(0, 2), ...vouchersOf().slice(0, 1)]],
    ['one less', vouchersOf().slice(1)],
    ['one more', [...vouchersOf(), voucher('2025-03-16', [line('1579', 500), sale(500)])]],
    ['one in a new period', [...vouchersOf(), voucher('2025-04-16', [line('1579', 500), sale(500)])]],
    ['one in a new series', vouchersOf({ '2025-02-15': { series: 'NEW' } })],
    ['none', []],
  ])('but what it pays is: it had %s', async (_, second) => {
    const found: Finding[] = [];
    const onFindings = (findings: readonly Finding[]): void => void found.push(...findings);
    const lying = { ...changing(second as readonly Voucher[]), keepsVouchers: true };
    const refused = await renderAll(lying, settings, { onFindings }).then(
      () => found.find(({ severity }) => severity === 'error')?.code ?? 'nothing',
      (error: unknown) => (isBilagError(error) ? error.kind : error),
    );
    expect(refused).toMatch(/^(SAFT-\d+|conflict)$/);
  });

  test('unless nobody hears what the check of the files finds', async () => {
    const other = vouchersOf({ '2025-02-15': { description: 'Noe annet' } });
    const lying = { ...changing(other), keepsVouchers: true };
    await expect(renderAll(lying, settings)).rejects.toMatchObject({ kind: 'conflict' });
  });
});

test('also in a series that ends before the last part of its period', async () => {
  const many = (text: string): Voucher[] => [
    voucher('2025-01-01', [line('1579', 500), sale(500)], { series: 'EARLY', description: text }),
    ...Array.from({ length: 20 }, (_, index) =>
      voucher('2025-01-02', [line('1579', 500), sale(500)], { key: `K-${index}` }),
    ),
  ];
  const settings = config({ grouping: { accounts: equity }, split: 'period', maxBytes: 14_000 });
  const files = await renderAll(book(many('Salg')), settings);
  expect(files.filter(({ text }) => text.includes('<Transaction>')).length).toBeGreaterThan(2);
  expect(files.filter(({ text }) => text.includes('EARLY'))).toHaveLength(1);
  await expect(renderAll(changing(many('Noe annet'), many('Salg')), settings)).rejects.toMatchObject({
    kind: 'conflict',
  });
});

test('the book is read once for the totals and once for each series, and let go of when the reader stops', async () => {
  let open = 0;
  let readings = 0;
  const content = book(function* () {
    readings += 1;
    open += 1;
    try {
      yield voucher('2025-01-15', [line('1579', 500), sale(500)], { series: 'A' });
      yield voucher('2025-02-15', [line('1579', 500), sale(500)], { series: 'B' });
    } finally {
      open -= 1;
    }
  });
  const settings = config({ grouping: { accounts: equity }, split: 'period' });
  await renderAll(content, settings);
  expect({ readings, open }).toEqual({ readings: 3, open: 0 });

  let files = 0;
  for await (const file of safT.render(content, settings, { createdAt })) {
    files += 1;
    await textOf(file);
    if (files === 2) break;
  }
  expect(open).toBe(0);
});

test('content comes in chunks of 32 to 64 k characters', async () => {
  const lines = Array.from({ length: 300 }, () => [line('1579', 500), sale(500)]).flat();
  const large = book([1, 2, 3].map((day) => voucher(`2025-01-0${day}`, lines)));
  const sizes: number[] = [];
  for await (const file of safT.render(large, config({ grouping: { accounts: equity } }), { createdAt })) {
    for await (const chunk of file.content) sizes.push(chunk.length);
  }
  expect(sizes.length).toBeGreaterThan(10);
  for (const size of sizes.slice(0, -1)) {
    expect(size).toBeGreaterThanOrEqual(32 * 1024);
    expect(size).toBeLessThanOrEqual(64 * 1024);
  }
});
