import { plainDate } from '@bilag/core';
import {
  startPowerOfficeSimulator,
  type PowerOfficeSimulator,
  type PowerOfficeSimulatorOptions,
} from '@bilag/simulator-poweroffice';
import { describe, expect, test } from 'vitest';

/** A program that talks to the simulator as any would: over HTTP, with ids. */
class Caller {
  readonly simulator: PowerOfficeSimulator;
  token = '';

  constructor(simulator: PowerOfficeSimulator) {
    this.simulator = simulator;
  }

  async authorise(number = 1): Promise<{ status: number; body: Answer }> {
    const { applicationKey, subscriptionKey, clientKeys } = this.simulator.credentials;
    const basic = Buffer.from(`${applicationKey}:${clientKeys[number] ?? 'unknown'}`).toString('base64');
    const reply = await fetch(`${this.simulator.url}/OAuth/Token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'ocp-apim-subscription-key': subscriptionKey },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const body = (await reply.json()) as Answer;
    this.token = String(body['access_token']);
    return { status: reply.status, body };
  }

  async ask(method: string, path: string, body?: object | FormData): Promise<{ status: number; body: Answer }> {
    const isForm = body instanceof FormData;
    const reply = await fetch(`${this.simulator.url}/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        'ocp-apim-subscription-key': this.simulator.credentials.subscriptionKey,
        ...(!isForm && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  async list(path: string): Promise<Answer[]> {
    const { body } = await this.ask('GET', path);
    return Array.isArray(body) ? body : [];
  }

  /** A voucher of rows: account number, kroner, VAT code. */
  async voucher(rows: readonly (readonly [string, number, string?])[], more: object = {}): Promise<object> {
    const vatCodes = await this.list('/VatCodes');
    const lines = [];
    for (const [number, kroner, code = '0'] of rows) {
      const [account] = await this.list(`/GeneralLedgerAccounts?accountNos=${number}`);
      const vat = vatCodes.find((one) => one['Code'] === code);
      lines.push({ AccountId: account?.['Id'], VatId: vat?.['Id'], PostingDate: date, CurrencyAmount: kroner });
    }
    return {
      VoucherDate: date,
      CurrencyCode: 'NOK',
      ExternalImportReference: 'A-1',
      VoucherLines: lines,
      ...more,
    };
  }

  async post(rows: Parameters<Caller['voucher']>[0], more?: object): Promise<{ status: number; body: Answer }> {
    return this.ask('POST', '/Vouchers/ManualJournals', await this.voucher(rows, more));
  }
}

type Answer = Readonly<Record<string, unknown>> & { readonly VoucherLines?: readonly Record<string, unknown>[] };

const date = '2026-03-02';
const even = [
  ['1920', 100],
  ['1579', -100],
] as const;

async function start(options: PowerOfficeSimulatorOptions = {}): Promise<AsyncDisposable & { caller: Caller }> {
  const simulator = await startPowerOfficeSimulator({ rateLimit: null, ...options });
  const caller = new Caller(simulator);
  await caller.authorise();
  return { caller, [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated PowerOffice Go lets in who has the keys', () => {
  test('a token is the client’s own and ends when it says', async () => {
    let ms = Date.parse('2026-03-03T02:00:00Z');
    await using started = await start({
      now: () => new Date(ms),
      clients: [{ number: 1 }, { number: 2, name: 'Annen AS' }],
    });
    const { caller } = started;
    const { body } = await caller.authorise(2);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 1200 });
    expect((await caller.ask('GET', '/ClientIntegrationInformation')).body).toMatchObject({ ClientName: 'Annen AS' });
    ms += 1200_000;
    expect((await caller.ask('GET', '/VatCodes')).status).toBe(401);
    expect((await caller.authorise(3)).body).toMatchObject({ error: 'invalid_client' });
  });

  test('every call needs the subscription key, the one for a token too', async () => {
    await using started = await start();
    const { url } = started.caller.simulator;
    const reply = await fetch(`${url}/OAuth/Token`, { method: 'POST', body: 'grant_type=client_credentials' });
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  test('a right that was not given is 403', async () => {
    await using started = await start({ clients: [{ number: 1, withoutPrivileges: ['ManualVoucher_Full'] }] });
    expect((await started.caller.post(even)).status).toBe(403);
  });

  test('the eleventh request of a second waits', async () => {
    await using started = await start({ rateLimit: { requests: 3, windowMs: 1_000 }, now: () => new Date(0) });
    const { caller } = started;
    expect((await caller.ask('GET', '/VatCodes')).status).toBe(200);
    expect((await caller.ask('GET', '/VatCodes')).status).toBe(200);
    expect((await caller.ask('GET', '/VatCodes')).status).toBe(429);
  });
});

describe('the simulated PowerOffice Go books manual vouchers', () => {
  test('it takes gross amounts and posts the VAT itself', async () => {
    await using started = await start();
    const { caller } = started;
    const { status, body } = await caller.post([
      ['1579', 9],
      ['3000', -9, '3'],
    ]);
    expect(status).toBe(201);
    expect(body).toMatchObject({ VoucherNo: 1, ExternalImportReference: 'A-1', IsReversed: false });
    expect(body.VoucherLines?.map((line) => line['CurrencyAmount'])).toEqual([9, -9]);
    expect(caller.simulator.backDoor.client().balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    const again = await caller.ask('GET', `/Vouchers/ManualJournals/${String(body['Id'])}`);
    expect(again.body).toEqual(body);
  });

  test('reverse charge is owed and deducted beside the cost', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.post([
      ['7770', 100, '86'],
      ['2990', -100],
    ]);
    expect(caller.simulator.backDoor.client().balances()).toEqual({
      '7770': 10_000,
      '2714': 2_500,
      '2704': -2_500,
      '2990': -10_000,
    });
  });

  const wrong: readonly (readonly [string, object | readonly (readonly [string, number, string?])[]])[] = [
    ['VoucherDate is required.', { VoucherDate: undefined }],
    ['CurrencyCode is required.', { CurrencyCode: undefined }],
    ['The currency DKK is not active on the client.', { CurrencyCode: 'DKK' }],
    ['Colour is not known.', { Colour: 'red' }],
    ['SaftBatchId is longer than 35.', { SaftBatchId: 'x'.repeat(36) }],
    ['The voucher has no lines.', { VoucherLines: [] }],
    ['The voucher does not balance.', [['1920', 100] as const, ['1579', -99.99] as const]],
    ['VoucherLines[0].CurrencyAmount must not be 0.', [['1920', 0] as const, ['1579', 0] as const]],
    [
      'VoucherLines[0].CurrencyAmount is not an amount with two decimals.',
      [['1920', 0.001] as const, ['1579', -1] as const],
    ],
    ['VoucherLines[0].AccountId is required.', [['6666', 1] as const, ['1579', -1] as const]],
    ['VoucherLines[1].VatId: account 3000 is locked to VAT code 3.', [['1579', 1] as const, ['3000', -1] as const]],
  ];
  test.each(wrong)('it refuses: %s', async (detail, given) => {
    await using started = await start();
    const { caller } = started;
    const { status, body } = Array.isArray(given)
      ? await caller.post(given as readonly (readonly [string, number, string?])[])
      : await caller.post(even, given as object);
    expect([status, body['detail']]).toEqual([400, detail]);
    expect(caller.simulator.backDoor.client().vouchers()).toEqual([]);
  });

  test('nothing is posted on or before the lock date, nor before the client began', async () => {
    await using started = await start({ clients: [{ number: 1, lockedThrough: plainDate('2026-03-02') }] });
    const { caller } = started;
    expect((await caller.post(even)).body['detail']).toBe(
      'PostingDate 2026-03-02 is not after the lock date 2026-03-02.',
    );
    expect((await caller.ask('GET', '/LockDateSettings')).body).toEqual({ LockDate: '2026-03-02' });
    const later = (await caller.voucher(even)) as { VoucherLines: object[] };
    later.VoucherLines = later.VoucherLines.map((line) => ({ ...line, PostingDate: '2026-03-03' }));
    expect((await caller.ask('POST', '/Vouchers/ManualJournals', later)).status).toBe(400);
    caller.simulator.backDoor.client().lockThrough(undefined);
    expect((await caller.post(even)).status).toBe(201);
  });
});

describe('an import reference stands on one live voucher', () => {
  test('a second one is refused, and there is one voucher', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.post(even);
    const second = await caller.post(even);
    expect([second.status, second.body['detail']]).toEqual([
      400,
      "A voucher with ExternalImportReference 'A-1' already exists.",
    ]);
    expect(caller.simulator.backDoor.client().holding('A-1')).toHaveLength(1);
  });

  test('a reversal takes the voucher back on its own date and frees the reference', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.post([
      ['1579', 9],
      ['3000', -9, '3'],
    ]);
    const path = `/Vouchers/Reverse/${String(body['Id'])}`;
    expect((await caller.ask('POST', path)).status).toBe(202);
    expect((await caller.ask('POST', path)).status).toBe(400);
    const client = caller.simulator.backDoor.client();
    expect(Object.values(client.balances())).toEqual([0, 0, 0]);
    expect(client.vouchers().map(({ date: on, reverses }) => [on, reverses])).toEqual([
      [date, null],
      [date, body['Id']],
    ]);
    expect((await caller.post(even)).status).toBe(201);
  });
});

describe('transactions are found by date alone', () => {
  test('they carry the reference, and say what is reversed by what', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.post([
      ['1579', 9],
      ['3000', -9, '3'],
    ]);
    await caller.ask('POST', `/Vouchers/Reverse/${String(body['Id'])}`);
    const fields = 'AccountNo,Amount,VatAmount,ExternalImportReference,IsReversed,ReversedVoucherId';
    const range = `fromDate=${date}&toDate=${date}&Fields=${fields}`;
    expect(await caller.list(`/AccountTransactions?${range}&accountNos=3000-&voucherTypes=ManualJournal`)).toEqual([
      {
        AccountNo: 3000,
        Amount: -7.2,
        VatAmount: -1.8,
        ExternalImportReference: 'A-1',
        IsReversed: true,
        ReversedVoucherId: null,
      },
    ]);
    const [reversal] = await caller.list(`/AccountTransactions?${range}&voucherNos=2`);
    expect(reversal).toMatchObject({ ReversedVoucherId: body['Id'], ExternalImportReference: null });
  });

  test('pages end with 204, and a date is asked for', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.post(even);
    const path = `/AccountTransactions?fromDate=${date}&toDate=${date}&PageSize=1&PageNumber=`;
    expect((await caller.list(`${path}1`)).length).toBe(1);
    expect((await caller.list(`${path}2`)).length).toBe(1);
    expect((await caller.ask('GET', `${path}3`)).status).toBe(204);
    expect((await caller.ask('GET', '/AccountTransactions')).status).toBe(400);
  });

  test('a listing may lag behind', async () => {
    let ms = Date.parse('2026-03-03T02:00:00Z');
    await using started = await start({ now: () => new Date(ms), listedAfterMs: 60_000 });
    const { caller } = started;
    await caller.post(even);
    const path = `/AccountTransactions?fromDate=${date}&toDate=${date}`;
    expect(await caller.list(path)).toEqual([]);
    ms += 60_000;
    expect(await caller.list(path)).toHaveLength(2);
  });
});

describe('behind the counter', () => {
  test('the last PDF is what remains, and nothing but a PDF is taken', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.post(even);
    const put = async (content: string): Promise<number> => {
      const form = new FormData();
      form.set('file', new Blob([content], { type: 'application/pdf' }), 'bilag.pdf');
      return (await caller.ask('PUT', `/VoucherDocumentation?id=${String(body['Id'])}`, form)).status;
    };
    expect([await put('%PDF-1.7 first'), await put('%PDF-1.7 last'), await put('text')]).toEqual([204, 204, 400]);
    const [held] = caller.simulator.backDoor.client().vouchers();
    expect(Buffer.from(held?.documentation?.content ?? []).toString()).toBe('%PDF-1.7 last');
    expect(await caller.list(`/VoucherDocumentation?id=${String(body['Id'])}`)).toMatchObject([{ HasPdf: true }]);
  });

  test('what people type is in the ledger, but not the integration’s to read', async () => {
    await using started = await start();
    const { caller } = started;
    const typed = caller.simulator.backDoor.client().type({
      date: plainDate(date),
      description: 'Oppgjør Vipps',
      rows: [
        { account: '1920', amount: 500 },
        { account: '1579', amount: -500 },
      ],
    });
    expect(await caller.list(`/AccountTransactions?fromDate=${date}&toDate=${date}`)).toHaveLength(2);
    expect((await caller.ask('GET', `/Vouchers/ManualJournals/${typed.id}`)).status).toBe(404);
    expect((await caller.ask('POST', `/Vouchers/Reverse/${typed.id}`)).status).toBe(404);
  });

  test('a correction is a reversal, and a voucher in place of the one it corrects', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.post(even);
    const client = caller.simulator.backDoor.client();
    client.correct(String(body['Id']), [
      { account: '1920', amount: 9_000 },
      { account: '1579', amount: -9_000 },
    ]);
    expect(client.balances()).toEqual({ '1920': 9_000, '1579': -9_000 });
    expect(client.vouchers().map(({ reverses, corrects }) => [reverses, corrects])).toEqual([
      [null, null],
      [body['Id'], null],
      [null, body['Id']],
    ]);
  });

  test('the next voucher can be kept otherwise than it came', async () => {
    await using started = await start();
    const { caller } = started;
    caller.simulator.backDoor.client().alterNext({ lines: (lines) => lines.slice(0, 0).concat(lines.toReversed()) });
    const first = await caller.post(even);
    expect(first.body.VoucherLines?.map((line) => line['CurrencyAmount'])).toEqual([-100, 100]);
    const second = await caller.post(even, { ExternalImportReference: 'A-2' });
    expect(second.body.VoucherLines?.map((line) => line['CurrencyAmount'])).toEqual([100, -100]);
  });

  test('a fault strikes where it is aimed, in problem details', async () => {
    await using started = await start();
    const { caller } = started;
    caller.simulator.faults.arm({ kind: 'status', status: 500, strikes: 'after', on: 'post' });
    const { status, body } = await caller.post(even);
    expect([status, body['title']]).toEqual([500, 'Internal Server Error']);
    expect(caller.simulator.backDoor.client().holding('A-1')).toHaveLength(1);
    expect(caller.simulator.failures).toEqual([]);
  });
});
