import { describe, expect, test } from 'vitest';
import {
  amount,
  linesOf,
  plainDate,
  type BankLine,
  type BookedDate,
  type BookOptions,
  type LedgerDate,
  type LedgerEntry,
  type PolicyInput,
  type ProviderDocument,
} from '../src/index.ts';
import type { PolicyVersionInput } from '../src/policy/policy.ts';
import type { OrderLine } from '../src/posting/booked-fact.ts';
import { booked, findings, ledger } from './ledger-text.ts';

/** What is left on each account, VAT written out. */
function left(dates: readonly BookedDate[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of dates.flatMap((date) => date.vouchers).flatMap((voucher) => linesOf(voucher, 'explicit')))
    sums[line.account] = (sums[line.account] ?? 0) + line.amount;
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

type Version = Partial<PolicyVersionInput>;

/** A Norwegian policy that changes on 1 April 2026. */
function changed(before: Version, after: Version, more: Partial<PolicyInput> = {}): PolicyInput {
  const shared = { market: 'NO', sales: { sale: '25' } } as const;
  return {
    versions: [
      { ...shared, from: '2026-01-01', ...before },
      { ...shared, from: '2026-04-01', ...after },
    ],
    ...more,
  };
}

/** The same with a look-up over all dates, as an archive gives it, and nothing remembered. */
function lookingUp(dates: readonly LedgerDate[]): BookOptions {
  const entries = dates.flatMap((date) => date.entries);
  return {
    originals: (references, through) =>
      entries.filter(
        ({ pspReference, reference, ledgerDate }) =>
          ledgerDate <= through && [pspReference, reference].some((name) => name !== null && references.includes(name)),
      ),
  };
}

const low = (rateBasisPoints: number): NonNullable<Version['vat']> => ({
  '12': { rateBasisPoints, code: '33', account: '3050', vatAccount: '2703' },
});

describe('a refund leaves nothing of its sale, whatever the policy says by now', () => {
  const changes: readonly (readonly [string, string, PolicyInput])[] = [
    [
      'Swedish food, 12 % until 31 March 2026 and 6 % after',
      '112.00',
      changed({ market: 'SE', sales: { sale: '12' } }, { market: 'SE', sales: { sale: '6' } }),
    ],
    [
      'a rate that changed under the same code, as 33 in Norway in April 2020',
      '1120.00',
      changed({ sales: { sale: '12' } }, { sales: { sale: '12' }, vat: low(600) }),
    ],
    [
      'Finland, 14 % and then 13.5 %',
      '114.00',
      changed(
        {
          market: 'FI',
          sales: { sale: '14' },
          vat: { '14': { rateBasisPoints: 1400, code: '14', account: '3010', vatAccount: '2939' } },
        },
        { market: 'FI', sales: { sale: '13.5' } },
      ),
    ],
    [
      'a sales unit with another VAT treatment',
      '115.00',
      changed({ salesUnits: { 'api:1': { sale: '15' } } }, { salesUnits: { 'api:1': { sale: '25' } } }),
    ],
    [
      'another revenue account',
      '100.00',
      changed({}, { vat: { '25': { rateBasisPoints: 2500, code: '3', account: '3020', vatAccount: '2700' } } }),
    ],
    [
      'another VAT account',
      '100.00',
      changed({}, { vat: { '25': { rateBasisPoints: 2500, code: '3', account: '3000', vatAccount: '2710' } } }),
    ],
    ['another department', '100.00', changed({ sales: { sale: '25', dimensions: { department: '1' } } }, {})],
    ['revenue, and then the receivable', '100.00', changed({}, { sales: { revenue: 'receivable', sale: '25' } })],
    [
      'another receivable account',
      '100.00',
      changed(
        { sales: { revenue: 'receivable', sale: '25' } },
        { sales: { revenue: 'receivable', sale: '25' }, accounts: { receivable: '1501' } },
      ),
    ],
    [
      'an invoice that is no longer listed',
      '100.00',
      changed({ invoices: { 'order-1': { account: '1500', customer: '10001' } } }, {}),
    ],
    [
      'revenue, and then another system that books sales and refunds',
      '100.00',
      changed({}, { sales: { revenue: 'already-booked', sale: '25', refunds: 'already-booked' } }),
    ],
    [
      'another system that books sales and refunds, and then revenue',
      '100.00',
      changed({ sales: { revenue: 'already-booked', sale: '25', refunds: 'already-booked' } }, {}),
    ],
  ];

  for (const grouping of ['date', 'payout', 'entry'] as const) {
    for (const lines of ['entry', 'summary'] as const) {
      test.each(changes)(`%s (grouped by ${grouping}, lines by ${lines})`, async (_, gross, written) => {
        const policy = { ...written, versions: written.versions.map((version) => ({ ...version, grouping, lines })) };
        const dates = ledger(`
          2026-03-31 funds capture p1 api:1 ${gross} order-1
          2026-04-02 funds refund  r1 api:1 -${gross} order-1
          2026-04-30 funds capture p2 api:1 0 order-2
        `);
        for (const options of [{}, lookingUp(dates)]) {
          const books = await booked(dates, policy, options);
          expect(left(books)).toEqual({});
          expect(findings(books)).toEqual([]);
          expect(findings(books, 'info')).toContain('info follows-original');
        }
      });
    }
  }

  const food = changed({ market: 'SE', sales: { sale: '12' } }, { market: 'SE', sales: { sale: '6' } });

  test('several refunds of one capture, before and after the change', async () => {
    const dates = ledger(`
      2026-03-30 funds capture p1 api:1 112.00 order-1
      2026-03-31 funds refund  r1 api:1 -22.40 order-1
      2026-04-01 funds refund  r2 api:1 -33.60 order-1
      2026-05-02 funds refund  r3 api:1 -56.00 order-1
    `);
    expect(left(await booked(dates, food))).toEqual({});
    expect(left(await booked(dates, food, lookingUp(dates)))).toEqual({});
  });

  test('a part of it: the rate of the sale, on that part', async () => {
    const dates = ledger(`
      2026-03-31 funds capture p1 api:1 112.00 order-1
      2026-04-02 funds refund  r1 api:1 -11.20 order-1
    `);
    expect(left(await booked(dates, food))).toEqual({ '1686': 10080, '3002': -9000, '2621': -1080 });
  });

  test('a sale after the change is taken back at its own rate, and told by its order from one before it', async () => {
    const dates = ledger(`
      2026-03-31 funds capture p1 api:1 112.00 order-1
      2026-04-01 funds capture p2 api:1 106.00 order-2
      2026-04-02 funds refund  r2 api:1 -106.00 order-2
    `);
    const books = await booked(dates, food);
    expect(left(books)).toEqual({ '1686': 11200, '3002': -10000, '2621': -1200 });
    expect(findings(books, 'info')).toEqual([]);
  });

  test('an order placed before the change and captured after it is sold, and taken back, at the new rate', async () => {
    const dates = ledger(`
      2026-04-01 funds capture p1 api:1 106.00 order-of-march
      2026-04-01 funds refund  r1 api:1 -53.00 order-of-march
    `);
    expect(left(await booked(dates, food))).toEqual({ '1686': 5300, '3003': -5000, '2631': -300 });
  });

  test('a refund that stands before its capture on the same date', async () => {
    const [date] = ledger(`
      2026-04-02 funds capture p1 api:1 106.00 order-1
      2026-04-02 funds refund  r1 api:1 -106.00 order-1
    `) as [LedgerDate];
    const turned = [{ ...date, entries: date.entries.map((entry) => ({ ...entry, time: null })).toReversed() }];
    for (const options of [{}, lookingUp([date])]) {
      const books = await booked(turned, food, options);
      expect(left(books)).toEqual({});
      expect(findings(books)).toEqual([]);
    }
  });

  test('a payment captured in parts, before and after the change, and refunded whole', async () => {
    const dates = ledger(`
      2026-03-31 funds capture p1 api:1 112.00 order-1
      2026-04-01 funds capture p2 api:1 53.00 order-1
      2026-04-02 funds refund  r1 api:1 -165.00 order-1
    `);
    expect(left(await booked(dates, food))).toEqual({});
  });

  test('a part of such a payment goes to suspense: nothing says which rate it had', async () => {
    const dates = ledger(`
      2026-03-31 funds capture p1 api:1 112.00 order-1
      2026-04-01 funds capture p2 api:1 53.00 order-1
      2026-04-02 funds refund  r1 api:1 -20.00 order-1
    `);
    const books = await booked(dates, food);
    expect(left(books)).toMatchObject({ '1686': 14500, '2999': 2000 });
    expect(findings(books)).toEqual(['warning original-unclear']);
  });

  test('an original that nobody knows: suspense, and a finding with amount and order', async () => {
    const dates = ledger(`
      2026-04-02 funds refund r1 api:1 -112.00 order-1
    `);
    for (const options of [{}, lookingUp(dates)]) {
      const books = await booked(dates, food, options);
      expect(left(books)).toEqual({ '1686': -11200, '2999': 11200 });
      const [finding] = books[0]?.findings ?? [];
      expect(finding).toMatchObject({ code: 'original-unknown', severity: 'warning' });
      expect(finding?.message).toContain('-112.00');
      expect(finding?.message).toContain('order-1');
    }
  });

  test('where all versions book a sale alike, nothing has to be known, and no one is asked', async () => {
    const dates = ledger(`
      2026-04-02 funds refund r1 api:1 -125.00 order-1
    `);
    const [before, after] = [
      { department: '1', project: '2' },
      { project: '2', department: '1' },
    ].map((dimensions) => ({ sales: { sale: '25', dimensions } }));
    const policy = changed({ ...before, lines: 'entry' }, { ...after, lines: 'summary', payouts: 'in-transit' });
    const books = await booked(dates, policy, {
      originals: () => expect.fail('asked'),
    });
    expect(left(books)).toEqual({ '1579': -12500, '3000': 10000, '2700': 2500 });
    expect(findings(books)).toEqual([]);
  });

  test('and where another system books sales, and its refunds are booked here as they are after it', async () => {
    const till = { sales: { revenue: 'already-booked', sale: '25', refunds: 'book' } } as const;
    const books = await booked(ledger('2026-04-02 funds refund r1 api:1 -125.00 order-1'), changed(till, {}));
    expect(left(books)).toEqual({ '1579': -12500, '3000': 10000, '2700': 2500 });
    expect(findings(books)).toEqual([]);
  });

  test('a change more than two years ago does not matter: no payment is refunded so late', async () => {
    const dates = ledger(`
      2028-04-02 funds refund r1 api:1 -106.00 order-1
    `);
    const books = await booked(dates, food);
    expect(left(books)).toEqual({ '1686': -10600, '3003': 10000, '2631': 600 });
  });

  test('the same order number in another shop is another order', async () => {
    const one = ledger('2026-03-31 funds capture p1 api:1 112.00 order-1', {}, '302321');
    const other = ledger('2026-04-02 funds refund r1 api:2 -112.00 order-1', {}, '302322');
    expect(findings(await booked([...one, ...other], food))).toEqual(['warning original-unknown']);
  });

  test('a sales unit that moved to another ledger takes its sales with it', async () => {
    const one = ledger('2026-03-31 funds capture p1 api:1 112.00 order-1', {}, '302321');
    const other = ledger('2026-04-02 funds refund r1 api:1 -112.00 order-1', {}, '302322');
    expect(left(await booked([...one, ...other], food))).toEqual({});
  });

  test('what a look-up gives of later dates is not known yet: the same order number years later, or a payout still to come', async () => {
    const dates = ledger(`
      2026-03-31 funds capture          p1 api:1  112.00 order-1
      2026-04-02 funds refund           r1 api:1 -112.00 order-1
      2026-04-02 funds payout-aborted   2000045 - 50.00
      2026-04-03 funds payout-scheduled 2000045 - -50.00
      2029-04-02 funds capture          p2 api:1  106.00 order-1
    `);
    const policy = changed(
      { market: 'SE', sales: { sale: '12' } },
      { market: 'SE', sales: { sale: '6' }, payouts: 'in-transit' },
    );
    const given = dates.flatMap(({ entries }) => entries);
    const books = await booked(dates, policy, lookingUp(dates));
    expect(await booked(dates, policy, { originals: () => given })).toEqual(books);
  });

  test('the look-up is asked once a date, with the references of that date', async () => {
    const dates = ledger(`
      2026-03-31 funds capture p1 api:1 112.00 order-1
      2026-03-31 funds refund  r0 api:1 -1.00 order-1
      2026-04-02 funds refund  r1 api:1 -50.00 order-1
      2026-04-02 funds refund  r2 api:1 -60.00 order-1
    `);
    const asked: unknown[] = [];
    await booked(dates, food, {
      originals: (references, through) => {
        asked.push([references, through]);
        return [];
      },
    });
    expect(asked).toEqual([[['r1', 'order-1', 'r2'], '2026-04-02']]);
  });
});

describe('an order with several rates', () => {
  const lines: readonly OrderLine[] = [
    { gross: amount(12_500), sale: '25' },
    { gross: amount(11_500), sale: '15' },
  ];
  const ofOrder = (entries: readonly LedgerEntry[]): Map<string, readonly OrderLine[]> =>
    new Map(entries.filter(({ pspReference }) => pspReference === 'p1').map(({ id }) => [id, lines]));
  const once: PolicyInput = { versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] };
  const twice = changed(
    {},
    { vat: { '15': { rateBasisPoints: 1600, code: '31', account: '3030', vatAccount: '2701' } } },
  );
  const refunded = (value: string): LedgerDate[] =>
    ledger(`
      2026-03-31 funds capture p1 api:1 240.00 order-1
      2026-04-02 funds refund  r1 api:1 ${value} order-1
    `);

  test.each([
    ['one version', once],
    ['a rate changed since', twice],
  ])('its refund comes without lines and takes back every rate (%s)', async (_, policy) => {
    const dates = refunded('-240.00');
    for (const more of [{}, lookingUp(dates)]) {
      const books = await booked(dates, policy, { orderLines: ofOrder, ...more });
      expect(left(books)).toEqual({});
      expect(findings(books)).toEqual([]);
    }
  });

  test('a part of it without lines: suspense, because nobody says which rate', async () => {
    const dates = refunded('-100.00');
    for (const more of [{}, lookingUp(dates)]) {
      const books = await booked(dates, once, { orderLines: ofOrder, ...more });
      expect(left(books)).toMatchObject({ '1579': 14_000, '2999': 10_000 });
      expect(findings(books)).toEqual(['warning original-unclear']);
    }
  });

  test('a part of it with lines of its own: at the rates of its sale', async () => {
    const dates = refunded('-115.00');
    const own: readonly OrderLine[] = [{ gross: amount(11_500), sale: '15' }];
    const orderLines = (entries: readonly LedgerEntry[]): Map<string, readonly OrderLine[]> =>
      new Map(entries.map(({ id, type }) => [id, type === 'refund' ? own : lines]));
    const books = await booked(dates, twice, { orderLines });
    expect(left(books)).toEqual({ '1579': 12_500, '3000': -10_000, '2700': -2500 });
  });
});

describe('a disputed capture that is returned leaves its sale', () => {
  const sale = { '1579': 11_500, '3030': -10_000, '2701': -1500 };
  const unit = (more: Version): Version => ({ sales: { sale: '15' }, ...more });
  const disputed = ledger(`
    2026-03-20 funds capture                   p1 api:1 115.00 order-1
    2026-03-31 funds retained-disputed-capture p1 api:1 -115.00 order-1
    2026-04-02 funds returned-disputed-capture p1 api:1 115.00 order-1
  `);
  const later = ledger(`
    2026-03-20 funds capture                   p1 api:1 115.00 order-1
    2026-04-02 funds retained-disputed-capture p1 api:1 -115.00 order-1
    2026-04-20 funds returned-disputed-capture p1 api:1 115.00 order-1
    2026-05-02 funds retained-disputed-capture p1 api:1 -115.00 order-1
    2026-05-20 funds returned-disputed-capture p1 api:1 115.00 order-1
  `);
  const changes: readonly (readonly [string, PolicyInput])[] = [
    ['a claim, then a refund', changed(unit({ disputes: 'receivable' }), unit({ disputes: 'refund' }))],
    ['a refund, then a claim', changed(unit({ disputes: 'refund' }), unit({ disputes: 'receivable' }))],
    ['another account for claims', changed(unit({}), unit({ accounts: { disputed: '1577' } }))],
    [
      'a refund, and the rate changed',
      changed(unit({ disputes: 'refund' }), { sales: { sale: '25' }, disputes: 'refund' }),
    ],
    ['a refund of 15 %, then a claim and 25 %', changed(unit({ disputes: 'refund' }), { sales: { sale: '25' } })],
  ];

  test.each(changes)('%s', async (_, policy) => {
    for (const dates of [disputed, later]) {
      for (const options of [{}, lookingUp(dates)]) {
        const books = await booked(dates, policy, options);
        expect(left(books)).toEqual(sale);
        expect(findings(books)).toEqual([]);
      }
    }
  });

  test('a dispute that nobody knows: suspense, and a finding', async () => {
    const books = await booked(disputed.slice(2), changed({ disputes: 'refund' }, {}));
    expect(left(books)).toEqual({ '1579': 11_500, '2999': -11_500 });
    expect(findings(books)).toContain('warning original-unknown');
  });
});

describe('a payout and what becomes of it', () => {
  const scheduled = ledger(`
    2026-03-31 funds capture          p1 api:1 100.00
    2026-03-31 funds payout-scheduled 302321-2000001 - -100.00
  `);
  const aborted = ledger('2026-04-02 funds payout-aborted 302321-2000001 - 100.00');
  const bank = (value: number, payoutReference: string | null, id = 'b1'): BankLine => ({
    id,
    ledgerId: '302321',
    date: plainDate('2026-04-02'),
    amount: amount(value),
    currency: 'NOK',
    text: null,
    payoutReference,
  });
  const statement = (...bankLines: BankLine[]): LedgerDate[] => [
    ...scheduled,
    {
      ledgerId: '302321',
      date: plainDate('2026-04-02'),
      currency: 'NOK',
      accounts: { funds: { closed: true } },
      entries: [],
      bankLines,
    },
  ];
  const onBank = async (
    dates: LedgerDate[],
    policy: PolicyInput,
    options?: BookOptions,
  ): Promise<(number | string)[]> => {
    const books = await booked(dates, policy, options);
    const { '1920': own = 0, '1921': other = 0, '1925': transit = 0, '2999': suspense = 0 } = left(books);
    return [own, other, transit, suspense, ...findings(books).filter((one) => one !== 'warning payout-aborted')];
  };
  const waiting = changed({ payouts: 'in-transit' }, { payouts: 'in-transit' });
  const changes: readonly (readonly [string, PolicyInput])[] = [
    ['direct, then in transit', changed({ payouts: 'direct' }, { payouts: 'in-transit' })],
    ['in transit, then direct', changed({ payouts: 'in-transit' }, { payouts: 'direct' })],
    [
      'in transit, and then another bank',
      changed({ payouts: 'in-transit' }, { payouts: 'in-transit', accounts: { bank: '1921' } }),
    ],
    ['direct, and then another bank', changed({}, { accounts: { bank: '1921' } })],
    ['in transit throughout', waiting],
    ['direct throughout', changed({}, {})],
  ];

  test.each(changes)('%s: it is on the bank once, and nothing is in transit', async (_, policy) => {
    expect(await onBank(statement(bank(10_000, '302321-2000001')), policy)).toEqual([10_000, 0, 0, 0]);
    expect(await onBank(statement(bank(10_000, '2000001')), policy)).toEqual([10_000, 0, 0, 0]);
    expect(await onBank(statement(bank(10_000, null)), policy)).toEqual([10_000, 0, 0, 0]);
  });

  test.each(changes)('%s: aborted, it leaves nothing', async (_, policy) => {
    expect(await onBank([...scheduled, ...aborted], policy)).toEqual([0, 0, 0, 0]);
    const unnamed = aborted.map((date) => ({
      ...date,
      entries: date.entries.map((entry) => ({ ...entry, pspReference: null })),
    }));
    expect(await onBank([...scheduled, ...unnamed], policy)).toEqual([0, 0, 0, 0]);
  });

  test('aborted, and nobody knows it: suspense where the policy changed', async () => {
    const policy = changed({}, { payouts: 'in-transit' });
    expect(await onBank(aborted, policy)).toEqual([0, 0, 0, -10_000, 'warning original-unknown']);
    expect(await onBank(aborted, policy, lookingUp([...scheduled, ...aborted]))).toEqual([-10_000, 0, 0, 0]);
  });

  test('aborted after it arrived, and the bank takes it back: nothing is left', async () => {
    const back = ledger('2026-04-09 funds payout-aborted 302321-2000001 - 100.00').map((date) => ({
      ...date,
      bankLines: [{ ...bank(-10_000, '302321-2000001', 'b2'), date: date.date }],
    }));
    expect(await onBank([...statement(bank(10_000, '302321-2000001')), ...back], waiting)).toEqual([0, 0, 0, 0]);
  });

  test('a payout of version 1, whose id ends with ledger and number', async () => {
    const v1 = statement(bank(10_000, '302321-2000001')).map((date) => ({
      ...date,
      entries: date.entries.map((entry) =>
        entry.type === 'payout-scheduled'
          ? { ...entry, type: 'payout', renamedTo: 'payout-scheduled', pspReference: '1000003023212000001' }
          : entry,
      ),
    }));
    expect(await onBank(v1, waiting)).toEqual([10_000, 0, 0, 0]);
  });

  test('two lines with one payout: it is booked once, and the second is named', async () => {
    const lines = [bank(10_000, '302321-2000001'), bank(10_000, '302321-2000001', 'b2')];
    const books = await booked(statement(...lines), waiting);
    expect(left(books)).toMatchObject({ '1920': 10_000 });
    const [finding] = books.flatMap((date) => date.findings);
    expect(finding).toMatchObject({ code: 'bank-line-without-payout', severity: 'warning', facts: ['b2'] });
    expect(finding?.message).toContain('100.00');
    expect(finding?.message).toContain('302321-2000001');
  });

  test('a short line leaves the rest in transit, and says so; the rest may follow', async () => {
    const short = bank(6000, '302321-2000001');
    expect(await onBank(statement(short), waiting)).toEqual([6000, 0, 4000, 0, 'warning payout-short']);
    const rest = bank(4000, '302321-2000001', 'b2');
    expect(await onBank(statement(short, rest), waiting)).toEqual([10_000, 0, 0, 0, 'warning payout-short']);
  });

  test('a line of more than its payout: the rest is on suspense', async () => {
    const more = statement(bank(12_000, '302321-2000001'));
    expect(await onBank(more, waiting)).toEqual([12_000, 0, 0, -2000, 'warning bank-line-without-payout']);
  });

  test('a line whose payout is not known is on suspense, and transit keeps what is under way', async () => {
    const unknown = statement(bank(5500, '302321-2000009'));
    expect(await onBank(unknown, waiting)).toEqual([5500, 0, 10_000, -5500, 'warning bank-line-without-payout']);
    expect(await onBank(unknown, changed({}, {}))).toEqual([10_000, 0, 0, 0, 'warning bank-line-without-payout']);
  });

  test.each([
    ['once', [bank(10_000, null)], [10_000, 0, 0, 0]],
    [
      'twice',
      [bank(10_000, null), bank(10_000, null, 'b2')],
      [20_000, 0, 0, -10_000, 'warning bank-line-without-payout'],
    ],
    ['short', [bank(6000, null)], [6000, 0, 10_000, -6000, 'warning bank-line-without-payout']],
  ] as const)('a line that names no payout clears one of its amount, and only one: %s', async (_, lines, expected) => {
    const steady = { versions: [waiting.versions[0] as PolicyInput['versions'][number]] };
    for (const policy of [steady, waiting]) expect(await onBank(statement(...lines), policy)).toEqual(expected);
  });

  test('what went to suspense is said with amount, account and name', async () => {
    const books = await booked(statement(bank(10_000, null), bank(4000, null, 'b2')), waiting);
    const [finding] = books.flatMap((date) => date.findings);
    expect(finding?.message).toBe('the bank line of 40.00 names no payout, and none of that amount is under way');
    expect(finding?.action).toMatch(/each arrives once; until then it is on account 2999 \(.+\)$/);
  });

  test('a payout from before the cut-over arrives out of what the policy opens with', async () => {
    const opened = { ...waiting, openings: { '302321': { inTransit: 5500 } } };
    const early = statement(bank(5500, '302321-1999999'), bank(5500, '302321-1999998', 'b2'));
    expect(await onBank(early, opened)).toEqual([11_000, 0, 4500, -5500, 'warning bank-line-without-payout']);
  });
});

describe('a fee is a cost once', () => {
  const fees = ledger(
    `
      2026-03-31 fees capture-fee   p1 api:1 -10.00
      2026-04-02 fees capture-fee   p2 api:1 -3.00
      2026-04-30 fees fees-invoiced i1 -      13.00
    `,
    { fees: 'ledger' },
  );
  const retained = ledger(
    `
      2026-03-31 funds capture       p1 api:1 100.00
      2026-03-31 fees  capture-fee   p1 api:1 -10.00
      2026-04-02 fees  capture-fee   p2 api:1 -3.00
      2026-04-30 fees  fees-retained f1 -      13.00
      2026-04-30 funds fees-retained f1 -     -13.00
    `,
    { fees: 'ledger' },
  );
  const both = [
    ['accrued, then on the invoice', changed({}, { fees: { invoiced: 'on-invoice' } })],
    ['on the invoice, then accrued', changed({ fees: { invoiced: 'on-invoice' } }, {})],
    ['another fee account', changed({}, { accounts: { fee: '7771' } })],
  ] as const;

  test.each(both)('%s: invoiced', async (_, policy) => {
    const books = await booked(fees, policy);
    const { '7770': cost = 0, '7771': other = 0, ...rest } = left(books);
    expect(cost + other).toBe(1300);
    expect(rest).toEqual({ '2400': -1300 });
    expect(findings(books)).toEqual([]);
  });

  test.each(both)('%s: retained from funds', async (_, policy) => {
    const books = await booked(retained, policy);
    const { '7770': cost = 0, '7771': other = 0, '1579': clearing, '2960': payable } = left(books);
    expect([cost + other, clearing, payable]).toEqual([1300, 8700, undefined]);
    expect(findings(books)).toEqual([]);
  });

  test.each(both)('%s: fees beside the rows, and an invoice from the provider', async (_, policy) => {
    const invoice: ProviderDocument = {
      id: 'd1',
      kind: 'fee-invoice',
      ledgerId: '302321',
      date: plainDate('2026-04-30'),
      amount: amount(1300),
      vatAmount: amount(0),
      currency: 'NOK',
      number: 'i1',
    };
    const accrued = ledger(
      `
        2026-03-31 fees capture-fee p1 api:1 -10.00
        2026-04-02 fees capture-fee p2 api:1 -3.00
      `,
      { fees: 'accrued' },
    );
    const last = { ...(accrued[1] as LedgerDate), date: plainDate('2026-04-30'), entries: [], documents: [invoice] };
    const { '7770': cost = 0, '7771': other = 0, ...rest } = left(await booked([...accrued, last], policy));
    expect(cost + other).toBe(1300);
    expect(rest).toEqual({ '2400': -1300 });
  });

  test.each([
    ['booked by the invoice', [{ fees: { invoiced: 'on-invoice' } }]],
    ['booked by the invoice, and accrued since', [{ fees: { invoiced: 'on-invoice' } }, { from: '2026-04-01' }]],
  ] as const)(
    'what was owed at the cut-over, %s, is a cost with its invoice and owed on no account',
    async (_, own) => {
      const written = `
      2026-03-31 fees capture-fee   p1 api:1 -10.00
      2026-04-02 fees fees-invoiced i1 -      55.00
    `;
      const books = await booked(ledger(written, { fees: 'ledger', openings: { fees: -4500 } }), {
        versions: own.map((more) => ({ from: '2026-01-01', market: 'NO', sales: { sale: '25' }, ...more }) as const),
        openings: { '302321': { fees: -4500 } },
      });
      expect(left(books)).toEqual({ '7770': 5500, '2400': -5500 });
      expect(findings(books)).toEqual([]);
    },
  );

  test('fees that still await their invoice are told beside those on the account: together they are what is owed', async () => {
    const written = `
      2026-03-31 fees capture-fee p1 api:1 -10.00
      2026-04-02 fees capture-fee p2 api:1 -3.00
    `;
    const books = await booked(ledger(written, { fees: 'ledger' }), changed({ fees: { invoiced: 'on-invoice' } }, {}));
    expect(books.at(-1)?.balances[0]).toMatchObject({ fees: { provider: -1300, books: -300 }, feesAwaited: -1000 });
  });

  test('there and back again: each fee is still a cost once', async () => {
    const dates = ledger(
      `
        2026-01-31 fees capture-fee   p1 api:1 -10.00
        2026-02-28 fees capture-fee   p2 api:1 -20.00
        2026-02-28 fees fees-invoiced i1 -       4.00
        2026-03-31 fees capture-fee   p3 api:1 -30.00
        2026-04-30 fees fees-invoiced i2 -      56.00
      `,
      { fees: 'ledger' },
    );
    const shared = { market: 'NO', sales: { sale: '25' } } as const;
    const books = await booked(dates, {
      versions: [
        { ...shared, from: '2026-01-01' },
        { ...shared, from: '2026-02-01', fees: { invoiced: 'on-invoice' } },
        { ...shared, from: '2026-03-01' },
      ],
    });
    expect(left(books)).toEqual({ '7770': 6000, '2400': -6000 });
    expect(findings(books)).toEqual([]);
  });
});
