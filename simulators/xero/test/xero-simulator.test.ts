import { plainDate } from '@bilag/core';
import {
  startXeroSimulator,
  type XeroOrganisationOptions,
  type XeroSimulator,
  type XeroSimulatorOptions,
} from '@bilag/simulator-xero';
import { describe, expect, test } from 'vitest';

type Answer = Readonly<Record<string, unknown>> & {
  readonly ManualJournals?: readonly (Answer & {
    readonly ValidationErrors?: readonly { readonly Message: string }[];
  })[];
  readonly Journals?: readonly Answer[];
  readonly Attachments?: readonly Answer[];
};

class Caller {
  readonly simulator: XeroSimulator;
  headers: Record<string, string>;

  constructor(simulator: XeroSimulator) {
    this.simulator = simulator;
    this.headers = { 'xero-tenant-id': simulator.backDoor.organisation().tenant };
  }

  async open(refreshToken: string = this.simulator.credentials.refreshToken): Promise<number> {
    const { clientId, clientSecret } = this.simulator.credentials;
    const reply = await fetch(`${this.simulator.url}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    const { access_token: token = '' } = (await reply.json()) as { access_token?: string };
    if (reply.ok) this.headers = { ...this.headers, authorization: `Bearer ${token}` };
    return reply.status;
  }

  async ask(method: string, path: string, body?: object | string, more: Record<string, string> = {}) {
    const json = typeof body === 'object' ? { 'content-type': 'application/json' } : {};
    const reply = await fetch(`${this.simulator.url}/api.xro/2.0${path}`, {
      method,
      headers: { ...this.headers, ...json, ...more },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  async put(changes: object = {}, more: Record<string, string> = {}, summarizeErrors = false) {
    const journal = { ...sale, ...changes };
    const path = `/ManualJournals?summarizeErrors=${summarizeErrors}`;
    return this.ask('PUT', path, { ManualJournals: [journal] }, more);
  }

  /** What is wrong with a journal, where that is told in an answer of 200. */
  async problem(changes: object): Promise<string | undefined> {
    const { status, body } = await this.put(changes);
    return status === 200 ? body.ManualJournals?.[0]?.ValidationErrors?.[0]?.Message : undefined;
  }
}

const debit = { LineAmount: 9, AccountCode: '1579', TaxType: 'NONE' };
const credit = { LineAmount: -9, AccountCode: '3000', TaxType: 'TAX001' };
const sale = {
  Narration: 'Vipps 2000810',
  Date: '2026-03-02',
  Status: 'POSTED',
  LineAmountTypes: 'Inclusive',
  JournalLines: [debit, credit],
};

async function start(
  organisation: Partial<XeroOrganisationOptions> = {},
  options: XeroSimulatorOptions = {},
): Promise<AsyncDisposable & { readonly caller: Caller }> {
  const organisations = [{ name: 'Eksempel AS', ...organisation }];
  const simulator = await startXeroSimulator({ organisations, rateLimit: null, ...options });
  const caller = new Caller(simulator);
  await caller.open();
  return { caller, [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated Xero lets in who has a token', () => {
  test('that is refreshed with a token which works once', async () => {
    let ms = 0;
    await using started = await start({}, { now: () => new Date(ms) });
    const { caller } = started;
    expect((await caller.ask('GET', '/Organisation')).status).toBe(200);
    expect(await caller.open()).toBe(400);
    ms += 1_800_000;
    const late = await caller.ask('GET', '/Organisation');
    expect([late.status, late.body['Status'], late.body['Title']]).toEqual([401, 401, 'Unauthorized']);
    expect(await caller.open('simulated-xero-refresh-1-1')).toBe(200);
  });

  test('of the organisation, with the scopes, and not too often', async () => {
    await using closed = await start({ withoutScopes: true });
    expect((await closed.caller.ask('GET', '/Organisation')).status).toBe(403);
    await using busy = await start({}, { rateLimit: { requests: 1, windowMs: 60_000 } });
    const { caller } = busy;
    expect((await caller.ask('GET', '/Organisation', undefined, { 'xero-tenant-id': 'x' })).status).toBe(403);
    expect((await caller.ask('GET', '/Organisation')).status).toBe(200);
    const { status, headers } = await caller.ask('GET', '/Organisation');
    expect([status, headers.get('retry-after'), headers.get('x-rate-limit-problem')]).toEqual([429, '60', 'Minute']);
  });
});

describe('a manual journal', () => {
  test('is gross, and net in the ledger with the tax on the account that Xero keeps', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.put();
    const [journal] = body.ManualJournals ?? [];
    expect(journal).toMatchObject({
      StatusAttributeString: 'OK',
      Date: '/Date(1772409600000+0000)/',
      Status: 'POSTED',
    });
    const organisation = caller.simulator.backDoor.organisation();
    expect(organisation.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    const ledger = await caller.ask('GET', '/Journals?offset=0');
    expect(ledger.body.Journals).toMatchObject([{ JournalNumber: 1, SourceType: 'MANJOURNAL' }]);
    expect((await caller.ask('GET', '/Journals?offset=1')).body.Journals).toEqual([]);
  });

  test.each([
    [
      'that is out of balance',
      { JournalLines: [debit, { ...credit, LineAmount: -8 }] },
      'The total debits (9.00) must equal',
    ],
    ['of one line', { JournalLines: [{ ...debit, LineAmount: 0 }] }, 'at least two lines'],
    ['without a narration', { Narration: '' }, 'Narration must be specified'],
    [
      'with a bank account',
      { JournalLines: [{ ...debit, AccountCode: '1900' }, credit] },
      "'1900' is not a valid code",
    ],
    ['with an account that Xero keeps', { JournalLines: [{ ...debit, AccountCode: '2700' }, credit] }, "'2700' is not"],
    ['with an account that is missing', { JournalLines: [{ ...debit, AccountCode: '9999' }, credit] }, "'9999' is not"],
    ['with a tax type that is missing', { JournalLines: [debit, { ...credit, TaxType: 'X' }] }, "'X' does not exist"],
    ['with one that is not for it', { JournalLines: [debit, { ...credit, TaxType: 'TAX008' }] }, 'cannot be used with'],
    ['on no date', { Date: '2026-02-30' }, 'Date is not valid'],
    [
      'with an option that is missing',
      { JournalLines: [{ ...debit, Tracking: [{ Name: 'Department', Option: '99' }] }, credit] },
      "no option '99'",
    ],
  ])('%s is refused in an answer of 200', async (_, changes, words) => {
    await using started = await start();
    expect(await started.caller.problem(changes)).toContain(words);
    expect(started.caller.simulator.backDoor.organisation().journals()).toEqual([]);
  });

  test('on a locked date too, and in an answer of 400 where errors are summarised', async () => {
    await using started = await start({ yearLockedThrough: plainDate('2026-03-02') });
    expect(await started.caller.problem({})).toContain('lock date');
    const { status, body } = await started.caller.put({}, {}, true);
    expect([status, body['Type']]).toEqual([400, 'ValidationException']);
  });

  test('that is a draft loses an account that is not known, with a warning', async () => {
    await using started = await start();
    const lines = [{ ...debit, AccountCode: '476' }, credit];
    const { body } = await started.caller.put({ Status: 'DRAFT', JournalLines: lines });
    const [journal] = body.ManualJournals ?? [];
    expect(journal?.['Warnings']).toMatchObject([{ Message: expect.stringContaining('has been removed') as string }]);
    expect(started.caller.simulator.backDoor.organisation().journals()[0]?.lines[0]?.account).toBeUndefined();
  });

  test('is deleted as a draft, voided when it is posted, and stays there', async () => {
    await using started = await start();
    const { caller } = started;
    const organisation = caller.simulator.backDoor.organisation();
    await caller.put();
    await caller.put({ Status: 'DRAFT' });
    const [posted = '', draft = ''] = organisation.journals().map(({ id }) => id);
    const change = (id: string, Status: string) =>
      caller.ask('POST', `/ManualJournals/${id}`, { ManualJournals: [{ ManualJournalID: id, Status }] });
    expect((await change(posted, 'DELETED')).status).toBe(400);
    expect((await change(posted, 'VOIDED')).status).toBe(200);
    expect((await change(posted, 'VOIDED')).status).toBe(400);
    expect((await change(draft, 'DELETED')).status).toBe(200);
    expect(organisation.journals().map(({ status }) => status)).toEqual(['VOIDED', 'DELETED']);
    expect(new Set(Object.values(organisation.balances()))).toEqual(new Set([0]));
    expect((await caller.ask('GET', '/ManualJournals/x')).status).toBe(404);
  });

  test('takes files by their names, ten at most', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.put();
    const [{ id } = { id: '' }] = caller.simulator.backDoor.organisation().journals();
    const files = `/ManualJournals/${id}/Attachments`;
    expect((await caller.ask('PUT', `${files}/a%20b.csv`, 'a;b', { 'content-type': 'text/csv' })).status).toBe(200);
    expect((await caller.ask('GET', files)).body.Attachments).toMatchObject([
      { FileName: 'a b.csv', ContentLength: 3 },
    ]);
    expect((await caller.ask('PUT', `${files}/none`, 'a;b')).status).toBe(400);
    for (let count = 1; count < 10; count += 1) await caller.ask('PUT', `${files}/${count}.csv`, 'a;b');
    expect((await caller.ask('PUT', `${files}/11.csv`, 'a;b')).status).toBe(400);
  });
});

describe('an idempotency key', () => {
  test('is answered with what was answered first, for a while, and refuses another request', async () => {
    let ms = 0;
    await using started = await start({}, { now: () => new Date(ms), tokenSeconds: 1e6 });
    const { caller } = started;
    const key = { 'idempotency-key': 'one' };
    const first = await caller.put({}, key);
    expect((await caller.put({}, key)).body).toEqual(first.body);
    expect((await caller.put({ Narration: 'x' }, key)).status).toBe(400);
    expect((await caller.put({}, { 'idempotency-key': 'x'.repeat(129) })).status).toBe(400);
    ms += 360_000;
    await caller.put({}, key);
    expect(caller.simulator.backDoor.organisation().journals()).toHaveLength(2);
  });
});

describe('lists', () => {
  test('are filtered by date, status and the start of the narration, and come page by page', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.put();
    await caller.put({ Date: '2026-03-03', Status: 'DRAFT' });
    const found = async (where: string, more = ''): Promise<unknown[]> => {
      const path = `/ManualJournals?where=${encodeURIComponent(where)}${more}`;
      return ((await caller.ask('GET', path)).body.ManualJournals ?? []).map((one) => one['Status']);
    };
    expect(await found('Date>=DateTime(2026,03,02) AND Date<=DateTime(2026,3,2)')).toEqual(['POSTED']);
    expect(await found('Status=="DRAFT"')).toEqual(['DRAFT']);
    expect(await found('Narration.StartsWith("Vipps 2")', '&page=2&pageSize=1')).toEqual(['DRAFT']);
    expect(await found('Narration.StartsWith("ipps")')).toEqual([]);
    const wrong = await caller.ask('GET', '/ManualJournals?where=Amount%3E1');
    expect([wrong.status, wrong.body['Type']]).toEqual([400, 'QueryParseException']);
  });

  test('show what is new when its time has come, and the ledger what was written since', async () => {
    let ms = Date.UTC(2026, 2, 2);
    await using started = await start({}, { now: () => new Date(ms), listedAfterMs: 5_000 });
    const { caller } = started;
    await caller.put();
    expect((await caller.ask('GET', '/ManualJournals')).body.ManualJournals).toEqual([]);
    ms += 5_000;
    expect((await caller.ask('GET', '/ManualJournals')).body.ManualJournals).toHaveLength(1);
    const since = (text: string) => caller.ask('GET', '/Journals?offset=0', undefined, { 'if-modified-since': text });
    expect((await since('2026-03-02T00:00:00')).body.Journals).toHaveLength(1);
    expect((await since('2026-03-03T00:00:00')).body.Journals).toEqual([]);
  });
});
