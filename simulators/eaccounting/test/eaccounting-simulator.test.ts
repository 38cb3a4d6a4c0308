import { plainDate } from '@bilag/core';
import {
  startEAccountingSimulator,
  type EAccountingSimulator,
  type EAccountingSimulatorOptions,
} from '@bilag/simulator-eaccounting';
import { describe, expect, test } from 'vitest';

type Answer = Readonly<Record<string, unknown>> & { readonly Data?: readonly Answer[]; readonly Meta?: Answer };

class Caller {
  readonly simulator: EAccountingSimulator;
  token = '';

  constructor(simulator: EAccountingSimulator) {
    this.simulator = simulator;
  }

  async refresh(id = 'cafe-1', refreshToken = this.simulator.credentials.refreshTokens[id] ?? ''): Promise<number> {
    const { clientId, clientSecret } = this.simulator.credentials;
    const reply = await fetch(`${this.simulator.url}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    if (reply.status === 200) this.token = ((await reply.json()) as { access_token: string }).access_token;
    return reply.status;
  }

  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> {
    const reply = await fetch(`${this.simulator.url}/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  post(changes: object = {}, where = 'vouchers'): Promise<{ status: number; body: Answer }> {
    const Rows = [
      { AccountNumber: 1686, DebitAmount: 9, CreditAmount: 0 },
      { AccountNumber: 3001, DebitAmount: 0, CreditAmount: 9 },
    ];
    return this.ask('POST', where, { VoucherDate: '2026-03-02', VoucherText: 'A-1 Försäljning', Rows, ...changes });
  }
}

async function start(options: EAccountingSimulatorOptions = {}): Promise<AsyncDisposable & { caller: Caller }> {
  const simulator = await startEAccountingSimulator(options);
  const caller = new Caller(simulator);
  await caller.refresh(options.companies?.[0]?.id);
  return { caller, [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated eAccounting lets in who has a token', () => {
  test('which a refresh token gives once, with the scopes that were asked for', async () => {
    await using started = await start({ companies: [{ id: 'cafe-1', withoutScopes: ['ea:accounting'] }] });
    const { caller } = started;
    expect(await caller.refresh()).toBe(400);
    expect((await caller.ask('GET', 'companysettings')).body).toMatchObject({ CompanyIdentifier: 'cafe-1' });
    expect((await caller.post()).status).toBe(403);
    caller.simulator.access.expireTokens();
    expect((await caller.ask('GET', 'companysettings')).status).toBe(401);
  });

  test('as often as all its companies together may ask an address', async () => {
    const companies = [{ id: 'cafe-1' }, { id: 'cafe-2' }];
    await using started = await start({
      companies,
      rateLimit: { requests: 1, windowMs: 60_000 },
      now: () => new Date(0),
    });
    const { caller } = started;
    expect((await caller.ask('GET', 'companysettings')).status).toBe(200);
    await caller.refresh('cafe-2');
    const { status, body } = await caller.ask('GET', 'companysettings');
    expect([status, body['ErrorCode']]).toEqual([429, 4010]);
    expect(body['DeveloperErrorMessage']).toContain('Try again in 60 seconds.');
    expect((await caller.ask('GET', 'fiscalyears')).status).toBe(200);
  });
});

describe('the simulated eAccounting keeps books', () => {
  test('a voucher has a number in its series, and stays', async () => {
    await using started = await start();
    const { caller } = started;
    expect((await caller.post()).body).toMatchObject({ NumberAndNumberSeries: 'A1', VoucherType: 2 });
    expect((await caller.post({ NumberSeries: 'V' })).body).toMatchObject({ NumberAndNumberSeries: 'A2' });
    const own = await caller.post({ NumberSeries: 'V' }, 'vouchers?useDefaultVoucherSeries=false');
    expect([own.status, own.body['NumberAndNumberSeries']]).toEqual([201, 'V1']);
    expect((await caller.ask('DELETE', `vouchers/x/${String(own.body['Id'])}`)).status).toBe(404);
    expect(caller.simulator.backDoor.company().balances()).toEqual({ '1686': 2700, '3001': -2700 });
  });

  test('a draft need not balance, and becomes a voucher with another id', async () => {
    await using started = await start();
    const { caller } = started;
    const company = caller.simulator.backDoor.company();
    const uneven = await caller.post({ Rows: [{ AccountNumber: 1686, DebitAmount: 9 }] }, 'voucherdrafts');
    expect([uneven.status, company.balances()]).toEqual([201, {}]);
    expect((await caller.ask('POST', `voucherdrafts/${String(uneven.body['Id'])}/convert`)).status).toBe(400);
    expect((await caller.ask('DELETE', `voucherdrafts/${String(uneven.body['Id'])}`)).status).toBe(200);
    const draft = String((await caller.post({}, 'voucherdrafts')).body['Id']);
    const voucher = await caller.ask('POST', `voucherdrafts/${draft}/convert`);
    expect([voucher.status, voucher.body['Id'] === draft]).toEqual([201, false]);
    expect(company.vouchers()).toHaveLength(1);
  });

  const row = { AccountNumber: 1686, DebitAmount: 9 };
  test.each<[number, string, object]>([
    [2000, 'The voucher is not balanced.', { Rows: [row] }],
    [3002, 'Account 9999 does not exist.', { Rows: [{ ...row, AccountNumber: 9999 }] }],
    [4004, 'Account 6600 is not active.', { Rows: [{ ...row, AccountNumber: 6600 }] }],
    [2000, 'Account 6601 is blocked for manual booking.', { Rows: [{ ...row, AccountNumber: 6601 }] }],
    [2000, 'Account 6602 takes no text.', { Rows: [{ ...row, AccountNumber: 6602, TransactionText: 'x' }] }],
    [2000, 'Account 6603 needs a cost center.', { Rows: [{ ...row, AccountNumber: 6603 }] }],
    [2000, 'A row has debit or credit.', { Rows: [{ ...row, CreditAmount: 9 }] }],
    [2000, 'The amount is not valid.', { Rows: [{ ...row, DebitAmount: -9 }] }],
    [2000, 'The project does not exist.', { Rows: [{ ...row, ProjectId: 'x' }] }],
    [2000, 'TransactionText is longer than 60.', { Rows: [{ ...row, TransactionText: 'x'.repeat(61) }] }],
    [2000, 'VoucherText is longer than 1000.', { VoucherText: 'x'.repeat(1001) }],
    [2000, 'VoucherText is missing.', { VoucherText: '' }],
    [2000, 'Comment is not known.', { Comment: 'x' }],
    [3001, 'There is no fiscal year for the date.', { VoucherDate: '2031-03-02' }],
    [4038, 'The fiscal year is locked.', { VoucherDate: '2025-03-02' }],
    [4026, 'The period is locked for accounting.', { VoucherDate: '2026-01-31' }],
  ])('it refuses with %i: %s', async (code, message, changes) => {
    const accounts = [
      { number: '6600', name: 'Stängt', isInactive: true },
      { number: '6601', name: 'Låst', isBlockedForManualBooking: true },
      { number: '6602', name: 'Utan text', takesNoText: true },
      { number: '6603', name: 'Delat', needsCostCenter: true },
    ];
    await using started = await start({
      companies: [{ id: 'cafe-1', accounts, lockedThrough: plainDate('2026-01-31') }],
    });
    const company = started.caller.simulator.backDoor.company();
    company.lockYear(plainDate('2025-01-01'));
    const { status, body } = await started.caller.post(changes);
    expect([status, body['ErrorCode'], body['DeveloperErrorMessage']]).toEqual([400, code, message]);
    expect(company.vouchers()).toEqual([]);
  });

  test('and nothing of who may only read; a year that is not there is a bad request', async () => {
    await using started = await start({ companies: [{ id: 'cafe-1', isReadOnly: true }] });
    expect((await started.caller.post()).body['ErrorCode']).toBe(4019);
    expect((await started.caller.ask('GET', 'fiscalyears/x')).status).toBe(400);
  });
});

describe('lists and files', () => {
  test('a list has the newest first, in pages that say how many there are, filtered by month', async () => {
    await using started = await start();
    const { caller } = started;
    for (const month of ['01', '02', '03'])
      await caller.post({ VoucherDate: `2026-${month}-02`, VoucherText: `A-${month} x` });
    const list = (query: string): Promise<{ status: number; body: Answer }> => caller.ask('GET', `vouchers?${query}`);
    const texts = async (query: string): Promise<unknown> =>
      (await list(query)).body.Data?.map((one) => one['VoucherText']);
    expect(await texts('$page=1&$pagesize=2')).toEqual(['A-03 x', 'A-02 x']);
    expect((await list('$page=1&$pagesize=2')).body.Meta).toMatchObject({
      TotalNumberOfPages: 2,
      TotalNumberOfResults: 3,
    });
    expect(await texts('$filter=year(VoucherDate) eq 2026 and month(VoucherDate) ge 2')).toEqual(['A-03 x', 'A-02 x']);
    expect(await texts("$filter=startswith(VoucherText,'A-01')")).toEqual(['A-01 x']);
    expect((await list("$filter=VoucherText eq 'A-01'")).body['ErrorCode']).toBe(6000);
    const year = (await caller.ask('GET', 'fiscalyears')).body.Data?.find((one) =>
      String(one['StartDate']).startsWith('2025'),
    );
    expect((await caller.ask('GET', `vouchers/${String(year?.['Id'])}`)).body.Data).toEqual([]);
  });

  test('may lag behind', async () => {
    let ms = 0;
    await using started = await start({ now: () => new Date(ms), listedAfterMs: 5_000 });
    await started.caller.post();
    expect((await started.caller.ask('GET', 'vouchers')).body.Data).toEqual([]);
    ms = 5_000;
    expect((await started.caller.ask('GET', 'vouchers')).body.Data).toHaveLength(1);
  });

  test('a file is stored, and linked once', async () => {
    await using started = await start();
    const { caller } = started;
    const DocumentId = (await caller.post()).body['Id'];
    const upload = {
      ContentType: 'application/pdf',
      FileName: 'vipps_mars',
      Data: Buffer.from('%PDF-').toString('base64'),
    };
    const { status, body } = await caller.ask('POST', 'attachments', upload);
    const link = { DocumentId, DocumentType: 3, AttachmentIds: [body['Id']] };
    expect(status).toBe(201);
    expect((await caller.ask('GET', 'attachments?includeMatched=false')).body.Data).toHaveLength(1);
    expect((await caller.ask('POST', 'attachmentlinks', link)).status).toBe(200);
    expect((await caller.ask('POST', 'attachmentlinks', link)).status).toBe(400);
    expect((await caller.ask('GET', 'attachments?includeMatched=false')).body.Data).toEqual([]);
    for (const wrong of [{ ContentType: 'text/csv' }, { FileName: 'a.pdf' }]) {
      expect((await caller.ask('POST', 'attachments', { ...upload, ...wrong })).status).toBe(400);
    }
    expect(caller.simulator.backDoor.company().filesOf(String(DocumentId))).toMatchObject([{ name: 'vipps_mars' }]);
    expect(caller.simulator.failures).toEqual([]);
  });
});
