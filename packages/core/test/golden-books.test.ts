import { describe, expect, test } from 'vitest';
import { amount, book, definePolicy, gatherFindings, plainDate, type LedgerDate } from '../src/index.ts';
import { booked, findings, journal, ledger, policy, text } from './ledger-text.ts';

/* Golden pairs: what the provider's ledger says, beside the journal it becomes. */

describe('sales, refunds, fees and payouts', () => {
  const day = `
    2026-03-02 funds capture          3343121302 api:1  9.00
    2026-03-02 funds refund           2370000000 api:1 -6.00
    2026-03-02 funds fees-retained    302321-20260302 - -1.11
    2026-03-02 funds payout-scheduled 302321-2000045  - -1.89
  `;
  const fees = `
    2026-03-02 fees  capture-fee      3343121302 api:1 -1.11
    2026-03-02 fees  fees-retained    302321-20260302 -  1.11
  `;

  test('funds alone: the retained fee is the cost', async () => {
    expect(journal(await booked(ledger(day)))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579      9.00
          3000     -7.20 code 3
          2700     -1.80
          1579     -6.00
          3000      4.80 code 3
          2700      1.20
          1579     -1.11
          7770      1.11
          1579     -1.89
          1920      1.89
      `),
    );
  });

  test('funds and fees: the cost is the capture fee, and what is retained only settles it', async () => {
    const dates = await booked(
      ledger(day + fees, { fees: 'ledger' }),
      policy({ payouts: 'in-transit', lines: 'summary' }),
    );
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579      9.00
          3000     -7.20 code 3
          2700     -1.80
          1579     -6.00
          3000      4.80 code 3
          2700      1.20
          1579     -1.11
          2960      1.11
          1579     -1.89
          1925      1.89
          2960     -1.11
          7770      1.11
      `),
    );
    expect(dates[0]?.balances[0]).toEqual({
      ledgerId: '302321',
      funds: { provider: 0, books: 0 },
      fees: { provider: 0, books: 0 },
      inTransit: 189,
      preBooked: 0,
    });
    expect(findings(dates, 'info')).toEqual([]);
  });

  test('one line a day: VAT is computed of the day, gross is the same', async () => {
    const captures = Array.from({ length: 10 }, (_, n) => `2026-03-02 funds capture p${n} api:1 0.02`).join('\n');
    expect(journal(await booked(ledger(captures)))).not.toContain('2700');
    expect(journal(await booked(ledger(captures), policy({ lines: 'summary' })))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579      0.20
          3000     -0.16 code 3
          2700     -0.04
      `),
    );
  });

  test('fees that carry VAT, and fees under reverse charge', async () => {
    const fee = '2026-03-02 funds fees-retained f - -125.00';
    const contained = { kind: 'contained', code: '1', rateBasisPoints: 2500, account: '2710' } as const;
    expect(journal(await booked(ledger(fee), policy({ fees: { vat: contained } })))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579   -125.00
          7770    100.00 code 1
          2710     25.00
      `),
    );
    const reverse = {
      kind: 'reverse-charge',
      code: '86',
      rateBasisPoints: 2500,
      account: '2709',
      deductionAccount: '2719',
    } as const;
    expect(journal(await booked(ledger(fee), policy({ fees: { vat: reverse } })))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579   -125.00
          7770    125.00 code 86
          2719     31.25
          2709    -31.25
      `),
    );
  });
});

describe('what seldom happens', () => {
  test('every other type of the funds account', async () => {
    const rows = `
      2026-03-02 funds payout-aborted            302321-2000044 -  50.00
      2026-03-02 funds retained-disputed-capture z1 api:1         -10.00
      2026-03-02 funds returned-disputed-capture z1 api:1          10.00
      2026-03-02 funds correction                c1 -              -1.00
      2026-03-02 funds top-up                    t1 -               7.00
      2026-03-02 funds credit-note               n1 -              -2.00
      2026-03-02 funds market-bonus              m1 -               5.00
      2026-03-02 funds scheduled-for-payout      302321-2000045 - -59.00
    `;
    const dates = await booked(ledger(rows));
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579     50.00
          1920    -50.00
          1579    -10.00
          1578     10.00
          1579     10.00
          1578    -10.00
          1579     -1.00
          2999      1.00
          1579      7.00
          2400     -7.00
          1579     -2.00
          2400      2.00
          1579      5.00
          2999     -5.00
          1579    -59.00
          1920     59.00
      `),
    );
    expect(findings(dates, 'info')).toEqual([
      'warning payout-aborted',
      'info disputed-capture',
      'warning correction',
      'info top-up',
      'info credit-note',
      'warning unknown-entry-type',
    ]);
    const texts = dates[0]?.vouchers[0]?.lines.filter((_, index) => index % 2 === 0).map((line) => line.text);
    expect(texts).toEqual([
      'Avbrutt utbetaling 2000044',
      'Omtvistet betaling holdt tilbake z1',
      'Omtvistet betaling tilbakeført z1',
      'Korreksjon c1',
      'Innbetaling av negativ saldo t1',
      'Kreditnota n1',
      'Ukjent post m1',
      'Utbetaling 2000045',
    ]);
    expect(dates[0]?.findings.every((finding) => finding.vouchers?.[0] === '302321-20260302')).toBe(true);
  });

  test('every other type of the fees account', async () => {
    const rows = `
      2026-03-02 fees service-fee   s1 api:1 -99.00
      2026-03-02 fees correction    c1 api:1   1.00
      2026-03-02 fees credit-note   n1 -      -3.00
      2026-03-02 fees loyalty       l1 -       2.00
      2026-03-02 fees fees-invoiced i1 -      99.00
    `;
    const dates = await booked(
      ledger(rows, { fees: 'ledger' }),
      policy({ fees: { vat: { kind: 'contained', code: '0', rateBasisPoints: 0, account: null } } }),
    );
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          2960    -99.00
          7770     99.00 code 0
          2960      1.00
          7770     -1.00 code 0
          2960     -3.00
          2400      3.00
          2960      2.00
          2999     -2.00
          2960     99.00
          2400    -99.00
      `),
    );
    expect(dates[0]?.balances[0]?.fees).toEqual({ provider: 0, books: 0 });
    expect(dates[0]?.vouchers[0]?.lines.at(-1)?.text).toBe('Gebyr fakturert i1');
    expect(findings(dates, 'info')).toEqual([
      'warning fee-correction',
      'info credit-note',
      'warning unknown-entry-type',
    ]);
  });

  test('a fee that funds pay at once is the cost, with the dimensions of its unit', async () => {
    const rows = `
      2026-03-02 funds capture-fee p1 api:1 -1.00
      2026-03-02 funds service-fee s1 api:1 -2.00
      2026-03-02 funds service-fee s2 -     -3.00
    `;
    const salesUnits = { 'api:1': { dimensions: { department: '20' } } };
    const sales = { sale: '25', dimensions: { department: '10' } };
    const dates = await booked(ledger(rows), policy({ sales, salesUnits }));
    expect(journal(await booked(ledger(rows, { fees: 'ledger' }), policy({ sales, salesUnits })))).toBe(journal(dates));
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579     -1.00
          7770      1.00 20
          1579     -2.00
          7770      2.00 20
          1579     -3.00
          7770      3.00
      `),
    );
    expect(dates[0]?.vouchers[0]?.lines.map((line) => line.text)).toEqual(
      ['p1', 'p1', 's1', 's1', 's2', 's2'].map((reference) => `Gebyr ${reference}`),
    );
  });

  test('a top-up may have an account of its own', async () => {
    const topUp = '2026-03-02 funds top-up t1 - 7.00';
    expect(journal(await booked(ledger(topUp), policy({ accounts: { topUpContra: '2990' } })))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579      7.00
          2990     -7.00
      `),
    );
  });

  test('fees that are no longer read are the cost where funds retain them; a quiet date changes nothing', async () => {
    const rows = `
      2026-03-02 fees  capture-fee   p1 api:1 -1.00
      2026-03-04 funds fees-retained f1 -     -1.00
    `;
    const [read, unread] = ledger(rows, { fees: 'ledger' }) as [LedgerDate, LedgerDate];
    const accounts = { funds: { closed: true } };
    const quiet = { ...read, date: plainDate('2026-03-03'), accounts, entries: [] };
    const dates = await booked([read, quiet, { ...unread, accounts }]);
    expect(dates.map(({ balances }) => balances[0].fees?.books)).toEqual([-100, -100, undefined]);
    expect(journal(dates.slice(2))).toBe(
      text(`
        2026-03-04 302321-20260304
          1579     -1.00
          7770      1.00
      `),
    );
  });

  test('retained fees turned round: the provider owes fees back', async () => {
    const rows = `
      2026-03-02 fees  correction    c1 api:1  4.00
      2026-03-02 fees  fees-retained f1 -     -4.00
      2026-03-02 funds fees-retained f1 -      4.00
    `;
    const dates = await booked(ledger(rows, { fees: 'ledger' }));
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579      4.00
          2960     -4.00
          2960      4.00
          7770     -4.00
      `),
    );
  });

  test('disputes as refunds: sale and VAT are reversed, and re-established', async () => {
    const rows = `
      2026-03-02 funds retained-disputed-capture z1 api:1 -100.00
      2026-03-03 funds returned-disputed-capture z1 api:1  100.00
    `;
    const salesUnits = { 'api:1': { sale: '15', dimensions: { department: '20' } } };
    expect(journal(await booked(ledger(rows), policy({ disputes: 'refund', salesUnits })))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579   -100.00
          3030     86.96 code 31 20
          2701     13.04
        2026-03-03 302321-20260303
          1579    100.00
          3030    -86.96 code 31 20
          2701    -13.04
      `),
    );
  });

  test('a fee that is invoiced later may wait for its invoice', async () => {
    const rows = `
      2026-03-02 fees capture-fee   p1 api:1 -4.00
      2026-03-31 fees fees-invoiced i1 -      4.00
    `;
    const dates = await booked(ledger(rows, { fees: 'ledger' }), policy({ fees: { invoiced: 'on-invoice' } }));
    expect(journal(dates)).toBe(
      text(`
        2026-03-31 302321-20260331
          2400     -4.00
          7770      4.00
      `),
    );
    expect(findings(dates, 'info')).toEqual(['info fee-awaits-invoice']);
    expect(dates[1]?.vouchers[0]?.lines[0]?.text).toBe('Gebyr fakturert i1');
  });

  test('and the credit note of that invoice takes the cost back', async () => {
    const rows = '2026-04-30 fees credit-note n1 - -1.50';
    const dates = await booked(ledger(rows, { fees: 'ledger' }), policy({ fees: { invoiced: 'on-invoice' } }));
    expect(journal(dates)).toBe(
      text(`
        2026-04-30 302321-20260430
          2400      1.50
          7770     -1.50
      `),
    );
    expect(dates[0]?.vouchers[0]?.lines[0]?.text).toBe('Kreditnota n1');
  });

  test('a fee that was retained after all is the cost where funds retained it', async () => {
    const rows = `
      2026-03-02 funds capture       p1 api:1 10.00
      2026-03-02 fees  capture-fee   p1 api:1 -1.00
      2026-03-02 funds fees-retained f1 -     -1.00
      2026-03-02 fees  fees-retained f1 -      1.00
    `;
    const dates = await booked(ledger(rows, { fees: 'ledger' }), policy({ fees: { invoiced: 'on-invoice' } }));
    expect(journal(dates)).toContain('7770      1.00');
    expect(findings(dates, 'info')).toEqual(['info fee-awaits-invoice', 'info retained-from-funds']);
  });

  test('an order reference or a type may be any word', async () => {
    const rows = `
      2026-03-02 funds capture     p1 api:1 10.00 constructor
      2026-03-03 funds constructor p2 api:1  1.00
    `;
    expect(journal(await booked(ledger(rows)))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579     10.00
          3000     -8.00 code 3
          2700     -2.00
        2026-03-03 302321-20260303
          1579      1.00
          2999     -1.00
      `),
    );
  });
});

describe('what is owed to the provider', () => {
  const rows = `
    2026-03-02 fees fees-invoiced i1 - 99.00
    2026-03-02 fees capture-fee   p1 - -9.00
  `;
  const parties = async (whole: object): Promise<unknown[]> => {
    const [date] = await booked(ledger(rows, { fees: 'ledger', openings: { fees: -9000 } }), policy({}, whole));
    return (date?.vouchers[0]?.lines ?? []).map(({ account, party }) => [account, party]);
  };

  test('stands on the supplier, where the policy names it', async () => {
    const supplier = { id: '20001', name: 'Vipps MobilePay AS' };
    const party = { kind: 'supplier', id: '20001' };
    expect(await parties({ supplier })).toEqual([
      ['2960', undefined],
      ['2400', party],
      ['2960', undefined],
      ['7770', undefined],
    ]);
    expect(await parties({})).toEqual([
      ['2960', undefined],
      ['2400', undefined],
      ['2960', undefined],
      ['7770', undefined],
    ]);
  });
});

describe('an account that asks for a party gets it, whichever part posts on it', () => {
  const supplier = { id: '20001', name: 'Vipps MobilePay AS' };
  const partiesOf = async (rows: string, version: object, whole: object = { supplier }): Promise<unknown[]> => {
    const [date] = await booked(ledger(rows), policy(version, whole));
    return (date?.vouchers ?? []).flatMap(({ lines }) => lines.map(({ account, party }) => [account, party?.id]));
  };

  test('a top-up on the supplier’s account names the supplier, one on another account nobody', async () => {
    const topUp = '2026-03-02 funds top-up t1 - 7.00';
    expect(await partiesOf(topUp, {})).toEqual([
      ['1579', undefined],
      ['2400', '20001'],
    ]);
    expect(await partiesOf(topUp, { accounts: { topUpContra: '2998' } })).toEqual([
      ['1579', undefined],
      ['2998', undefined],
    ]);
  });

  test('so does the supplier’s account of a single ledger, and any other part on it', async () => {
    const rows = `
      2026-03-02 funds credit-note n1 - 7.00
      2026-03-02 funds correction  c1 - 1.00
    `;
    const ledgers = { '302321': { accounts: { payable: '2410', suspense: '2400' } } };
    expect(await partiesOf(rows, { ledgers })).toEqual([
      ['1579', undefined],
      ['2410', '20001'],
      ['1579', undefined],
      ['2400', '20001'],
    ]);
  });

  test('sales that settle a receivable name the customer of their unit, and an invoice its own', async () => {
    const rows = `
      2026-03-02 funds capture p1 api:1 10.00
      2026-03-02 funds capture p2 api:1 20.00 INV-7
      2026-03-02 funds refund  p1 api:1 -4.00
    `;
    const version = {
      sales: { revenue: 'receivable', sale: null, customer: '10001' },
      invoices: { 'INV-7': { account: '1500', customer: '10042' } },
    };
    const named = (await partiesOf(rows, version, {})).filter((line) => (line as string[])[0] === '1500');
    expect(named).toEqual([
      ['1500', '10001'],
      ['1500', '10042'],
      ['1500', '10001'],
    ]);
  });
});

describe('what a finding is about', () => {
  const rows = `
    2026-03-02 funds correction c1 -     -1.00
    2026-03-02 funds correction c2 -     -2.50
    2026-03-02 funds capture    p1 api:7 10.00 A-1
    2026-03-02 funds capture    p2 api:8 20.00 A-2
  `;

  test('is told with its amount, its orders, and the account it waits on by name', async () => {
    const [date] = await booked(ledger(rows), policy({ salesUnits: { 'api:1': {} } }));
    const of = (code: string): unknown[] =>
      (date?.findings ?? [])
        .filter((finding) => finding.code === code)
        .map(({ amount: sum, references, where, action }) => [sum, references, where, action]);
    expect(of('correction')).toEqual([
      [
        -350,
        ['c1', 'c2'],
        'ledger 302321, 2026-03-02',
        'find out what it was and move the amount from account 2999 (Betaling, uavklart)',
      ],
    ]);
    expect(of('sales-unit-not-named').map((about) => (about as unknown[]).slice(0, 3))).toEqual([
      [1000, ['A-1'], 'ledger 302321, 2026-03-02, p1'],
      [2000, ['A-2'], 'ledger 302321, 2026-03-02, p2'],
    ]);
    const all = gatherFindings([...(date?.findings ?? []), ...(date?.findings ?? [])]);
    expect(all.find(({ code }) => code === 'correction')).toMatchObject({ amount: -700, references: ['c1', 'c2'] });
  });
});

describe('the totals of a date', () => {
  const rows = `
    2026-03-02 funds capture                   p1 api:1  100.00
    2026-03-02 funds refund                    p2 api:1   -6.00
    2026-03-02 funds capture-fee               p1 api:1   -2.00
    2026-03-02 funds service-fee               s1 api:1   -0.20
    2026-03-02 funds fees-retained             f1 -       -1.00
    2026-03-02 funds retained-disputed-capture z1 api:1   -9.00
    2026-03-02 funds payout-aborted            302321-2000044 -  50.00
    2026-03-02 funds payout-scheduled          302321-2000045 - -80.00
    2026-03-02 fees  capture-fee               p1 api:1   -3.00
    2026-03-02 fees  service-fee               s2 api:1   -0.30
    2026-03-02 fees  correction                c1 api:1    0.03
    2026-03-02 fees  fees-retained             f1 -        1.00
    2026-03-02 fees  loyalty                   l1 -        7.00
  `;
  const totals = { captures: 10_000, refunds: -600, payouts: -3000, other: -900, entries: 13 };

  test('count each fee once: where the fees account is read it stands there', async () => {
    const [read] = await booked(ledger(rows, { fees: 'ledger' }));
    expect(read?.totals[0]).toEqual({ ledgerId: '302321', ...totals, fees: -547 });
    const [accrued] = await booked(ledger(rows, { fees: 'accrued' }));
    expect(accrued?.balances[0]).not.toHaveProperty('fees');
    expect(accrued?.totals[0]).toEqual({ ledgerId: '302321', ...totals, fees: -647 });
  });
});

describe('whose revenue it is', () => {
  const rows = `
    2026-03-02 funds capture p1 api:1 100.00
    2026-03-02 funds capture p2 api:2 200.00 INV-1
    2026-03-02 funds capture p3 api:3  50.00
    2026-03-02 funds refund  p4 api:3 -20.00
  `;

  test('sold here, invoiced before, or booked by the till', async () => {
    const choices = policy({
      salesUnits: { 'api:1': {}, 'api:2': {}, 'api:3': { revenue: 'already-booked' } },
      invoices: { 'INV-1': { account: '1500', customer: '10042' } },
    });
    const dates = await booked(ledger(rows), choices);
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579    100.00
          3000    -80.00 code 3
          2700    -20.00
          1579    200.00
          1500   -200.00 10042
          1579    -20.00
          3000     16.00 code 3
          2700      4.00
      `),
    );
    expect(dates[0]?.balances[0]).toMatchObject({ funds: { provider: 33_000, books: 28_000 }, preBooked: 5000 });
    expect(findings(dates, 'info')).toEqual(['info already-booked']);
    expect(dates[0]?.vouchers[0]?.lines.find(({ account }) => account === '1500')).toMatchObject({
      role: 'receivable',
      party: { kind: 'customer', id: '10042' },
    });
  });

  test('an invoice that is paid is settled, whatever the unit does otherwise and whether it is named or not', async () => {
    const invoices = { 'INV-1': { account: '1500', customer: '10042' } };
    const salesUnits = { 'api:1': {}, 'api:9': {} };
    const tills = { revenue: 'already-booked', refunds: 'already-booked', sale: null } as const;
    const dates = await booked(ledger(rows), policy({ sales: tills, salesUnits, invoices }));
    expect(journal(dates).split('\n').slice(1)).toEqual(['  1579    200.00', '  1500   -200.00 10042']);
    expect(findings(dates)).toEqual([]);
  });

  test('a sale without VAT treatment, in a policy that nobody checked, is for a person to find on suspense', async () => {
    const checked = definePolicy(policy());
    const [version] = checked.versions;
    const unchecked = { ...checked, versions: [{ ...version, sales: { ...version.sales, sale: null } }] as const };
    const sale = ledger('2026-03-02 funds capture p1 api:1 100.00');
    const dates = await Array.fromAsync(book(sale, unchecked));
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579    100.00
          2999   -100.00
      `),
    );
    expect(findings(dates)).toEqual(['error no-vat-treatment']);
  });

  test('the till books refunds too', async () => {
    const dates = await booked(
      ledger(rows),
      policy({ sales: { revenue: 'already-booked', refunds: 'already-booked', sale: null } }),
    );
    expect(dates[0]?.vouchers).toEqual([]);
    expect(dates[0]?.balances[0]?.preBooked).toBe(33_000);
  });

  test('captures settle customers, gross', async () => {
    expect(
      journal(
        await booked(ledger('2026-03-02 funds capture p1 api:1 100.00'), policy({ sales: { revenue: 'receivable' } })),
      ),
    ).toBe(
      text(`
        2026-03-02 302321-20260302
          1579    100.00
          1500   -100.00
      `),
    );
  });

  test('a unit nobody chose the VAT of is booked by the default, and said', async () => {
    const dates = await booked(ledger(rows), policy({ salesUnits: { 'api:1': {} } }));
    expect(findings(dates)).toContain('warning sales-unit-not-named');
    expect(dates[0]?.vouchers[0]?.document).toBe('journal');
    expect(dates[0]?.findings[0]?.message).toContain('api:2');
    const [nameless] = await booked(ledger(rows.replaceAll('api:2', '-')), policy({ salesUnits: { 'api:1': {} } }));
    expect(nameless?.findings[0]?.message).toContain('names no sales unit');
  });
});

describe('several VAT rates in one capture', () => {
  const rows = `
    2026-03-02 funds capture mx1 api:1  365.00
    2026-03-02 funds refund  mx2 api:1 -115.00
  `;
  const lines = (sums: Readonly<Record<string, readonly (readonly [number, string])[]>>) => ({
    orderLines: (entries: readonly { readonly id: string; readonly pspReference: string | null }[]) =>
      new Map(
        entries.flatMap(({ id, pspReference }) => {
          const own = sums[pspReference ?? ''];
          return own === undefined ? [] : [[id, own.map(([gross, sale]) => ({ gross: amount(gross), sale }))] as const];
        }),
      ),
  });

  test('its order lines say how it splits; a refund may give them with the sign of the sale', async () => {
    const options = lines({
      mx1: [
        [25_000, '25'],
        [11_500, '15'],
        [0, '0'],
      ],
      mx2: [[11_500, '15']],
    });
    expect(journal(await booked(ledger(rows), policy(), options))).toBe(
      text(`
        2026-03-02 302321-20260302
          1579    365.00
          3000   -200.00 code 3
          2700    -50.00
          3030   -100.00 code 31
          2701    -15.00
          1579   -115.00
          3030    100.00 code 31
          2701     15.00
      `),
    );
  });

  test('lines that do not add up, or have an unknown VAT name, go to suspense for a person', async () => {
    const dates = await booked(ledger(rows), policy(), lines({ mx1: [[25_000, '25']], mx2: [[11_500, '17']] }));
    expect(journal(dates)).toBe(
      text(`
        2026-03-02 302321-20260302
          1579    365.00
          2999   -365.00
          1579   -115.00
          2999    115.00
      `),
    );
    expect(findings(dates)).toEqual(['warning order-lines-do-not-fit', 'warning order-lines-do-not-fit']);
  });
});

describe('ledgers, languages and currencies', () => {
  test('an item that names another ledger is booked there, with a warning', async () => {
    const rows = `
      2022-10-01 funds capture 3343121302 NO:57860 1.89
      2022-10-01 funds payout  1000002731792000009 - -1.89 - 273179
    `;
    const dates = await booked(ledger(rows, { balances: false, fees: 'accrued' }));
    expect(journal(dates)).toBe(
      text(`
        2022-10-01 302321-20221001
          1579      1.89
          3000     -1.51 code 3
          2700     -0.38
        2022-10-01 273179-20221001.X0N1ZY
          1579     -1.89
          1920      1.89
      `),
    );
    expect(dates[0]?.vouchers.map((voucher) => voucher.ledgerId)).toEqual(['302321', '273179']);
    expect(dates[0]?.totals.map(({ ledgerId, captures, payouts }) => [ledgerId, captures, payouts])).toEqual([
      ['302321', 189, 0],
      ['273179', 0, -189],
    ]);
    expect(dates[0]?.balances.map(({ ledgerId, funds }) => [ledgerId, funds.books])).toEqual([
      ['302321', 189],
      ['273179', -189],
    ]);
    expect(findings(dates)).toEqual(['warning other-ledger']);
  });

  test('a ledger may have accounts of its own', async () => {
    const rows = '2026-03-02 funds payout-scheduled 302321-2000045 - -5.00';
    const ledgers = { '302321': { accounts: { clearing: '1571', bank: '1921' } } };
    expect(
      journal(
        await booked(
          ledger(rows, { openings: { funds: 500 } }),
          policy({ ledgers }, { openings: { '302321': { funds: 500 } } }),
        ),
      ),
    ).toBe(
      text(`
        2026-03-02 302321-20260302
          1571     -5.00
          1921      5.00
      `),
    );
  });

  test.each([
    ['NO', 'NOK', 'Betaling 302321, 2026-03-02', ['Salg p1', 'Utbetaling 2000045']],
    ['DK', 'DKK', 'Betaling 302321, 2026-03-02', ['Salg p1', 'Udbetaling 2000045']],
    ['SE', 'SEK', 'Betaling 302321, 2026-03-02', ['Försäljning p1', 'Utbetalning 2000045']],
    ['FI', 'EUR', 'Betaling 302321, 2026-03-02', ['Myynti p1', 'Tilitys 2000045']],
  ] as const)('texts for %s', async (market, currency, description, lines) => {
    const rows = `
      2026-03-02 funds capture p1 api:1 10.00 order-of-Kari-Nordmann
      2026-03-02 funds payout-scheduled 302321-2000045 - -10.00 Utb.2000045
    `;
    const sale = market === 'FI' ? '25.5' : '25';
    const [date] = await booked(ledger(rows, { currency }), policy({ market, sales: { sale } }));
    const [voucher] = date?.vouchers ?? [];
    expect(voucher?.description).toBe(description);
    expect(voucher?.currency).toBe(currency);
    expect([...new Set(voucher?.lines.map((line) => line.text))]).toEqual(lines);
    expect(JSON.stringify(voucher)).not.toContain('Kari');
  });
});
