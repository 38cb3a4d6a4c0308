import { describe, expect, test } from 'vitest';
import {
  amount,
  isDeliverable,
  linesOf,
  plainDate,
  weaveFacts,
  type BankLine,
  type LedgerDate,
  type PolicyInput,
  type ProviderDocument,
} from '../src/index.ts';
import { booked, findings, journal, ledger, policy, text } from './ledger-text.ts';

const keys = (dates: Awaited<ReturnType<typeof booked>>): string[] =>
  dates.flatMap((date) => date.vouchers.map((voucher) => `${voucher.key} on ${voucher.date}`));

const week = `
  2026-09-28 funds capture          p1 api:1  10.00
  2026-09-29 funds capture          p2 api:1  20.00
  2026-09-30 funds capture          p3 api:1  30.00
  2026-10-01 funds capture          p4 api:1  40.00
  2026-10-02 funds payout-scheduled 302321-2000077 - -100.00
  2026-10-03 funds capture          p5 api:1   5.00
`;

describe('one voucher per payout', () => {
  test('is split at the end of the month: sales and VAT belong to the month they arose in', async () => {
    const dates = await booked(ledger(week), policy({ grouping: 'payout' }));
    expect(keys(dates)).toEqual(['302321-M202609 on 2026-09-30', '302321-P20261002 on 2026-10-02']);
    expect(dates.map((date) => date.vouchers.length)).toEqual([0, 0, 1, 0, 1, 0]);
    expect(dates.at(-1)?.findings).toMatchObject([{ code: 'awaits-payout', severity: 'info' }]);
    expect(dates[2]?.balances[0]?.funds).toEqual({ provider: 6000, books: 6000 });
    expect(dates[4]?.balances[0]?.funds).toEqual({ provider: 0, books: 0 });
  });

  test('is split at the end of the month also when its last day was quiet and not read', async () => {
    const quiet = week.replace(/^.*2026-09-30.*$/m, '').replace('-100.00', '-70.00');
    expect(keys(await booked(ledger(quiet), policy({ grouping: 'payout' })))).toEqual([
      '302321-M202609 on 2026-09-29',
      '302321-P20261002 on 2026-10-02',
    ]);
  });

  test('is the same whether its quiet dates were read or not', async () => {
    const days = ledger(week.replace(/^.*2026-09-(?:29|30).*$/gm, '').replace('-100.00', '-50.00'));
    const quiet = { ...(days[0] as LedgerDate), date: plainDate('2026-09-29'), entries: [] };
    const choices = policy({ grouping: 'payout' });
    const unread = (await booked(days, choices)).flatMap((date) => date.vouchers);
    expect(unread.map(({ key, date }) => `${key} on ${date}`)).toContain('302321-M202609 on 2026-09-28');
    expect((await booked(days.toSpliced(1, 0, quiet), choices)).flatMap((date) => date.vouchers)).toEqual(unread);
  });

  test('is a preview while one of its dates is open', async () => {
    const dates = await booked(ledger(week, { open: ['2026-10-01'] }), policy({ grouping: 'payout' }));
    expect(dates.map((date) => date.bookable)).toEqual([true, true, true, false, false, true]);
    expect(findings(dates)).toEqual(['warning payout-group-open']);
  });

  test('ends where the policy groups otherwise: nothing waits for ever', async () => {
    const from = (date: string, grouping: 'payout' | 'date') => ({ ...policy({ grouping }).versions[0]!, from: date });
    const choices = policy({}, { versions: [from('2020-01-01', 'payout'), from('2026-09-30', 'date')] });
    const dates = await booked(ledger(week), choices);
    expect(keys(dates).slice(0, 2)).toEqual(['302321-P20260929 on 2026-09-29', '302321-20260930 on 2026-09-30']);
    expect(dates.flatMap((date) => date.vouchers).flatMap((voucher) => voucher.facts).length).toBe(6);
    expect(dates[2]?.balances[0]?.funds).toEqual({ provider: 6000, books: 6000 });
  });

  test('what was found on an earlier date points at the voucher, and an error there stops it', async () => {
    const rows = `
      2026-09-28 funds mystery          p1 api:1  10.00
      2026-09-29 funds payout-scheduled 302321-2000077 - -10.00
    `;
    const [first, second] = ledger(rows) as [LedgerDate, LedgerDate];
    const clean = await booked([first, second], policy({ grouping: 'payout' }));
    expect(clean[1]?.findings).toMatchObject([{ code: 'unknown-entry-type', vouchers: ['302321-P20260929'] }]);
    expect(clean.map(isDeliverable)).toEqual([true, true]);
    const noticed = { code: 'x', severity: 'error', message: 'x', where: 'x', action: 'x' } as const;
    const blocked = await booked([{ ...first, findings: [noticed] }, second], policy({ grouping: 'payout' }));
    expect(blocked.map(isDeliverable)).toEqual([false, false]);
    expect(findings(blocked, 'error')).toEqual(['error x', 'error payout-group-blocked']);
  });

  test('an aborted payout that is scheduled again makes a new voucher', async () => {
    const rows = `
      2026-06-01 funds capture          x1 api:1 10.00
      2026-06-01 funds payout-scheduled 302321-2000501 - -10.00
      2026-06-03 funds payout-aborted   302321-2000501 -  10.00
      2026-06-03 funds payout-scheduled 302321-2000501 - -10.00
    `;
    expect(keys(await booked(ledger(rows), policy({ grouping: 'payout' })))).toEqual([
      '302321-P20260601 on 2026-06-01',
      '302321-P20260603 on 2026-06-03',
    ]);
  });
});

describe('one voucher per entry', () => {
  test('every entry has a key of its own that fits every target', async () => {
    const vouchers = (await booked(ledger(week), policy({ grouping: 'entry' }))).flatMap((date) => date.vouchers);
    expect(vouchers.length).toBe(6);
    expect(new Set(vouchers.map((voucher) => voucher.key)).size).toBe(6);
    for (const { key } of vouchers) expect(key).toMatch(/^302321-2026\d{4}\.E[A-Z0-9]{9}$/);
  });
});

describe('the shape a target declares', () => {
  const day = `
    2026-03-02 funds capture          p1 api:1 10.00
    2026-03-02 funds capture          p2 api:1 20.00
    2026-03-02 funds capture          p3 api:1 30.00
    2026-03-02 funds refund           p4 api:1 -5.00
    2026-03-02 funds payout-scheduled 302321-2000045 - -55.00
  `;

  test('splits by the most lines of a voucher; each part balances and has its own key', async () => {
    const shape = { documents: ['journal'], maxLines: 4 } as const;
    const dates = await booked(ledger(day), policy(), { shape });
    expect(keys(dates)).toEqual([
      '302321-20260302 on 2026-03-02',
      '302321-20260302.2 on 2026-03-02',
      '302321-20260302.3 on 2026-03-02',
    ]);
    expect(dates[0]?.vouchers.map((voucher) => [voucher.document, voucher.lines.length])).toEqual([
      ['journal', 4],
      ['journal', 4],
      ['journal', 2],
    ]);
    expect(findings(dates, 'info')).toEqual([]);
  });

  test('counts a summary by the lines it will have', async () => {
    const shape = { documents: ['journal'], maxLines: 4 } as const;
    const dates = await booked(ledger(day), policy({ lines: 'summary' }), { shape });
    // Three sales are two lines; the refund needs two more, and the payout another two.
    expect(dates[0]?.vouchers.map((voucher) => [voucher.key, voucher.lines.length])).toEqual([
      ['302321-20260302', 4],
      ['302321-20260302.2', 2],
    ]);
    expect(findings(dates, 'info')).toEqual([]);
  });

  test('tells sales from the rest, where the target does', async () => {
    const shape = { documents: ['sale', 'journal'], maxLines: 1000 } as const;
    const dates = await booked(ledger(day), policy({ lines: 'summary' }), { shape });
    expect(dates[0]?.vouchers.map(({ key, document }) => [key, document])).toEqual([
      ['302321-20260302.S', 'sale'],
      ['302321-20260302.J', 'journal'],
    ]);
    expect(journal(dates).split('\n').slice(0, 4).join('\n')).toBe(
      text(`
        2026-03-02 302321-20260302.S
          1579     60.00
          3000    -48.00 code 3
          2700    -12.00
      `),
    );
  });

  test('takes for a sale what is sold and taxed, and neither refunds nor what settles an invoice', async () => {
    const rows = `
      2026-03-02 funds capture p1 api:1 10.00
      2026-03-02 funds capture p2 api:1 20.00 INV-1
      2026-03-02 funds refund  p3 api:1 -5.00
      2026-03-02 funds payout-scheduled x - -25.00
    `;
    const shape = { documents: ['sale', 'journal'], maxLines: 1000 } as const;
    const invoices = { 'INV-1': { account: '1500', customer: '10042' } };
    const [date] = await booked(ledger(rows), policy({ invoices }), { shape });
    expect(date?.vouchers.map(({ document, lines }) => [document, ...new Set(lines.map((line) => line.text))])).toEqual(
      [
        ['sale', 'Salg p1'],
        ['journal', 'Salg p2', 'Refusjon p3', 'Utbetaling x'],
      ],
    );
  });

  test('an entry that can never fit is said', async () => {
    const shape = { documents: ['journal'], maxLines: 1 } as const;
    const dates = await booked(ledger(day), policy(), { shape });
    expect(findings(dates, 'info')).toEqual(['error too-many-lines']);
    expect(dates[0]?.vouchers.map((voucher) => voucher.key.slice(15))).toEqual(['', '.2', '.3', '.4', '.5']);
  });
});

describe('bank lines and documents', () => {
  const bankLine = (date: string, value: number): BankLine => ({
    id: `bank ${date}`,
    ledgerId: '302321',
    date: plainDate(date),
    amount: amount(value),
    currency: 'NOK',
    text: 'Utb. 2000045 Vippsnr 1',
    payoutReference: '302321-2000045',
  });
  const document = (kind: ProviderDocument['kind'], date: string, value: number): ProviderDocument => ({
    id: `document ${date}`,
    kind,
    ledgerId: '302321',
    date: plainDate(date),
    amount: amount(value),
    vatAmount: amount(0),
    currency: 'NOK',
    number: 'F-1',
  });
  const rows = '2026-12-31 funds payout-scheduled 302321-2000045 - -20.00';
  const opening = { openings: { funds: 2000 } };
  const whole = { openings: { '302321': { funds: 2000 } } };

  test('a payout is in transit over the year end until the statement has it', async () => {
    const woven = await Array.fromAsync(
      weaveFacts(ledger(rows, opening), { bankLines: [bankLine('2027-01-04', 2000)] }),
    );
    const dates = await booked(woven, policy({ payouts: 'in-transit' }, whole));
    expect(journal(dates).replaceAll(/\.B\w+/g, '.B…')).toBe(
      text(`
        2026-12-31 302321-20261231
          1579    -20.00
          1925     20.00
        2027-01-04 302321-20270104.B…
          1920     20.00
          1925    -20.00
      `),
    );
    expect(dates.map((date) => date.balances[0]?.inTransit)).toEqual([2000, 0]);
  });

  test('with direct payouts the statement adds nothing', async () => {
    const woven = await Array.fromAsync(
      weaveFacts(ledger(rows, opening), { bankLines: [bankLine('2026-12-31', 2000)] }),
    );
    const dates = await booked(woven, policy({}, whole));
    expect(dates.flatMap((date) => date.vouchers).length).toBe(1);
    expect(findings(dates, 'info')).toEqual(['info bank-line-not-booked']);
  });

  test('the same bank line twice is booked once', async () => {
    const line = bankLine('2026-12-31', 2000);
    const [date] = ledger(rows, opening);
    const twice = [{ ...(date as NonNullable<typeof date>), bankLines: [line, line] }];
    expect((await booked(twice, policy({ payouts: 'in-transit' }, whole)))[0]?.vouchers.length).toBe(2);
  });

  test.each([
    ['another date', { date: plainDate('2026-12-30') }],
    ['another ledger', { ledgerId: '302322' }],
    ['another currency', { currency: 'EUR' }],
  ])('a bank line of %s is not booked with this one, and said', async (_, more) => {
    const [date] = ledger(rows, opening) as [LedgerDate];
    const dates = await booked(
      [{ ...date, bankLines: [{ ...bankLine('2026-12-31', 2000), ...more }] }],
      policy({ payouts: 'in-transit' }, whole),
    );
    expect(dates[0]?.vouchers.length).toBe(1);
    expect(dates[0]?.findings).toMatchObject([
      { code: 'fact-misplaced', severity: 'error', facts: ['bank 2026-12-31'] },
    ]);
  });

  test('a bank line that comes after its date, or before the cut-over, is said', async () => {
    const late = await Array.fromAsync(weaveFacts([], { bankLines: [bankLine('2026-12-30', 2000)] }));
    const inTransit = { payouts: 'in-transit' } as const;
    const [, after] = await booked([...ledger(rows, opening), ...late], policy(inTransit, whole));
    expect(after?.findings).toMatchObject([{ code: 'dates-out-of-order', facts: ['bank 2026-12-30'] }]);
    const [before] = await booked(late, policy({ ...inTransit, from: '2026-12-31' }));
    expect(before?.findings).toMatchObject([{ code: 'before-cut-over', facts: ['bank 2026-12-30'] }]);
  });

  test.each([
    ['ledger', []],
    ['accrued', ['  2960     40.00', '  2400    -40.00']],
    [undefined, ['  2400    -40.00', '  7770     40.00']],
  ] as const)('a fee invoice when fees are read as %s', async (fees, lines) => {
    const woven = await Array.fromAsync(
      weaveFacts(ledger(rows, { ...opening, ...(fees === undefined ? {} : { fees }) }), {
        documents: [document('fee-invoice', '2027-01-05', 4000)],
      }),
    );
    const [, invoice] = await booked(woven, policy({}, whole));
    const [head = '', ...rest] = journal(invoice === undefined ? [] : [invoice]).split('\n');
    expect(rest).toEqual(lines);
    // A document is a voucher of its own, under a key of its own.
    expect(/^2027-01-05 302321-20270105\.D[A-Z0-9]{9}$/.test(head)).toBe(lines.length > 0);
  });

  test('facts without an amount are said, not posted', async () => {
    const woven = await Array.fromAsync(
      weaveFacts([], {
        bankLines: [bankLine('2027-01-05', 0)],
        documents: [document('fee-invoice', '2027-01-05', 0)],
      }),
    );
    const dates = await booked(woven, policy({ payouts: 'in-transit' }));
    expect(dates.flatMap((date) => date.vouchers)).toEqual([]);
    expect(findings(dates, 'info')).toEqual(['info zero-amount', 'info zero-amount']);
  });

  test('an invoice that the fees account books is not booked twice, and said', async () => {
    const woven = await Array.fromAsync(
      weaveFacts(ledger(rows, { ...opening, fees: 'ledger' }), {
        documents: [document('fee-invoice', '2026-12-31', 4000)],
      }),
    );
    expect(findings(await booked(woven, policy({}, whole)), 'info')).toEqual(['info invoice-in-fees']);
  });

  test('VAT on an invoice is said where the policy does not deduct it', async () => {
    const invoiced = async (vatAmount: number, choices = policy()): Promise<string[]> => {
      const documents = [{ ...document('fee-invoice', '2027-01-05', 4000), vatAmount: amount(vatAmount) }];
      return findings(await booked(await Array.fromAsync(weaveFacts([], { documents })), choices));
    };
    const vat = (rateBasisPoints: number, account: string | null): PolicyInput =>
      policy({ fees: { vat: { kind: 'contained', code: '1', rateBasisPoints, account } } });
    expect(await invoiced(0)).toEqual([]);
    expect(await invoiced(800)).toEqual(['warning invoice-vat-not-deducted']);
    expect(await invoiced(800, vat(0, null))).toEqual(['warning invoice-vat-not-deducted']);
    expect(await invoiced(800, vat(2500, '2710'))).toEqual([]);
    expect(await invoiced(0, vat(0, null))).toEqual([]);
  });

  test.each([
    ['by the rate', 10_000, 2000, { '7770': 8000, '2710': 2000 }],
    ['on a part of it', 10_000, 1600, { '7770': 8400, '2710': 1600 }],
    ['of 0.03, which is no rate of any country', 10_000, 3, { '7770': 9997, '2710': 3 }],
    ['none', 10_000, 0, { '7770': 10_000 }],
    ['on a credit note', -10_000, -1600, { '7770': -8400, '2710': -1600 }],
    ['more than the rate comes to', 10_000, 2001, undefined],
    ['with another sign', 10_000, -1, undefined],
  ] as const)('VAT of an invoice is booked as printed: %s', async (_, total, vatAmount, costs) => {
    const vat = { kind: 'contained', code: '1', rateBasisPoints: 2500, account: '2710' } as const;
    const documents = [{ ...document('fee-invoice', '2027-01-05', total), vatAmount: amount(vatAmount) }];
    const dates = await booked(await Array.fromAsync(weaveFacts([], { documents })), policy({ fees: { vat } }));
    const vouchers = dates.flatMap((date) => date.vouchers);
    expect(findings(dates)).toEqual(costs === undefined ? ['error invoice-vat-differs'] : []);
    const left: Record<string, number> = {};
    for (const line of vouchers.flatMap((voucher) => linesOf(voucher, 'explicit')))
      left[line.account] = (left[line.account] ?? 0) + line.amount;
    expect(left).toEqual(costs === undefined ? {} : { ...costs, '2400': -total });
  });

  test('an invoice is the cost where fees are booked when they are invoiced, however they are read', async () => {
    const woven = await Array.fromAsync(
      weaveFacts(ledger(rows, { ...opening, fees: 'accrued' }), {
        documents: [document('fee-invoice', '2027-01-05', 4000)],
      }),
    );
    const [, invoice] = await booked(woven, policy({ fees: { invoiced: 'on-invoice' } }, whole));
    const lines = (invoice?.vouchers[0]?.lines ?? []).map((line) => [line.account, line.amount]);
    expect(lines).toEqual([
      ['2400', -4000],
      ['7770', 4000],
    ]);
  });

  test('a paid claim on a negative balance', async () => {
    const woven = await Array.fromAsync(
      weaveFacts([], { documents: [document('top-up-invoice-paid', '2027-01-05', 50_000)] }),
    );
    const [head, ...lines] = journal(await booked(woven)).split('\n');
    expect(head).toMatch(/^2027-01-05 302321-20270105\.D[A-Z0-9]{9}$/);
    expect(lines).toEqual(['  2400    500.00', '  1920   -500.00']);
  });
});

describe('locked periods', () => {
  test('nothing is posted in one: the booking moves to the first open day, visibly', async () => {
    const dates = await booked(ledger(week), policy({}, { lockedThrough: '2026-09-29' }));
    expect(keys(dates).slice(0, 3)).toEqual([
      '302321-20260928 on 2026-09-30',
      '302321-20260929 on 2026-09-30',
      '302321-20260930 on 2026-09-30',
    ]);
    expect(dates[0]?.vouchers[0]).toMatchObject({
      ledgerDate: '2026-09-28',
      description: 'Betaling 302321, 2026-09-28 (flyttet fra låst periode 2026-09-28)',
    });
    expect(findings(dates)).toEqual(['warning moved-from-locked-period', 'warning moved-from-locked-period']);
    expect(dates[0]?.findings[0]?.vouchers).toEqual(['302321-20260928']);
  });
});

describe('policy versions', () => {
  test('each ledger date is booked by the version in force on it', async () => {
    const choices = {
      versions: [...policy().versions, ...policy({ from: '2026-10-01', sales: { sale: '15' } }).versions],
    };
    const codes = (await booked(ledger(week), choices)).map((date) => date.vouchers[0]?.lines[1]?.vat?.code);
    expect(codes).toEqual(['3', '3', '3', '31', undefined, '31']);
  });
});
