import { describe, expect, test } from 'vitest';
import { amount, firstBalances, ledgerEntry, plainDate, type LedgerAccount, type LedgerDate } from '../src/index.ts';

/** A date with entries by account, each from a balance to a balance; closed unless said otherwise. */
function dateOf(
  day: number,
  steps: { readonly [Name in LedgerAccount]?: readonly (readonly [before: number, after: number])[] },
  closed = true,
): LedgerDate {
  const date = plainDate(`2026-07-0${day}`);
  const entries = Object.entries(steps).flatMap(([account, pairs]) =>
    pairs.map(([before, after]) =>
      ledgerEntry({
        ledgerId: '302321',
        account: account as LedgerAccount,
        ledgerDate: date,
        type: 'capture',
        amount: amount(after - before),
        currency: 'NOK',
        pspReference: null,
        reference: null,
        salesUnit: null,
        time: null,
        balanceBefore: amount(before),
        balanceAfter: amount(after),
      }),
    ),
  );
  return { ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed }, fees: { closed } }, entries };
}

describe('the balances before the first entry', () => {
  test('are told by entries in any order, on whichever date each account first has one', async () => {
    const dates = [
      dateOf(1, {}),
      dateOf(2, {
        funds: [
          [150, 90],
          [100, 150],
        ],
      }),
      dateOf(3, { funds: [[90, 0]], fees: [[-7, -9]] }),
    ];
    expect(await firstBalances(dates)).toEqual({ funds: 100, fees: -7 });
  });

  test('are not taken from between the entries of a first date whose middle stands on the next', async () => {
    const dates = [
      dateOf(1, {
        funds: [
          [40, 60],
          [75, 80],
        ],
      }),
      dateOf(2, { funds: [[60, 75]] }),
    ];
    expect(await firstBalances(dates)).toEqual({ funds: 40 });
    expect(await firstBalances(dates.slice(0, 1))).toEqual({});
  });

  test('are not guessed from a date that ends where it began: the next one tells', async () => {
    const circle = dateOf(1, {
      funds: [
        [50, 90],
        [90, 50],
      ],
    });
    expect(await firstBalances([circle])).toEqual({});
    expect(await firstBalances([circle, dateOf(2, { funds: [[50, 70]] })])).toEqual({ funds: 50 });
  });

  test('are nothing where a ledger is paid out to zero on its first date, in whichever order its entries come', async () => {
    const entries = [
      [40, 90],
      [90, 0],
      [0, 40],
    ] as const;
    expect(await firstBalances([dateOf(1, { funds: entries, fees: [[0, -5]] })])).toEqual({ funds: 0, fees: 0 });
  });

  test('are not believed after an open date, and nothing further is read', async () => {
    const read: number[] = [];
    const dates = function* (): Generator<LedgerDate> {
      for (const date of [dateOf(1, {}, false), dateOf(2, { funds: [[50, 70]] })]) {
        read.push(Number(date.date.at(-1)));
        yield date;
      }
    };
    expect(await firstBalances(dates())).toEqual({});
    expect(read).toEqual([1]);
  });
});
