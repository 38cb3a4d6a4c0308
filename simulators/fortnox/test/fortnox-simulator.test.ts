import { plainDate } from '@bilag/core';
import { startFortnoxSimulator, type FortnoxSimulator, type FortnoxSimulatorOptions } from '@bilag/simulator-fortnox';
import { describe, expect, test } from 'vitest';

type Answer = Readonly<Record<string, unknown>> & {
  readonly Vouchers?: readonly Answer[];
  readonly Voucher?: Answer;
  readonly ErrorInformation?: Answer;
};

class Caller {
  readonly simulator: FortnoxSimulator;
  token = '';

  constructor(simulator: FortnoxSimulator) {
    this.simulator = simulator;
  }

  async refresh(
    refreshToken = this.simulator.credentials.refreshTokens[1] ?? '',
  ): Promise<{ status: number; body: Answer }> {
    const { clientId, clientSecret } = this.simulator.credentials;
    const reply = await fetch(`${this.simulator.url}/oauth-v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    const body = (await reply.json()) as Answer;
    if (reply.status === 200) this.token = String(body['access_token']);
    return { status: reply.status, body };
  }

  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> {
    const reply = await fetch(`${this.simulator.url}/3${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    return { status: reply.status, body: (await reply.json()) as Answer };
  }

  post(changes: object = {}, year = 8): Promise<{ status: number; body: Answer }> {
    const rows = [
      { Account: 1686, Debit: 9 },
      { Account: 3001, Credit: 9, CostCenter: '10' },
    ];
    const voucher = {
      Description: 'A-1 Försäljning',
      Comments: 'A-1',
      TransactionDate: '2026-03-02',
      VoucherSeries: 'V',
      VoucherRows: rows,
    };
    return this.ask('POST', `/vouchers?financialyear=${year}`, { Voucher: { ...voucher, ...changes } });
  }
}

async function start(options: FortnoxSimulatorOptions = {}): Promise<AsyncDisposable & { caller: Caller }> {
  const simulator = await startFortnoxSimulator({ rateLimit: null, ...options });
  const caller = new Caller(simulator);
  await caller.refresh();
  return { caller, [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated Fortnox lets in who has a token', () => {
  test('a refresh token works once, and the next one comes with the token', async () => {
    let ms = 0;
    await using started = await start({ now: () => new Date(ms) });
    const { caller } = started;
    expect(await caller.refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await caller.ask('GET', '/companyinformation')).body).toMatchObject({
      CompanyInformation: { DatabaseNumber: 1 },
    });
    ms = 3_600_000;
    expect(await caller.ask('GET', '/companyinformation')).toEqual({ status: 401, body: { message: 'unauthorized' } });
    expect((await caller.refresh('simulated-fortnox-refresh-1-1')).status).toBe(200);
  });

  test('the twenty-sixth request in five seconds is turned away by the gateway', async () => {
    await using started = await start({ rateLimit: { requests: 2, windowMs: 5_000 }, now: () => new Date(0) });
    const { caller } = started;
    const statuses = [];
    for (let times = 0; times < 3; times += 1) statuses.push((await caller.ask('GET', '/accounts')).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('a missing scope is 403 with its code', async () => {
    await using started = await start({ companies: [{ number: 1, withoutScopes: ['bookkeeping'] }] });
    const { status, body } = await started.caller.post();
    expect([status, body.ErrorInformation?.['code']]).toEqual([403, 2000663]);
  });
});

describe('the simulated Fortnox books vouchers', () => {
  test('numbered in their series, anew each financial year', async () => {
    await using started = await start();
    const { caller } = started;
    const first = await caller.post();
    expect([first.status, first.body.Voucher]).toMatchObject([
      201,
      { VoucherNumber: 1, VoucherSeries: 'V', Year: 8, Comments: 'A-1' },
    ]);
    expect((await caller.post()).body.Voucher).toMatchObject({ VoucherNumber: 2 });
    expect((await caller.post({ VoucherSeries: 'A' })).body.Voucher).toMatchObject({ VoucherNumber: 1 });
    expect((await caller.post({ TransactionDate: '2027-03-02' }, 9)).body.Voucher).toMatchObject({
      VoucherNumber: 1,
      Year: 9,
    });
    expect((await caller.ask('GET', '/vouchers/V/2?financialyear=8')).body.Voucher).toMatchObject({
      VoucherRows: [{ Debit: 9 }, { Credit: 9 }],
    });
  });

  const even = [
    { Account: 1686, Debit: 1 },
    { Account: 3001, Credit: 1 },
  ];
  test.each<[string, object]>([
    [
      'Verifikationen balanserar inte.',
      {
        VoucherRows: [
          { Account: 1686, Debit: 1 },
          { Account: 3001, Credit: 2 },
        ],
      },
    ],
    ['Kontot 9999 finns inte.', { VoucherRows: [{ Account: 9999, Debit: 1 }, ...even] }],
    ['Kontot 6600 är inte aktivt.', { VoucherRows: [{ Account: 6600, Debit: 1 }, ...even] }],
    ['Kontot 6601 kräver kostnadsställe.', { VoucherRows: [{ Account: 6601, Debit: 1 }, ...even] }],
    ['Kostnadsstället 99 finns inte.', { VoucherRows: [{ Account: 1686, Debit: 1, CostCenter: '99' }, ...even] }],
    ['En rad har debet eller kredit.', { VoucherRows: [{ Account: 1686, Debit: 1, Credit: 1 }, ...even] }],
    ['Beloppet är ogiltigt.', { VoucherRows: [{ Account: 1686, Debit: -1 }, ...even] }],
    ['En verifikation har minst två rader.', { VoucherRows: even.slice(1) }],
    ['Verifikationsserien X finns inte.', { VoucherSeries: 'X' }],
    ['Verifikationsserien B är inte manuell.', { VoucherSeries: 'B' }],
    ['Description saknas.', { Description: '' }],
    ['Comments är längre än 1000.', { Comments: 'x'.repeat(1001) }],
    ['Datumet 2027-03-02 ligger inte i räkenskapsåret.', { TransactionDate: '2027-03-02' }],
    ['Perioden är låst till och med 2026-01-31.', { TransactionDate: '2026-01-31' }],
  ])('it refuses: %s', async (message, changes) => {
    const accounts = [
      { number: '6600', name: 'Stängt', isInactive: true },
      { number: '6601', name: 'Delat', costCenter: 'MANDATORY' as const },
    ];
    const series = [{ code: 'V' }, { code: 'B', isManual: false }];
    const company = {
      number: 1,
      accounts,
      series,
      costCenters: { '10': 'Servering' },
      lockedThrough: plainDate('2026-01-31'),
    };
    await using started = await start({ companies: [company] });
    const { status, body } = await started.caller.post(changes);
    expect([status, body.ErrorInformation?.['message']]).toEqual([400, message]);
    expect(started.caller.simulator.backDoor.company().vouchers()).toEqual([]);
  });

  test('what is not there is told with capitals, and a lock without a date locks nothing', async () => {
    await using started = await start();
    const { caller } = started;
    expect((await caller.ask('GET', '/vouchers/V/9?financialyear=8')).body.ErrorInformation).toMatchObject({
      Code: 2000428,
    });
    expect((await caller.ask('GET', '/settings/lockedperiod')).body).toEqual({ LockedPeriod: {} });
  });
});

describe('lists and files', () => {
  test('a series comes in pages without rows, oldest first, and a voucher that arrives meanwhile stands on the last', async () => {
    await using started = await start();
    const { caller } = started;
    for (let times = 0; times < 3; times += 1) await caller.post();
    await caller.post({ VoucherSeries: 'A' });
    const first = await caller.ask('GET', '/vouchers/sublist/V?financialyear=8&limit=2&page=1');
    expect(first.body['MetaInformation']).toMatchObject({ '@TotalResources': 3, '@TotalPages': 2 });
    await caller.post();
    const second = await caller.ask('GET', '/vouchers/sublist/V?financialyear=8&limit=2&page=2');
    const all = [...(first.body.Vouchers ?? []), ...(second.body.Vouchers ?? [])];
    expect(all.map((one) => one['VoucherNumber'])).toEqual([1, 2, 3, 4]);
    expect(all[0]).not.toHaveProperty('VoucherRows');
    expect((await caller.ask('GET', '/vouchers?financialyear=8')).body.Vouchers).toHaveLength(5);
  });

  test('a SIE file has the rows of a year, in code page 437', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.post();
    const reply = await fetch(`${caller.simulator.url}/3/sie/4?financialYear=8`, {
      headers: { authorization: `Bearer ${caller.token}` },
    });
    const text = Buffer.from(await reply.arrayBuffer()).toString('latin1');
    expect(text).toContain('#VER V 1 20260302 "A-1 F\u0094rs\u0084ljning" 20260302');
    expect(text).toContain('#TRANS 3001 {1 "10"} -9.00 "" "" 0');
  });

  test('may lag behind', async () => {
    let ms = 0;
    await using started = await start({ now: () => new Date(ms), listedAfterMs: 5_000 });
    await started.caller.post();
    expect((await started.caller.ask('GET', '/vouchers/sublist/V?financialyear=8')).body.Vouchers).toEqual([]);
    ms = 5_000;
    expect((await started.caller.ask('GET', '/vouchers/sublist/V?financialyear=8')).body.Vouchers).toHaveLength(1);
  });

  test('a file waits in the inbox until it is laid on a voucher, once', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.post();
    const form = new FormData();
    form.set('file', new Blob(['%PDF-']), 'a.pdf');
    const { status, body } = await caller.ask('POST', '/inbox', form);
    const { Id } = body['File'] as { readonly Id: string };
    expect([status, (await caller.ask('GET', '/inbox')).body]).toMatchObject([
      201,
      { Folder: { Files: [{ Id, Name: 'a.pdf' }] } },
    ]);
    const connection = {
      VoucherFileConnection: { FileId: Id, VoucherNumber: '1', VoucherSeries: 'V', VoucherYear: 8 },
    };
    expect((await caller.ask('POST', '/voucherfileconnections', connection)).status).toBe(201);
    expect((await caller.ask('POST', '/voucherfileconnections', connection)).body.ErrorInformation).toMatchObject({
      code: 2000013,
    });
    form.set('file', new Blob(['<a/>']), 'a.xml');
    expect((await caller.ask('POST', '/inbox', form)).status).toBe(400);
    const [held] = caller.simulator.backDoor.company().vouchers();
    expect(held && caller.simulator.backDoor.company().filesOf(held)).toMatchObject([{ name: 'a.pdf' }]);
    expect(caller.simulator.failures).toEqual([]);
  });
});
