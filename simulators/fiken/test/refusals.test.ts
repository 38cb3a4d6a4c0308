import { describe, expect, test } from 'vitest';
import { startFikenSimulator, type FikenSimulator } from '@bilag/simulator-fiken';

const company = '/companies/bilag-test-as';
const quick = { workMs: 0, aboveFourPerSecond: 'count' } as const;

type Body = Record<string, unknown>;

function saleOf(): Body & { lines: [Body] } {
  return {
    saleNumber: 'A1',
    date: '2026-03-02',
    kind: 'cash_sale',
    currency: 'NOK',
    totalPaid: 12_500,
    paymentAccount: '1920:10002',
    paymentDate: '2026-03-02',
    lines: [{ description: 'Salg', netPrice: 10_000, vat: 2_500, account: '3000', vatType: 'HIGH' }],
  };
}

function journalOf(): Body & { journalEntries: [Body & { lines: [Body, Body] }] } {
  const lines: [Body, Body] = [
    { amount: 125, debitAccount: '6540' },
    { amount: 125, creditAccount: '2911' },
  ];
  return { description: 'Test', journalEntries: [{ description: 'Test', date: '2026-03-02', lines }] };
}

async function post(fiken: FikenSimulator, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${fiken.baseUrl}${company}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fiken.credentials.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: reply.status, text: await reply.text() };
}

describe('a sale is refused', () => {
  test.for<[string, (sale: ReturnType<typeof saleOf>) => void, string]>([
    ['when a line has no description', ({ lines }) => delete lines[0]['description'], 'description'],
    ['when a line has an empty description', ({ lines }) => (lines[0]['description'] = ''), 'description'],
    ['when a line has no VAT type', ({ lines }) => delete lines[0]['vatType'], 'vatType'],
    ['when a line has no account', ({ lines }) => delete lines[0]['account'], 'account'],
    ['when a line is no object', (sale) => (sale.lines = ['x'] as never), 'lines'],
    ['when it has no lines', (sale) => delete (sale as Body)['lines'], 'lines'],
    ['when its lines are no list', (sale) => (sale.lines = {} as never), 'lines'],
    ['when it has no date', (sale) => delete sale['date'], 'date'],
    ['when its date is none', (sale) => (sale['date'] = sale['paymentDate'] = '2026-02-30'), 'date'],
    ['when its amount is no number', (sale) => (sale['totalPaid'] = '12500'), 'totalPaid'],
    ['when its number is no text', (sale) => (sale['saleNumber'] = 7), 'saleNumber'],
    ['when its fee is negative', (sale) => (sale['paymentFee'] = -1), 'paymentFee'],
  ])('%s', async ([, change, word]) => {
    await using fiken = await startFikenSimulator(quick);
    const sale = saleOf();
    change(sale);
    const { status, text } = await post(fiken, 'sales', sale);
    expect([status, text]).toEqual([400, expect.stringContaining(word)]);
    expect(fiken.company().books.transactions).toEqual([]);
    expect(fiken.failures).toEqual([]);
  });
});

describe('a journal entry is refused', () => {
  test.for<[string, (journal: ReturnType<typeof journalOf>) => void, string]>([
    ['when it has no entries', (journal) => delete (journal as Body)['journalEntries'], 'journalEntries'],
    ['when its entries are no list', (journal) => (journal.journalEntries = 'x' as never), 'journalEntries'],
    [
      'when an entry has no description',
      ({ journalEntries }) => delete journalEntries[0]['description'],
      'description',
    ],
    ['when an entry has no lines', ({ journalEntries }) => delete (journalEntries[0] as Body)['lines'], 'lines'],
    [
      'when an entry has an empty list of lines',
      ({ journalEntries }) => (journalEntries[0].lines = [] as never),
      'lines',
    ],
    ['when an entry has no date', ({ journalEntries }) => delete journalEntries[0]['date'], 'date'],
    ['when a date is none', ({ journalEntries }) => (journalEntries[0]['date'] = '2026-02-30'), 'date'],
    ['when a line is no object', ({ journalEntries }) => (journalEntries[0].lines = [null] as never), 'lines'],
    [
      'when an account is no text',
      ({ journalEntries }) => (journalEntries[0].lines[0]['debitAccount'] = 6540),
      'debitAccount',
    ],
    [
      'when a VAT code is text',
      ({ journalEntries }) => (journalEntries[0].lines[0]['debitVatCode'] = '1'),
      'debitVatCode',
    ],
    ['when an amount has a fraction', ({ journalEntries }) => (journalEntries[0].lines[0]['amount'] = 0.5), 'amount'],
    ['when its text is an object', (journal) => (journal['description'] = {}), 'description'],
  ])('%s', async ([, change, word]) => {
    await using fiken = await startFikenSimulator(quick);
    const journal = journalOf();
    change(journal);
    const { status, text } = await post(fiken, 'generalJournalEntries', journal);
    expect([status, text]).toEqual([400, expect.stringContaining(word)]);
    expect(fiken.company().books.transactions).toEqual([]);
    expect(fiken.failures).toEqual([]);
  });
});

test('a body that is no object is refused, whatever it is', async () => {
  await using fiken = await startFikenSimulator(quick);
  for (const body of [null, [], 'x', 7]) {
    for (const path of ['sales', 'generalJournalEntries']) expect((await post(fiken, path, body)).status).toBe(400);
  }
  expect(fiken.failures).toEqual([]);
});

test('a fee told with a sale is booked as a second payment', async () => {
  await using fiken = await startFikenSimulator(quick);
  expect((await post(fiken, 'sales', { ...saleOf(), paymentFee: 1_500 })).status).toBe(201);
  expect(Object.fromEntries(fiken.company().books.balances())).toEqual({
    '1920:10002': 11_000,
    '3000': -10_000,
    '2701': -2_500,
    '7770': 1_500,
  });
});

test('a company that is not registered takes no VAT', async () => {
  const companies = [{ slug: 'bilag-test-as', name: 'A', organizationNumber: '999999999', vatType: 'no' }] as const;
  await using fiken = await startFikenSimulator({ ...quick, companies });
  const journal = journalOf();
  journal.journalEntries[0].lines[0] = { amount: 100, debitAccount: '6540', debitVatCode: 1 };
  expect([
    (await post(fiken, 'sales', saleOf())).status,
    (await post(fiken, 'generalJournalEntries', journal)).status,
  ]).toEqual([400, 400]);
  expect((await post(fiken, 'generalJournalEntries', journalOf())).status).toBe(201);
});

test('balances are those of the accounts asked for', async () => {
  await using fiken = await startFikenSimulator(quick);
  await post(fiken, 'sales', saleOf());
  const reply = await fetch(
    `${fiken.baseUrl}${company}/accountBalances?date=2026-12-31&fromAccount=2000&toAccount=2999`,
    {
      headers: { authorization: `Bearer ${fiken.credentials.token}` },
    },
  );
  expect(((await reply.json()) as { code: string }[]).map(({ code }) => code)).toEqual(['2701']);
});
