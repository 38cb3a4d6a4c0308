import { BilagError, type Service, type ServiceContext, type Voucher } from '@bilag/core';
import nock from 'nock';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fiken } from '../src/index.ts';
import { FakeContext } from '../../../test/fake-context.ts';
import { checkedConfig, fikenAccounts } from './connections.ts';
import { referenceOf, wholeDay } from './days.ts';

const host = 'https://api.fiken.no';
const company = '/api/v2/companies/bakeriet-as';
let sale: Voucher;
let journal: Voucher;

beforeAll(async () => {
  [sale, journal] = (await wholeDay()) as [Voucher, Voucher];
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('single replies to a journal entry', () => {
  const replies: readonly (readonly [number, string | object, string, RegExp])[] = [
    [400, { error: 'x', error_description: 'Summen av posteringslinjene er ikke null: 50,00' }, 'rejected', /50,00/],
    [400, { message: 'Kan ikke opprette konto 1920' }, 'config', /sub-account/],
    [400, 'Kan ikke opprette konto 1500', 'config', /Kan ikke opprette konto 1500/],
    [400, { message: 'Perioden er låst' }, 'blocked', /lockedThrough/],
    [400, { message: 'Datoen ligger i en avstemt periode' }, 'blocked', /bank reconciliation/],
    [400, '', 'unknown-outcome', /look whether it was done/],
    [400, '<html>Kan ikke opprette konto</html>', 'unknown-outcome', /look whether it was done/],
    [402, { message: 'Project/time-tracking module not activated' }, 'forbidden', /module/],
    [403, { message: 'nei' }, 'forbidden', /no access to the company/],
    [403, {}, 'unknown-outcome', /look whether it was done/],
    [404, { message: 'nei' }, 'not-found', /slug/],
    [404, '', 'unknown-outcome', /look whether it was done/],
    [405, { message: 'nei' }, 'unsupported', /405/],
    [409, { message: 'Company credit note counter not initialized' }, 'config', /counter/],
    [409, { message: 'nei' }, 'conflict', /409/],
    [415, { message: 'nei' }, 'unsupported', /415/],
    [429, { message: 'nei' }, 'unknown-outcome', /look whether it was done/],
    [303, { message: 'nei' }, 'unknown-outcome', /look whether it was done/],
    [500, '<html>', 'unknown-outcome', /500/],
  ];

  test.for(replies)('%i %j is %s', async ([status, body, kind, words]) => {
    nock(host).post(`${company}/generalJournalEntries`).once().reply(status, body);
    await expect(connect().post(journal, referenceOf(journal))).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(words),
    });
    expect(nock.pendingMocks()).toEqual([]);
  });

  test('401 with a good token, and 401 with a bad one', async () => {
    for (const [user, kind] of [
      [200, 'config'],
      [401, 'unauthorised'],
    ] as const) {
      nock(host).post(`${company}/generalJournalEntries`).reply(401, { message: 'nei' });
      nock(host).get('/api/v2/user').reply(user, {});
      await expect(connect().post(journal, referenceOf(journal))).rejects.toMatchObject({ kind });
    }
  });

  test('an address of a journal entry, as the specification has it, leads to its transaction too', async () => {
    nock(host)
      .post(`${company}/generalJournalEntries`)
      .reply(201, '', { location: `${host}${company}/journalEntries/8` });
    nock(host).get(`${company}/journalEntries/8`).reply(200, entry);
    nock(host)
      .get(`${company}/transactions/7`)
      .reply(200, { transactionId: 7, entries: [entry] });
    expect(await connect().post(journal, referenceOf(journal))).toMatchObject({ id: 'transaction-7' });
  });

  test.for(['', 'https://api.fiken.no/api/v2/companies/x/contacts/1'])(
    'no address to read back, "%s"',
    async (location) => {
      nock(host)
        .post(`${company}/generalJournalEntries`)
        .reply(201, '', location === '' ? {} : { location });
      await expect(connect().post(journal, referenceOf(journal))).rejects.toMatchObject({ kind: 'unknown-outcome' });
    },
  );

  test.for([
    ['not JSON', 'ok'],
    [
      'a fraction of an øre',
      {
        transactionId: 7,
        entries: [{ date: '2026-03-02', journalEntryId: 1, lines: [{ amount: 1.5, account: '3000' }] }],
      },
    ],
    ['no day', { transactionId: 7, entries: [{ date: '2026-02-30', journalEntryId: 1, lines: [] }] }],
  ] as const)('a read-back that is %s', async ([, body]) => {
    nock(host)
      .post(`${company}/sales`)
      .reply(201, '', { location: `${host}${company}/sales/9` });
    nock(host).get(`${company}/sales/9`).reply(200, { saleId: 9, transactionId: 7, date: '2026-03-02' });
    nock(host).get(`${company}/transactions/7`).times(6).reply(200, body);
    await expect(connect().post(sale, referenceOf(sale))).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });
});

describe('reads', () => {
  test("a listing without Fiken's headers is read to its short page", async () => {
    const page = (count: number): unknown[] =>
      Array.from({ length: count }, (_, index) => ({ code: `${3000 + index}`, name: 'x' }));
    nock(host).get(`${company}/accounts`).query({ page: 0, pageSize: 100 }).reply(200, page(100));
    nock(host).get(`${company}/accounts`).query({ page: 1, pageSize: 100 }).reply(200, page(3));
    nock(host).get(`${company}/bankAccounts`).query(true).reply(200, []);
    expect((await connect().chart()).accounts).toHaveLength(100);
    expect(nock.isDone()).toBe(true);
  });

  test('no filter of Fiken is trusted: what it ignores is filtered here', async () => {
    nock(host)
      .get(`${company}/sales`)
      .query(true)
      .reply(200, [{ saleId: 9, transactionId: 7, saleNumber: 'OTHER', date: '2026-03-02' }]);
    nock(host).get(`${company}/journalEntries`).query(true).reply(200, [entry]);
    expect(await connect().find('302321-20260302.S')).toEqual([]);
  });

  test('an entry that does not say which transaction it is in is not passed over', async () => {
    const { transactionId: _, ...nameless } = entry;
    nock(host).get(`${company}/sales`).query(true).reply(200, []);
    nock(host).get(`${company}/journalEntries`).query(true).reply(200, [nameless]);
    await expect(connect().find('302321-20260302.S')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('another company than the one asked for is refused', async () => {
    nock(host).get(company).reply(200, { slug: 'other-as', name: 'Other', organizationNumber: '1' });
    await expect(connect().identify()).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('nothing secret is told', () => {
  test('not by an error, an event or a cause, also where Fiken repeats it', async () => {
    const events: unknown[] = [];
    const echo = { message: `Bearer ${secret} is no good, and neither is ${secret}` };
    nock(host).post(`${company}/generalJournalEntries`).reply(400, echo);
    const error = await connect({ onEvent: (event) => events.push(event) })
      .post(journal, referenceOf(journal))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BilagError);
    const told = JSON.stringify([events, { ...(error as object) }, (error as Error).message, (error as Error).stack]);
    expect(told).toContain('HTTP 400');
    expect(told).not.toContain(secret);
  });
});

const secret = 'personal-token-4711';

const entry = {
  journalEntryId: 8,
  transactionId: 7,
  description: 'Fri postering registrert via API: Husleie',
  date: '2026-03-02',
  lines: [{ amount: 5, account: '6540', vatCode: '0' }],
};

function connect(changes: Partial<ServiceContext> = {}): Required<Service> {
  return fiken.connect(checkedConfig({ credential: 'c', company: 'bakeriet-as', accounts: fikenAccounts }), {
    ...new FakeContext(() => ({ token: secret })),
    ...changes,
  }) as Required<Service>;
}
