import { describe, expect, test } from 'vitest';
import type { LedgerDate, LedgerEntry } from '../src/index.ts';
import { booked, ledger, policy } from './ledger-text.ts';

const only = (dates: readonly LedgerDate[]): LedgerDate => dates[0] as LedgerDate;
const texts = async (date: LedgerDate): Promise<(string | undefined)[]> => {
  const [day] = await booked([date], policy());
  return (day?.vouchers[0]?.lines ?? []).filter((_, index) => index % 2 === 0).map((line) => line.text);
};

describe('the lines of a voucher', () => {
  const rows = `
    2026-03-02 funds capture     p1 api:1 10.00
    2026-03-02 funds refund      p2 api:1 -3.00
    2026-03-02 fees  capture-fee p1 api:1 -1.00
    2026-03-02 funds capture     p3 api:1 20.00
    2026-03-02 fees  capture-fee p3 api:1 -2.00
  `;

  test('stand in the order of the ledger, funds before fees, however the entries arrive', async () => {
    const date = only(ledger(rows, { fees: 'ledger' }));
    const inOrder = ['Salg p1', 'Refusjon p2', 'Salg p3', 'Gebyr p1', 'Gebyr p3'];
    expect(await texts(date)).toEqual(inOrder);
    expect(await texts({ ...date, entries: date.entries.toReversed() })).toEqual(inOrder);
  });

  test('have a sale before its fee where both have the same time, or none', async () => {
    const withheld = only(
      ledger(
        `
        2026-03-02 funds capture-fee p1 api:1 -1.00
        2026-03-02 funds capture     p1 api:1 10.00
        `,
        { balances: false },
      ),
    );
    for (const time of ['2026-03-02T12:00:00Z', null]) {
      const entries = withheld.entries.map((entry): LedgerEntry => ({ ...entry, time }));
      expect(await texts({ ...withheld, entries })).toEqual(['Salg p1', 'Gebyr p1']);
      expect(await texts({ ...withheld, entries: entries.toReversed() })).toEqual(['Salg p1', 'Gebyr p1']);
    }
  });

  test('have entries without a time first, and equals by their identity', async () => {
    const date = only(ledger(rows.replaceAll(/^.*fee.*$/gm, ''), { balances: false }));
    const [first, second, third] = date.entries as [LedgerEntry, LedgerEntry, LedgerEntry];
    const entries = [
      { ...first, time: null },
      { ...second, id: 'b' },
      { ...third, id: 'a', time: second.time },
    ];
    for (const order of [entries, entries.toReversed()]) {
      expect(await texts({ ...date, entries: order })).toEqual(['Salg p1', 'Salg p3', 'Refusjon p2']);
    }
  });
});

test('order lines are asked for once a date: of captures, refunds and disputed captures', async () => {
  const rows = `
    2026-03-02 funds capture                   p1 api:1  10.00
    2026-03-02 funds refund                    p2 api:1  -3.00
    2026-03-02 funds retained-disputed-capture p3 api:1  -2.00
    2026-03-02 funds returned-disputed-capture p3 api:1   2.00
    2026-03-02 funds payout-scheduled          302321-2000045 - -7.00
    2026-03-02 fees  capture-fee               p1 api:1  -1.00
    2026-03-03 funds capture                   p4 api:1  10.00
  `;
  const asked: string[][] = [];
  const orderLines = (entries: readonly LedgerEntry[]): Map<string, never> => {
    asked.push(entries.map(({ account, type }) => `${account} ${type}`));
    return new Map<string, never>();
  };
  await booked(ledger(rows, { fees: 'ledger' }), policy(), { orderLines });
  expect(asked).toEqual([
    ['funds capture', 'funds refund', 'funds retained-disputed-capture', 'funds returned-disputed-capture'],
    ['funds capture'],
  ]);
});
