import { amount, ledgerEntry, plainDate, type LedgerEntry } from '@bilag/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MatchedOrder } from '../src/index.ts';
import type { Order } from '../src/orders/order.ts';
import { OrderMatching } from '../src/orders/order-matching.ts';

/** An entry of an order, whose payment the provider calls `psp-…`. */
function entry(
  type: string,
  reference: string | null,
  minorUnits: number,
  more: Partial<LedgerEntry> = {},
): LedgerEntry {
  return ledgerEntry({
    ledgerId: '302400',
    account: 'funds',
    ledgerDate: plainDate('2026-07-03'),
    type,
    amount: amount(minorUnits),
    currency: 'NOK',
    pspReference: reference === null ? null : `psp-${reference}`,
    reference,
    salesUnit: null,
    time: null,
    ...more,
  });
}

const later = { ledgerDate: plainDate('2026-07-04') };

function order(reference: string, minorUnits: number, refunded?: number): Order {
  const paid = { reference, amount: amount(minorUnits) };
  return refunded === undefined ? paid : { ...paid, refunded: amount(refunded) };
}

function matched(orders: readonly Order[], entries: readonly LedgerEntry[]): readonly MatchedOrder[] {
  using matching = new OrderMatching();
  for (const each of orders) matching.takeOrder(each);
  for (const each of entries) matching.takeEntry(each, true);
  return [...matching.matched()];
}

function outcomes(orders: readonly Order[], entries: readonly LedgerEntry[]): readonly string[] {
  return matched(orders, entries).map(({ outcome }) => outcome);
}

describe('an order agrees with the ledger', () => {
  test('when it was captured in parts, or stands in several rows', () => {
    const parts = [entry('capture', 'A', 6000), entry('capture', 'A', 4000, later)];
    expect(outcomes([order('A', 10_000)], parts)).toEqual(['matched']);
    expect(outcomes([order('A', 5000), order('A', 5000)], [entry('capture', 'A', 10_000)])).toEqual(['matched']);
  });

  test('when it was given away: nothing is paid for it', () => {
    expect(outcomes([order('A', 0)], [])).toEqual(['matched']);
  });

  test('by the provider’s own reference, where it has no other', () => {
    const number = entry('capture', null, 10_000, { pspReference: '5000000001' });
    expect(outcomes([order('5000000001', 10_000)], [number])).toEqual(['matched']);
    expect(outcomes([order('psp-A', 10_000)], [entry('capture', 'A', 10_000)])).toEqual(['matched']);
  });

  test('when the ledger tells a capture twice: it is one fact', () => {
    const capture = entry('capture', 'A', 10_000);
    expect(outcomes([order('A', 10_000)], [capture, capture])).toEqual(['matched']);
  });

  test('whatever else stands on the ledger with its reference: fees, disputes, payouts', () => {
    const others = ['capture-fee', 'dispute', 'payout-scheduled'].map((type) => entry(type, 'A', -500));
    const fee = entry('capture', 'A', 100, { account: 'fees' });
    expect(outcomes([order('A', 10_000)], [entry('capture', 'A', 10_000), ...others, fee])).toEqual(['matched']);
  });
});

describe('an order differs', () => {
  test('when its refund stands on one side alone, although its sale agrees', () => {
    const [found] = matched([order('A', 10_000)], [entry('capture', 'A', 10_000), entry('refund', 'A', -2500, later)]);
    expect(found).toMatchObject({
      outcome: 'amount-differs',
      orders: { paid: 10_000, refunded: 0 },
      provider: { paid: 10_000, refunded: 2500, firstDate: '2026-07-03', lastDate: '2026-07-04' },
    });
    expect(outcomes([order('A', 10_000, 2500)], [entry('capture', 'A', 10_000)])).toEqual(['amount-differs']);
  });

  test('when it was paid and paid back here, and never at the provider', () => {
    expect(outcomes([order('A', 10_000), order('A', -10_000)], [])).toEqual(['missing-at-provider']);
  });

  test('when the customer was charged twice, or paid back twice', () => {
    const twice = [entry('capture', 'A', 10_000), entry('capture', 'A', 10_000, later)];
    expect(outcomes([order('A', 10_000)], twice)).toEqual(['twice-at-provider']);
    const refunds = [entry('refund', 'A', -10_000), entry('refund', 'A', -10_000, later)];
    expect(outcomes([order('A', 20_000, 10_000)], [entry('capture', 'A', 20_000), ...refunds])).toEqual([
      'twice-at-provider',
    ]);
  });

  test('when it stands twice in the orders, and was charged once', () => {
    const doubled = [order('A', 10_000), order('A', 10_000)];
    expect(outcomes(doubled, [entry('capture', 'A', 10_000)])).toEqual(['twice-in-orders']);
  });

  test('when the ledger has a sale without any reference', () => {
    const [found] = matched([], [entry('capture', null, 10_000)]);
    expect(found).toMatchObject({ reference: null, outcome: 'missing-in-orders', provider: { count: 1 } });
  });
});

test('whatever is changed by an øre is found, and nothing else is', () => {
  const sales = fc.uniqueArray(
    fc.record({ reference: fc.string({ minLength: 1 }), paid: fc.integer({ min: 2, max: 1e12 }) }),
    {
      selector: ({ reference }) => reference.trim(),
      minLength: 1,
    },
  );
  fc.assert(
    fc.property(sales, fc.nat(), fc.constantFrom(-1, 0, 1), (all, chosen, change) => {
      const kept = all.filter(({ reference }) => reference.trim() !== '');
      fc.pre(kept.length > 0);
      const entries = kept.map(({ reference, paid }) => entry('capture', reference, paid));
      const at = chosen % kept.length;
      const orders = kept.map(({ reference, paid }, index) =>
        order(reference.trim(), paid + (index === at ? change : 0)),
      );
      const found = matched(orders, entries).filter(({ outcome }) => outcome !== 'matched');
      expect(found.map(({ reference }) => reference)).toEqual(change === 0 ? [] : [kept[at]?.reference.trim()]);
    }),
    { numRuns: 60 },
  );
});
