import { plainDate } from '@bilag/core';
import {
  startUnimicroSimulator,
  type UnimicroSimulator,
  type UnimicroSimulatorOptions,
} from '@bilag/simulator-unimicro';
import { sign, createPrivateKey, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';

type Row = Readonly<Record<string, unknown>>;

class Caller {
  readonly simulator: UnimicroSimulator;
  company = 'kafe-eksempel';
  token = '';

  constructor(simulator: UnimicroSimulator) {
    this.simulator = simulator;
  }

  /** An assertion that is right, but for the claims that are given. */
  assertion(changes: object = {}, atMs = Date.now()): string {
    const { clientId, privateKey } = this.simulator.credentials;
    const exp = Math.floor(atMs / 1000) + 60;
    const claims = { iss: clientId, sub: clientId, aud: `${this.simulator.url}/connect/token`, jti: randomUUID(), exp };
    const signed = [{ alg: 'RS256' }, { ...claims, ...changes }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  async open(assertion = this.assertion()): Promise<number> {
    const form = { grant_type: 'client_credentials', client_id: this.simulator.credentials.clientId };
    const reply = await fetch(`${this.simulator.url}/connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_assertion: assertion }),
    });
    if (reply.status === 200) this.token = ((await reply.json()) as { access_token: string }).access_token;
    return reply.status;
  }

  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: readonly Row[] & Row }> {
    const reply = await fetch(`${this.simulator.url}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, companykey: this.company },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: (text === '' ? [] : JSON.parse(text)) as readonly Row[] & Row };
  }

  rows(route: string, query: Record<string, string> = {}): Promise<{ status: number; body: readonly Row[] & Row }> {
    return this.ask('GET', `biz/${route}?${new URLSearchParams(query).toString()}`);
  }

  /** 1579 against 3000 with VAT, by the ids of the simulator. */
  post(
    action: string,
    changes: object = {},
    line: object = {},
  ): Promise<{ status: number; body: readonly Row[] & Row }> {
    const { accounts } = this;
    const own = { FinancialDate: '2026-03-02' };
    const DraftLines = [
      { ...own, AccountID: accounts.get('1579'), Amount: 9 },
      { ...own, AccountID: accounts.get('3000'), Amount: -9, VatTypeID: 3, ...line },
    ];
    const entry = { Description: 'Salg', ExternalReference: 'A-1', ExternalSource: 'bilag', DraftLines, ...changes };
    return this.ask('POST', `biz/journalentries?action=${action}`, [entry]);
  }

  accounts: ReadonlyMap<string, unknown> = new Map();
}

async function start(options: UnimicroSimulatorOptions = {}): Promise<AsyncDisposable & { caller: Caller }> {
  const simulator = await startUnimicroSimulator(options);
  const caller = new Caller(simulator);
  await caller.open(caller.assertion({}, options.now?.().getTime()));
  const { body } = await caller.rows('accounts');
  if (Array.isArray(body)) caller.accounts = new Map(body.map((row: Row) => [String(row['AccountNumber']), row['ID']]));
  return { caller, [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated Unimicro lets in who signs', () => {
  test('once with each assertion, for as long as it is good, and for itself', async () => {
    await using started = await start();
    const { caller } = started;
    const assertion = caller.assertion();
    expect([await caller.open(assertion), await caller.open(assertion)]).toEqual([200, 400]);
    expect(await caller.open(caller.assertion({ exp: 1 }))).toBe(400);
    expect(await caller.open(caller.assertion({ aud: 'https://login.unimicro.no' }))).toBe(400);
    expect(await caller.open(`${assertion.slice(0, -4)}AAAA`)).toBe(400);
  });

  test('until the token ends, in companies that the application may see, with the rights it was given', async () => {
    let ms = 0;
    const companies = [{ key: 'kafe-eksempel', withoutRights: ['book'] as const }];
    await using started = await start({ now: () => new Date(ms), companies });
    const { caller } = started;
    expect((await caller.ask('GET', 'init/companies')).body).toMatchObject([{ Key: 'kafe-eksempel' }]);
    expect(await caller.post('book-journal-entries')).toMatchObject({ status: 403 });
    caller.company = 'en-annen';
    expect(await caller.rows('accounts')).toMatchObject({
      status: 403,
      body: { Message: expect.any(String) as string },
    });
    ms = 3_600_000;
    expect((await caller.ask('GET', 'init/companies')).status).toBe(401);
  });

  test('as often as it is told', async () => {
    await using started = await start({ rateLimit: { requests: 2, windowMs: 60_000 }, now: () => new Date(0) });
    const statuses = [];
    for (let times = 0; times < 2; times += 1) statuses.push((await started.caller.rows('accounts')).status);
    expect(statuses).toEqual([200, 429]);
  });
});

describe('the simulated Unimicro keeps books', () => {
  test('a booked entry has a number and the VAT on a line of its own, a draft neither', async () => {
    await using started = await start();
    const { caller } = started;
    const company = caller.simulator.backDoor.company();
    const draft = await caller.post('save-journal-entries-as-draft');
    expect([draft.status, draft.body[0]?.['JournalEntryNumber'], company.balances()]).toEqual([200, null, {}]);
    const booked = await caller.post('book-journal-entries');
    expect(booked.body[0]).toMatchObject({ JournalEntryNumber: '1-2026', JournalEntryNumberNumeric: 1 });
    expect(booked.body[0]).not.toHaveProperty('Lines');
    expect(company.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    const group = String(draft.body[0]?.['JournalEntryDraftGroup']);
    const path = `biz/journalentries?action=delete-journal-entry-draft-group&journalEntryDraftGroup=${group}`;
    expect((await caller.ask('DELETE', path)).status).toBe(204);
    expect(company.entries()).toHaveLength(1);
  });

  const row = { FinancialDate: '2026-03-02', AccountID: 302, Amount: 9 };
  test.each<[string, object, object]>([
    ['Bilaget går ikke i balanse.', {}, { Amount: -8 }],
    ['Beløp kan ikke være 0.', { DraftLines: [{ ...row, Amount: 0 }] }, {}],
    ['Beløpet er ugyldig.', {}, { Amount: -9.001 }],
    ['Amount og AmountCurrency er ulike.', {}, { AmountCurrency: -8 }],
    ['Kontoen finnes ikke.', {}, { AccountID: 9_999 }],
    ['Konto 6600 er ikke aktiv.', {}, { AccountID: 327 }],
    ['Konto 6601 er låst for manuell bokføring.', {}, { AccountID: 328 }],
    ['Mva-koden finnes ikke.', {}, { VatTypeID: 99 }],
    ['Avdelingen finnes ikke.', {}, { Dimensions: { DepartmentID: 99 } }],
    ['Description kan ikke være lengre enn 200 tegn.', { Description: 'x'.repeat(201) }, {}],
    ['Description kan ikke være lengre enn 500 tegn.', {}, { Description: 'x'.repeat(501) }],
    ['Bilaget har ingen linjer.', { DraftLines: [] }, {}],
    ['FinancialDate mangler.', {}, { FinancialDate: null }],
    ['Fant ingen faktura å føre betalingen mot.', {}, { InvoiceNumber: '7' }],
    ['Regnskapsår for 2031-03-02 finnes ikke.', {}, { FinancialDate: '2031-03-02' }],
    ['Regnskapet er låst til og med 2026-01-31.', {}, { FinancialDate: '2026-01-31' }],
    ['Mva er låst til og med 2026-02-28.', {}, { FinancialDate: '2026-02-28' }],
  ])('it refuses: %s', async (message, changes, line) => {
    const accounts = [
      { number: '6600', name: 'Stengt', isInactive: true },
      { number: '6601', name: 'Låst', isLockedForManualPosts: true },
    ];
    const [lockedThrough, vatLockedThrough] = [plainDate('2026-01-31'), plainDate('2026-02-28')];
    await using started = await start({
      companies: [
        { key: 'kafe-eksempel', accounts, departments: { '10': 'Servering' }, lockedThrough, vatLockedThrough },
      ],
    });
    const { status, body } = await started.caller.post('book-journal-entries', changes, line);
    expect([status, body['Message']]).toEqual([400, message]);
    expect(started.caller.simulator.backDoor.company().entries()).toEqual([]);
  });

  test('of several entries all are booked, or none', async () => {
    await using started = await start();
    const { caller } = started;
    const good = { DraftLines: [row, { ...row, Amount: -9 }] };
    const bad = { DraftLines: [row] };
    expect((await caller.ask('POST', 'biz/journalentries?action=book-journal-entries', [good, bad])).status).toBe(400);
    expect(caller.simulator.backDoor.company().entries()).toEqual([]);
  });

  test.each([false, true])('a credit links both ways, and is made once (in the same entry: %s)', async (same) => {
    await using started = await start({ creditsInSameEntry: same });
    const { caller } = started;
    const id = String((await caller.post('book-journal-entries')).body[0]?.['ID']);
    const path = `biz/journalentries?action=credit-and-book-journal-entry&journalEntryID=${id}&creditDate=2026-03-09`;
    const credit = await caller.ask('POST', path);
    expect([credit.status, String(credit.body[0]?.['ID']) === id]).toEqual([200, same]);
    expect(await caller.ask('POST', path)).toMatchObject({ status: 400 });
    expect(Object.values(caller.simulator.backDoor.company().balances())).toEqual([0, 0, 0]);
    const { body } = await caller.rows('journalentrylines', { expand: 'OriginalReferencePost,ReferenceCreditPost' });
    for (const line of body) {
      expect(line['StatusCode']).toBe(31_004);
      const link = line['OriginalReferencePostID'] ?? line['ReferenceCreditPostID'];
      expect(body.find((one) => one['ID'] === link)).toBeDefined();
    }
  });
});

describe('lists', () => {
  test('are filtered and paged, and have no more than was asked for', async () => {
    await using started = await start();
    const { caller } = started;
    for (const reference of ['A-1', "O'Hara", 'A-2'])
      await caller.post('book-journal-entries', { ExternalReference: reference });
    const references = async (query: Record<string, string>): Promise<unknown[]> =>
      (await caller.rows('journalentries', query)).body.map((one) => one['ExternalReference']);
    expect(await references({ filter: "ExternalReference eq 'a-1' and ExternalSource eq 'bilag'" })).toEqual(['A-1']);
    expect(await references({ filter: "ExternalReference eq 'O''Hara'" })).toEqual(["O'Hara"]);
    expect(await references({ filter: "(ID gt 0) and (ExternalReference eq 'A-2' or ID lt 6)" })).toEqual([
      'A-1',
      'A-2',
    ]);
    expect(await references({ filter: 'JournalEntryNumberNumeric eq null' })).toEqual([]);
    expect(await references({ top: '2' })).toEqual(['A-1', "O'Hara"]);
    expect(await references({ top: '2', skip: '2' })).toEqual(['A-2']);
    // What it does not know it leaves out: all of it.
    expect(await references({ filter: "Reference eq 'A-1'" })).toHaveLength(3);
    const [plainLine] = (await caller.rows('journalentrylines')).body;
    expect(plainLine).not.toHaveProperty('JournalEntry');
    const [whole] = (await caller.rows('journalentries', { expand: 'Lines,Lines.Dimensions' })).body;
    expect(whole?.['Lines']).toMatchObject([
      { Dimensions: {} },
      {},
      { VatJournalEntryPostID: expect.any(Number) as number },
    ]);
  });

  test('may lag behind, but not what is asked for by its id', async () => {
    let ms = Date.now();
    await using started = await start({ now: () => new Date(ms), listedAfterMs: 5_000 });
    const { caller } = started;
    const id = String((await caller.post('book-journal-entries')).body[0]?.['ID']);
    expect((await caller.rows('journalentries')).body).toEqual([]);
    expect((await caller.ask('GET', `biz/journalentries/${id}`)).status).toBe(200);
    ms += 5_000;
    expect((await caller.rows('journalentries')).body).toHaveLength(1);
  });
});

test('a file lies with an entry, and is one of those that are taken', async () => {
  await using started = await start();
  const { caller } = started;
  const id = String((await caller.post('book-journal-entries')).body[0]?.['ID']);
  const send = (name: string, entryId: string): Promise<{ status: number }> => {
    const form = new FormData();
    form.set('EntityType', 'JournalEntry');
    form.set('EntityID', entryId);
    form.set('File', new Blob(['%PDF-']), name);
    return caller.ask('POST', 'file', form);
  };
  expect([
    (await send('a.pdf', id)).status,
    (await send('a.xml', id)).status,
    (await send('a.pdf', '99')).status,
  ]).toEqual([200, 400, 404]);
  expect((await caller.ask('GET', `biz/files/JournalEntry/${id}`)).body).toMatchObject([{ Name: 'a.pdf' }]);
  expect(caller.simulator.failures).toEqual([]);
});
