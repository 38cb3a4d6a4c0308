import { describe, expect, test } from 'vitest';
import { amount, plainDate, weaveFacts, type BankLine, type LedgerDate, type ProviderDocument } from '../src/index.ts';
import type { OtherFacts } from '../src/ledger/weave.ts';
import { withMonthEnds } from '../src/ledger/weave.ts';
import { ledger } from './ledger-text.ts';

const bankLine = (date: string, ledgerId = '302321', id = `bank ${date}`): BankLine => ({
  id,
  ledgerId,
  date: plainDate(date),
  amount: amount(2000),
  currency: 'NOK',
  text: null,
  payoutReference: null,
});

const invoice = (date: string): ProviderDocument => ({
  id: `invoice ${date}`,
  kind: 'fee-invoice',
  ledgerId: '302321',
  date: plainDate(date),
  amount: amount(100),
  vatAmount: amount(0),
  currency: 'NOK',
  number: null,
});

const rows = `
  2026-03-02 funds capture p1 api:1 10.00
  2026-03-04 funds capture p2 api:1 20.00
`;

/** `date: number of entries, bank lines and documents` of each date. */
async function woven(dates: readonly LedgerDate[], others: OtherFacts): Promise<string[]> {
  return (await Array.fromAsync(weaveFacts(dates, others))).map((date) => {
    const own = [...(date.bankLines ?? []), ...(date.documents ?? [])].map(({ id }) => id);
    return `${date.ledgerId} ${date.date}: ${[date.entries.length, ...own].join(', ')}`;
  });
}

describe('bank lines and invoices among the dates of their ledger', () => {
  test('come with the date they fall on, in between, before the first and after the last', async () => {
    const bankLines = ['2026-03-05', '2026-03-03', '2026-03-02', '2026-03-01', '2026-02-28'].map((day) =>
      bankLine(day),
    );
    expect(await woven(ledger(rows), { bankLines, documents: [invoice('2026-03-02'), invoice('2026-03-06')] })).toEqual(
      [
        '302321 2026-02-28: 0, bank 2026-02-28',
        '302321 2026-03-01: 0, bank 2026-03-01',
        '302321 2026-03-02: 1, bank 2026-03-02, invoice 2026-03-02',
        '302321 2026-03-03: 0, bank 2026-03-03',
        '302321 2026-03-04: 1',
        '302321 2026-03-05: 0, bank 2026-03-05',
        '302321 2026-03-06: 0, invoice 2026-03-06',
      ],
    );
  });

  test('join those that the date already has, and leave the other dates as they were', async () => {
    const [first, second] = ledger(rows) as [LedgerDate, LedgerDate];
    const given = {
      ...first,
      bankLines: [bankLine('2026-03-02', '302321', 'given')],
      documents: [invoice('2026-03-02')],
    };
    const others = { bankLines: [bankLine('2026-03-02')], documents: [{ ...invoice('2026-03-02'), id: 'another' }] };
    expect(await woven([given], others)).toEqual([
      '302321 2026-03-02: 1, given, bank 2026-03-02, invoice 2026-03-02, another',
    ]);
    expect(await Array.fromAsync(weaveFacts([first, second], {}))).toEqual([first, second]);
  });

  test('stay with their own ledger, also one without dates', async () => {
    const bankLines = [bankLine('2026-03-02', 'B'), bankLine('2026-03-02', 'C')];
    expect(await woven([...ledger(rows), ...ledger(rows, {}, 'B')], { bankLines })).toEqual([
      '302321 2026-03-02: 1',
      '302321 2026-03-04: 1',
      'B 2026-03-02: 1, bank 2026-03-02',
      'B 2026-03-04: 1',
      'C 2026-03-02: 0, bank 2026-03-02',
    ]);
  });

  test('bring a date that is read as its neighbour was: before the first as the first, later as the last before', async () => {
    const [first, second] = ledger(rows, { fees: 'accrued' }) as [LedgerDate, LedgerDate];
    const dates = [first, { ...second, accounts: { funds: { closed: true } } }];
    const bankLines = ['2026-03-01', '2026-03-03', '2026-03-05'].map((day) => bankLine(day));
    const added = (await Array.fromAsync(weaveFacts(dates, { bankLines }))).filter((date) => date.entries.length === 0);
    const funds = { closed: true };
    expect(added.map(({ accounts }) => accounts)).toStrictEqual([
      { funds, fees: { closed: true, accrued: true } },
      { funds, fees: { closed: true, accrued: true } },
      { funds },
    ]);
    expect(added.map(({ currency }) => currency)).toEqual(['NOK', 'NOK', 'NOK']);
    const [alone] = await Array.fromAsync(
      weaveFacts([], { bankLines: [{ ...bankLine('2026-03-01'), currency: 'DKK' }] }),
    );
    expect(alone).toMatchObject({ currency: 'DKK', accounts: { funds }, entries: [] });
    const fees = { closed: true };
    const [unread] = await Array.fromAsync(
      weaveFacts([{ ...first, accounts: { funds, fees } }], { bankLines: [bankLine('2026-03-01')] }),
    );
    expect(unread?.accounts).toStrictEqual({ funds, fees });
  });
});

describe('the end of a month that was left out', () => {
  const ends = async (written: string, through: string): Promise<string[]> =>
    (await Array.fromAsync(withMonthEnds(ledger(written), plainDate(through)))).map(({ date }) => date);

  test('is added as a quiet day, when the source is complete through it', async () => {
    expect(await ends(rows, '2026-03-31')).toEqual(['2026-03-02', '2026-03-04', '2026-03-31']);
    expect(await ends(rows, '2026-12-31')).toEqual(['2026-03-02', '2026-03-04', '2026-03-31']);
    expect(await ends(rows, '2026-03-30')).toEqual(['2026-03-02', '2026-03-04']);
    expect(await ends('2026-03-31 funds capture p1 api:1 1.00', '2026-03-31')).toEqual(['2026-03-31']);
  });

  test('is added to each ledger', async () => {
    const dates = [...ledger(rows), ...ledger(rows, {}, 'B')];
    const added = (await Array.fromAsync(withMonthEnds(dates, plainDate('2026-03-31')))).slice(4);
    expect(added.map(({ ledgerId, date, entries }) => [ledgerId, date, entries])).toEqual([
      ['302321', '2026-03-31', []],
      ['B', '2026-03-31', []],
    ]);
  });
});
