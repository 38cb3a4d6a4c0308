import { describe, expect, test } from 'vitest';
import { startFikenSimulator, type FikenSimulator } from '@bilag/simulator-fiken';

/** What a client sees of a reply. */
interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function call(fiken: FikenSimulator, method: string, path: string, json?: unknown): Promise<Seen> {
  const reply = await fetch(`${fiken.baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${fiken.credentials.token}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, body: text === '' ? '' : (JSON.parse(text) as unknown) };
}

const company = '/companies/bilag-test-as';
const quick = { workMs: 0, aboveFourPerSecond: 'count' } as const;

function journal(lines: readonly object[], description = 'Test', date = '2026-03-02'): object {
  return { description, journalEntries: [{ description, date, lines }] };
}

describe("what Fiken's books become, as it was seen live", () => {
  const seen: readonly (readonly [string, readonly object[], Readonly<Record<string, number>>])[] = [
    [
      'net on the debit side with a code, gross on the other',
      [
        { amount: 100_000, debitAccount: '6540', debitVatCode: 1 },
        { amount: 125_000, creditAccount: '2911' },
      ],
      { '6540': 100_000, '2711': 25_000, '2911': -125_000 },
    ],
    [
      'a line of two sides with one code moves more than its amount',
      [{ amount: 125_000, debitAccount: '6540', debitVatCode: 1, creditAccount: '1920:10001' }],
      { '6540': 125_000, '2711': 31_250, '1920:10001': -156_250 },
    ],
    [
      'net on the credit side with a code, too',
      [{ amount: 100_000, debitAccount: '6540', debitVatCode: 1, creditAccount: '3020', creditVatCode: 3 }],
      { '6540': 100_000, '2711': 25_000, '3020': -100_000, '2701': -25_000 },
    ],
  ];

  test.for(seen)('%s', async ([, lines, balances]) => {
    await using fiken = await startFikenSimulator(quick);
    const created = await call(fiken, 'POST', `${company}/generalJournalEntries`, journal(lines));
    expect([created.status, created.body]).toEqual([201, '']);
    expect(created.headers.get('location')).toMatch(/\/companies\/bilag-test-as\/transactions\/\d+$/);
    expect(Object.fromEntries(fiken.company().books.balances())).toEqual(balances);
  });

  const refused: readonly (readonly [string, object, string])[] = [
    [
      'lines that do not come to zero',
      journal([
        { amount: 100_000, debitAccount: '6540', debitVatCode: 1 },
        { amount: 120_000, creditAccount: '2911' },
      ]),
      'Summen av posteringslinjene er ikke null: 50,00',
    ],
    [
      'the plain bank account',
      journal([{ amount: 1, debitAccount: '1920', creditAccount: '2911' }]),
      'Kan ikke opprette konto 1920',
    ],
    ['a negative amount', journal([{ amount: -1, debitAccount: '6540', creditAccount: '2911' }]), 'amount must be'],
    [
      'a description with more than 166 characters of ours',
      journal([{ amount: 1, debitAccount: '6540', creditAccount: '2911' }], 'x'.repeat(167)),
      'longer than 200',
    ],
  ];

  test.for(refused)('%s is refused, and nothing is booked', async ([, body, text]) => {
    await using fiken = await startFikenSimulator(quick);
    const reply = await call(fiken, 'POST', `${company}/generalJournalEntries`, body);
    expect([reply.status, JSON.stringify(reply.body)]).toEqual([400, expect.stringContaining(text)]);
    expect(fiken.company().books.transactions).toEqual([]);
  });

  test('a sale has its VAT as sent, and its number may be there before', async () => {
    await using fiken = await startFikenSimulator(quick);
    const lines = [{ description: 'Salg', netPrice: 10_000, vat: 2_500, account: '3000', vatType: 'HIGH' }];
    const sale = { saleNumber: 'A1', date: '2026-03-02', kind: 'cash_sale', currency: 'NOK', lines };
    const missing = await call(fiken, 'POST', `${company}/sales`, { ...sale, paymentAccount: '1920:10002' });
    expect(JSON.stringify(missing.body)).toContain("Missing field 'totalPaid' for sale marked as paid in NOK");
    const paid = { ...sale, totalPaid: 12_500, paymentAccount: '1920:10002', paymentDate: '2026-03-02' };
    for (const _ of [1, 2]) expect((await call(fiken, 'POST', `${company}/sales`, paid)).status).toBe(201);
    expect((await call(fiken, 'GET', `${company}/sales?saleNumber=A1`)).body).toHaveLength(2);
    expect(Object.fromEntries(fiken.company().books.balances())).toEqual({
      '1920:10002': 25_000,
      '3000': -20_000,
      '2701': -5_000,
    });
    const noVat = { ...paid, totalPaid: 10_000, lines: [{ ...lines[0], vat: 0 }] };
    expect(JSON.stringify((await call(fiken, 'POST', `${company}/sales`, noVat)).body)).toContain('VAT-amount is 0');
  });
});

describe('reading', () => {
  test('pages begin at 0 and hold at most 100; filters nobody knows are ignored', async () => {
    await using fiken = await startFikenSimulator(quick);
    const { books } = fiken.company();
    for (let index = 0; index < 130; index += 1) {
      books.postJournal(
        journal([{ amount: 1, debitAccount: '6540', creditAccount: '2911' }], `nr ${index}`) as Parameters<
          typeof books.postJournal
        >[0],
      );
    }
    const page = await call(
      fiken,
      'GET',
      `${company}/journalEntries?page=1&pageSize=500&descripton=nr&date=2026-03-02`,
    );
    expect(page.body).toHaveLength(30);
    expect(page.headers.get('fiken-api-result-count')).toBe('130');
    expect(page.headers.get('fiken-api-page-count')).toBe('2');
    expect((await call(fiken, 'GET', `${company}/journalEntries`)).body).toHaveLength(25);
    expect((await call(fiken, 'GET', `${company}/journalEntries?dateGt=2026-03-02`)).body).toEqual([]);
  });

  test('a new posting is read by its id at once, and listed when the index knows it', async () => {
    let now = Date.UTC(2026, 2, 3);
    await using fiken = await startFikenSimulator({ ...quick, now: () => now, listedAfterMs: 1000 });
    const body = journal([{ amount: 1, debitAccount: '6540', creditAccount: '2911' }]);
    const location =
      (await call(fiken, 'POST', `${company}/generalJournalEntries`, body)).headers.get('location') ?? '';
    expect((await call(fiken, 'GET', location.slice(fiken.baseUrl.length))).status).toBe(200);
    expect((await call(fiken, 'GET', `${company}/journalEntries`)).body).toEqual([]);
    now += 1000;
    expect((await call(fiken, 'GET', `${company}/journalEntries`)).body).toHaveLength(1);
  });

  test('deleting books the opposite and marks the original; a second time books it once more', async () => {
    await using fiken = await startFikenSimulator(quick);
    const body = journal([{ amount: 7, debitAccount: '6540', creditAccount: '2911' }]);
    const location =
      (await call(fiken, 'POST', `${company}/generalJournalEntries`, body)).headers.get('location') ?? '';
    const path = `${location.slice(fiken.baseUrl.length)}/delete`;
    expect((await call(fiken, 'PATCH', path)).status).toBe(400);
    const deleted = await call(fiken, 'PATCH', `${path}?description=Feil`);
    expect(deleted.body).toMatchObject({ deleted: true, entries: [{ offsetTransactionId: expect.any(Number) }] });
    expect(fiken.company().balance('6540')).toBe(0);
    await call(fiken, 'PATCH', `${path}?description=Feil`);
    expect(fiken.company().balance('6540')).toBe(-7);
  });
});

describe('at the door', () => {
  test('two requests at once: one is refused', async () => {
    await using fiken = await startFikenSimulator({ ...quick, workMs: 50 });
    const replies = await Promise.all([1, 2].map(() => call(fiken, 'GET', '/companies')));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 429]);
    expect(fiken.pace.concurrent).toBe(1);
  });

  test('the fifth request of a second is slowed, counted or refused', async () => {
    const slept: number[] = [];
    const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
    for (const [above, last] of [
      ['slow', 200],
      ['count', 200],
      ['refuse', 429],
    ] as const) {
      await using fiken = await startFikenSimulator({ ...clock, workMs: 0, aboveFourPerSecond: above });
      const statuses: number[] = [];
      for (let count = 0; count < 5; count += 1) statuses.push((await call(fiken, 'GET', '/user')).status);
      expect(statuses).toEqual([200, 200, 200, 200, last]);
      expect(fiken.pace.tooFast).toBe(1);
    }
    expect(slept).toEqual([250]);
  });

  test('ids and books are those of one company, and each may be closed to the user', async () => {
    const companies = ['a-as', 'b-as'].map((slug) => ({ slug, name: slug, organizationNumber: '999999999' }));
    await using fiken = await startFikenSimulator({ ...quick, companies });
    const body = journal([{ amount: 7, debitAccount: '6540', creditAccount: '2911' }]);
    const created = await call(fiken, 'POST', '/companies/a-as/generalJournalEntries', body);
    const id = created.headers.get('location')?.split('/').at(-1) ?? '';
    expect((await call(fiken, 'GET', `/companies/b-as/transactions/${id}`)).status).toBe(404);
    fiken.company('b-as').isGranted = false;
    expect((await call(fiken, 'GET', '/companies')).body).toMatchObject([{ slug: 'a-as' }]);
    expect((await call(fiken, 'GET', '/companies/b-as')).status).toBe(403);
    expect(() => fiken.company('c-as')).toThrow(/there is no company "c-as"/);
    expect(fiken.failures).toEqual([]);
  });
});

describe('the settlement import of its own', () => {
  test('books gross, VAT and fee once more, with nothing that tells where it came from', async () => {
    await using fiken = await startFikenSimulator(quick);
    fiken.company().importSettlement({ date: '2026-03-02', gross: 10_000, fee: 200, reference: '2000042' });
    expect(Object.fromEntries(fiken.company().books.balances())).toEqual({
      '1920:10002': 9_800,
      '3000': -8_000,
      '2701': -2_000,
      '7770': 200,
    });
  });
});
