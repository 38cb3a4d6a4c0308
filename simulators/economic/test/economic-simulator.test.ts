import { plainDate } from '@bilag/core';
import {
  startEconomicSimulator,
  type EconomicSimulator,
  type EconomicSimulatorOptions,
} from '@bilag/simulator-economic';
import { describe, expect, test } from 'vitest';

type Answer = Readonly<Record<string, unknown>> & {
  readonly items?: readonly Answer[];
  readonly errors?: readonly Answer[];
};

class Caller {
  readonly simulator: EconomicSimulator;
  readonly headers: Record<string, string>;

  constructor(simulator: EconomicSimulator, agreement = 1) {
    this.simulator = simulator;
    const { appSecretToken, agreementGrantTokens } = simulator.credentials;
    this.headers = {
      'x-appsecrettoken': appSecretToken,
      'x-agreementgranttoken': agreementGrantTokens[agreement] ?? '',
    };
  }

  async ask(method: string, path: string, body?: object): Promise<{ status: number; headers: Headers; body: Answer }> {
    const reply = await fetch(this.simulator.url + path, {
      method,
      headers: { ...this.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  async list(path: string, filter: string): Promise<readonly Answer[]> {
    return (await this.ask('GET', `${path}?filter=${encodeURIComponent(filter)}`)).body.items ?? [];
  }

  bulk(entries: readonly object[]): ReturnType<Caller['ask']> {
    return this.ask('POST', '/journalsapi/v15.0.0/draft-entries/bulk', { entries });
  }
}

const drafts = '/journalsapi/v15.0.0/draft-entries';
const booked = '/bookedEntriesapi/v4.0.0/booked-entries';
const number = 260_302_417;

function entry(accountNumber: number, amount: number, more: object = {}): object {
  const date = '2026-03-02T00:00:00Z';
  const common = { entryTypeNumber: 5, journalNumber: 7, voucherNumber: number, date, currency: 'DKK', text: 'Vipps' };
  return { ...common, accountNumber, amount, ...more };
}

const sale = [entry(52_100, 9), entry(1000, -9, { vatCode: 'U25' })];

async function start(options: EconomicSimulatorOptions = {}): Promise<AsyncDisposable & { caller: Caller }> {
  const simulator = await startEconomicSimulator({ tokens: null, ...options });
  return { caller: new Caller(simulator), [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated e-conomic lets in who has both tokens', () => {
  test('a grant is the agreement’s own, and a role may be missing', async () => {
    await using started = await start({
      agreements: [{ number: 1 }, { number: 2, name: 'Anden ApS', withoutBookkeeping: true }],
    });
    const { caller } = started;
    expect((await caller.ask('GET', '/self')).body).toMatchObject({
      agreementNumber: 1,
      settings: { baseCurrency: 'DKK' },
    });
    expect((await new Caller(caller.simulator, 2).ask('GET', '/self')).status).toBe(403);
    const stranger = await new Caller(caller.simulator, 3).ask('GET', drafts);
    expect([stranger.status, stranger.body['status'], stranger.body['title']]).toEqual([401, 401, 'Unauthorized']);
  });

  test('a call costs three tokens, a refused one too, and an empty bucket is 429', async () => {
    let ms = 0;
    await using started = await start({ tokens: { limit: 7, windowMs: 60_000 }, now: () => new Date(ms) });
    const { caller } = started;
    const first = await caller.ask('GET', `${drafts}?filter=text$eq:x`);
    expect(first.status).toBe(400);
    expect([first.headers.get('x-callcost'), first.headers.get('x-ratelimiting')]).toEqual([
      '3',
      'token-limit-7-per-60-seconds: 3/7',
    ]);
    expect((await caller.ask('GET', drafts)).status).toBe(200);
    expect((await caller.ask('GET', drafts)).status).toBe(429);
    ms += 60_000;
    expect((await caller.ask('GET', drafts)).status).toBe(200);
  });
});

describe('lines wait in a journal until they are booked', () => {
  test('they are gross, and become net with the VAT beside them', async () => {
    await using started = await start();
    const { caller } = started;
    const { status, body } = await caller.bulk(sale);
    expect([status, body]).toEqual([201, { entryNumbers: [1, 2] }]);
    const agreement = caller.simulator.backDoor.agreement();
    expect([agreement.balances(), agreement.balances({ withDrafts: true })]).toEqual([
      {},
      { '52100': 900, '1000': -720, '64020': -180 },
    ]);
    expect(
      (await caller.ask('POST', '/journalsapi/v15.0.0/journals/7/bookdraftentries', { entryNumbers: [1, 2] })).status,
    ).toBe(204);
    expect(agreement.balances()).toEqual({ '52100': 900, '1000': -720, '64020': -180 });
    expect(await caller.list(drafts, `voucherNumber$eq:${number}`)).toEqual([]);
    const entries = await caller.list(booked, `voucherNumber$eq:${number}`);
    expect(entries.map((one) => [one['accountNumber'], one['amount'], one['vatAccountNumber']])).toEqual([
      [52_100, 9, undefined],
      [1000, -7.2, 'U25'],
      [64_020, -1.8, undefined],
    ]);
    // Gone is gone, however it went.
    const again = await caller.ask('POST', '/journalsapi/v15.0.0/journals/7/bookdraftentries', {
      entryNumbers: [1, 2],
    });
    expect([again.status, again.body['errorCode']]).toEqual([404, 'JournalEntryDoesNotExist']);
  });

  test('of many lines one that is wrong refuses all', async () => {
    await using started = await start();
    const { caller } = started;
    const { status, body } = await caller.bulk([...sale, entry(1999, 1)]);
    expect([status, body.errors?.[0]]).toEqual([
      400,
      {
        errorCode: 'JournalEntryAccountNotFound',
        message: 'Account 1999 was not found.',
        property: 'entries[2].accountNumber',
      },
    ]);
    expect(caller.simulator.backDoor.agreement().drafts()).toEqual([]);
  });

  const journal = { number: 7, minimumVoucherNumber: 1000, maximumVoucherNumber: 999_999_999 };
  test.each<[string, object, object]>([
    ['JournalEntryAccountAndContraAccountNotSet', {}, { accountNumber: undefined }],
    [
      'JournalEntryAccountNotAccessible',
      { accounts: [{ number: '1000', name: 'Salg', isBarred: true }] },
      { accountNumber: 1000 },
    ],
    [
      'JournalEntryAccountIsBlockedForDirectEntries',
      { accounts: [{ number: '1000', name: 'Salg', isBlockedForDirectEntries: true }] },
      { accountNumber: 1000 },
    ],
    ['JournalEntryWrongAccountType', {}, { accountNumber: 999 }],
    [
      'JournalEntryDateAccountingYearClosed',
      { years: [2025, 2026], closedYears: [2025] },
      { date: '2025-12-31T00:00:00Z' },
    ],
    ['JournalEntryDateAccountingYearDoesNotExist', { years: [2026] }, { date: '2027-01-01T00:00:00Z' }],
    ['JournalEntryDateAccountingYearPeriodBarred', { lockedThrough: plainDate('2026-03-31') }, {}],
    ['JournalEntryVatCodeNotFound', {}, { vatCode: 'U99' }],
    ['JournalEntryTextTooLong', {}, { text: 'x'.repeat(251) }],
    ['JournalEntryCurrencyNotFound', {}, { currency: 'ZZZ' }],
    ['JournalEntryVoucherNumberNotWithinBoundaries', { journals: [journal] }, { voucherNumber: 999 }],
    ['JournalEntryTypeNotCorrect', {}, { entryTypeNumber: 2 }],
    ['JournalEntryAmountExceedsDigitLimit', {}, { amount: 123_456_789_012_345_680 }],
    ['JournalDoesNotExist', {}, { journalNumber: 8 }],
    ['ValidationError', {}, { text: null }],
  ])('it refuses: %s', async (code, options, more) => {
    await using started = await start({ agreements: [{ number: 1, ...options }] });
    const { status, body } = await started.caller.bulk([entry(52_100, 1, more)]);
    expect([status, body['errorCode']]).toEqual([400, code]);
  });

  test.each<[string, object, readonly object[]]>([
    ['by date', {}, [entry(55_000, 1), entry(52_100, -1, { date: '2026-03-03T00:00:00Z' })]],
    ['by month', { balancesByMonth: true }, [entry(55_000, 1), entry(52_100, -1, { date: '2026-04-03T00:00:00Z' })]],
    [
      'by voucher',
      { requiresBalancePerVoucher: true },
      [entry(55_000, 1), entry(52_100, -1, { voucherNumber: number + 1 })],
    ],
  ])('what is booked together has to be in balance %s', async (_, rules, entries) => {
    await using started = await start({ agreements: [{ number: 1, journals: [{ number: 7, ...rules }] }] });
    const { caller } = started;
    await caller.bulk(entries);
    const { status, body } = await caller.ask('POST', '/journalsapi/v15.0.0/journals/7/book', {});
    expect([status, body['errorCode']]).toEqual([400, 'JournalEntriesNotInBalance']);
    expect(caller.simulator.backDoor.agreement().booked()).toEqual([]);
  });

  test('a standing journal keeps what it booked, and one that asks for approval books nothing', async () => {
    await using started = await start();
    const { caller } = started;
    const agreement = caller.simulator.backDoor.agreement();
    await caller.bulk(sale);
    agreement.changeJournal(7, { requiresApproval: true });
    expect((await caller.ask('POST', '/journalsapi/v15.0.0/journals/7/book', {})).body['errorCode']).toBe(
      'JournalEntriesNotApproved',
    );
    agreement.changeJournal(7, { requiresApproval: false, isStanding: true });
    expect((await caller.ask('POST', '/journalsapi/v15.0.0/journals/7/book', {})).status).toBe(204);
    expect([agreement.drafts().length, agreement.booked().length]).toEqual([2, 3]);
  });
});

describe('lists', () => {
  test('are filtered by the described fields and operators alone, and by nothing that is misspelt', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.bulk([...sale, entry(55_000, 1, { voucherNumber: number + 1, date: '2026-03-05T00:00:00Z' })]);
    const count = async (filter: string): Promise<number> => (await caller.list(drafts, filter)).length;
    expect(await count(`voucherNumber$in:[1,${number}]`)).toBe(2);
    expect(await count(`date$gte:2026-03-03$and:(journalNumber$eq:7$or:accountNumber$eq:1)`)).toBe(1);
    expect(await count(`accountNumber$nin:[1000]$and:voucherNumber$lt:${number + 1}`)).toBe(1);
    for (const filter of [
      'text$like:Vipps',
      'amount$eq:9',
      'voucherNumber$in:1,2',
      'voucherNumber$eq:x',
      'nothing$eq:1',
    ]) {
      expect((await caller.ask('GET', `${drafts}?filter=${encodeURIComponent(filter)}`)).status).toBe(400);
    }
    await caller.ask('POST', '/journalsapi/v15.0.0/journals/7/bookdraftentries', { entryNumbers: [1, 2] });
    expect((await caller.list(booked, 'text$like:*PPS')).length).toBe(3);
    expect((await caller.ask('GET', '/journalsapi/v15.0.0/journals?filter=name$eq:x')).status).toBe(500);
  });

  test('come in pages of a thousand, and a row that arrives meanwhile moves nothing', async () => {
    await using started = await start();
    const { caller } = started;
    for (let times = 0; times < 3; times += 1) await caller.bulk(Array.from({ length: 400 }, () => entry(55_000, 1)));
    const first = await caller.ask('GET', drafts);
    expect([first.body.items?.length, first.body['cursor']]).toEqual([1000, '1001']);
    caller.simulator.backDoor.agreement().type({
      journalNumber: 7,
      voucherNumber: number,
      date: plainDate('2026-03-02'),
      account: '55000',
      contraAccount: '52100',
      text: '',
      amount: 1,
    });
    const second = await caller.ask('GET', `${drafts}?cursor=1001`);
    expect([second.body.items?.length, second.body['cursor']]).toEqual([201, undefined]);
    expect(
      new Set([...(first.body.items ?? []), ...(second.body.items ?? [])].map((one) => one['entryNumber'])).size,
    ).toBe(1201);
  });

  test('may lag behind', async () => {
    let ms = 0;
    await using started = await start({ now: () => new Date(ms), listedAfterMs: 5_000 });
    await started.caller.bulk(sale);
    expect(await started.caller.list(drafts, 'journalNumber$eq:7')).toEqual([]);
    ms = 5_000;
    expect(await started.caller.list(drafts, 'journalNumber$eq:7')).toHaveLength(2);
  });
});

describe('a document hangs on a voucher', () => {
  async function attach(
    caller: Caller,
    content: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<[number, unknown]> {
    const form = new FormData();
    form.set('File', new Blob([content], { type: 'application/pdf' }), 'bilag.pdf');
    for (const [name, value] of Object.entries({ VoucherNumber: String(number), AccountingYear: '2026', ...more }))
      form.set(name, value);
    const url = `${caller.simulator.url}/documentsapi/v4.0.1/AttachedDocuments`;
    const reply = await fetch(url, { method: 'POST', headers: caller.headers, body: form });
    return [reply.status, ((await reply.json()) as Answer)['errorCode']];
  }

  test('a second one adds its pages, or is refused where that is asked for', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.bulk(sale);
    expect(await attach(caller, '%PDF-a', { Note: 'a.pdf' })).toEqual([201, undefined]);
    expect(await attach(caller, '%PDF-b', { OnConflict: '1' })).toEqual([400, 'DocumentAlreadyAttachedToVoucher']);
    expect(await attach(caller, '%PDF-b')).toEqual([201, undefined]);
    const [voucher] = caller.simulator.backDoor.agreement().vouchers();
    expect(voucher?.documents.map(({ content }) => Buffer.from(content).toString())).toEqual(['%PDF-a%PDF-b']);
  });

  test.each([
    ['InvalidFileData', 'a;b', {}],
    ['AccountingYearNotFound', '%PDF-', { AccountingYear: '1999' }],
    ['InvalidVoucherNumber', '%PDF-', { VoucherNumber: '1' }],
  ])('it refuses: %s', async (code, content, more) => {
    await using started = await start();
    await started.caller.bulk(sale);
    expect(await attach(started.caller, content, more)).toEqual([400, code]);
  });
});

describe('people in the books', () => {
  test('book, delete and change, and identifiers are used again', async () => {
    await using started = await start();
    const { caller } = started;
    const agreement = caller.simulator.backDoor.agreement();
    await caller.bulk(sale);
    agreement.deleteDrafts(number);
    expect((await caller.bulk(sale)).body).toEqual({ entryNumbers: [1, 2] });
    agreement.bookJournal(7);
    agreement.change(number, (lines) => lines.map((line) => ({ ...line, text: 'Ændret' })));
    expect(agreement.booked().map(({ text }) => text)).toEqual(['Ændret', 'Ændret', 'Ændret']);
    expect(caller.simulator.failures).toEqual([]);
  });
});
