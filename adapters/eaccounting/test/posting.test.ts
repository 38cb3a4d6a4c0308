import { expectedDigest, plainDate, viewDigest, type Posted, type SearchableService } from '@bilag/core';
import { eAccounting } from '@bilag/eaccounting';
import { describe, expect, test } from 'vitest';
import { day, openStage, plain, reference, sale, voucher, type Stage } from './connections.ts';

async function listed(service: SearchableService, from = day, to = from): Promise<Posted[]> {
  return Array.fromAsync(service.list?.(from, to) ?? []);
}

/** What a person typed from the clearing account to the bank, or elsewhere. */
function typed(account: string): { account: string; amount: number }[] {
  return [
    { account: '1930', amount: 500 },
    { account, amount: -500 },
  ];
}

function writes({ simulator }: Stage): string[] {
  return simulator.requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/connect/token')
    .map(({ path, search }) => `${path}${search}`);
}

describe('the config', () => {
  const credentials = 'file:EACCOUNTING';

  test('keys are enough, and vouchers are drafts', () => {
    expect(eAccounting.config['~standard'].validate({ credentials })).toEqual({
      value: {
        host: 'production',
        credentials,
        application: 'application of eAccounting',
        mode: 'draft',
        clearingAccounts: [],
        timeoutMs: 30_000,
      },
    });
  });

  test.each([
    ['no keys', {}],
    ['a series that is none', { credentials, series: 'V 1' }],
    ['another mode', { credentials, mode: 'sent' }],
    ['an address that anybody can read', { credentials, host: 'http://eaccountingapi.vismaonline.com' }],
  ])('%s is refused', (_, config) => {
    expect(eAccounting.config['~standard'].validate(config)).toMatchObject({ issues: [{}] });
  });
});

describe('who it talks to, and what is there', () => {
  test('the company, in Sweden or Norway', async () => {
    await using stage = await openStage({ country: 'NO', currency: 'NOK' });
    expect(await stage.connect().identify()).toEqual({
      id: 'cafe-1',
      name: 'Kafé Exempel AB',
      organisationNumber: '5566778899',
      country: 'NO',
      currency: 'NOK',
    });
  });

  test('accounts of the year, projects, and the later of the lock and the years that are locked', async () => {
    await using stage = await openStage({
      lockedThrough: plainDate('2024-06-30'),
      accounts: [{ number: '6600', name: 'Stängt', isBlockedForManualBooking: true, needsCostCenter: true }],
    });
    for (let year = 2019; year < 2026; year += 1) {
      stage.simulator.backDoor.company().lockYear(plainDate(`${year}-01-01`));
    }
    const { accounts, vatCodes, dimensions, lockedThrough } = await stage.connect().chart();
    expect(accounts.filter(({ number }) => number === '6600')).toEqual([
      { number: '6600', name: 'Stängt', isActive: false, requires: ['department'] },
    ]);
    expect(vatCodes).toEqual([]);
    expect(dimensions).toEqual([{ type: 'project', id: '7', name: 'Sommarterrass' }]);
    expect(lockedThrough).toBe('2025-12-31');
  });

  test('a missing scope is told as what it is', async () => {
    await using stage = await openStage({ withoutScopes: ['ea:sales'] });
    await expect(stage.connect().identify()).rejects.toMatchObject({
      kind: 'forbidden',
      action: expect.stringContaining('ea:sales') as string,
    });
  });
});

describe('all companies of an application', () => {
  test('share its turns, whoever the keys are of', async () => {
    await using stage = await openStage();
    await stage.connect({ application: 'Kassa' }).identify();
    expect(new Set(stage.context.turns)).toEqual(new Set(['Kassa']));
  });

  test('wait as long as the text of a refusal says', async () => {
    await using stage = await openStage({}, { rateLimit: { requests: 1, windowMs: 60_000 } });
    await stage.connect().identify();
    const before = stage.context.slept.length;
    await stage.connect().identify();
    expect(stage.context.slept.slice(before).some((ms) => ms > 50_000 && ms <= 60_000)).toBe(true);
  });
});

describe('before anything is posted', () => {
  async function said(stage: Stage, config: object = {}): Promise<string[]> {
    const findings = await stage.connect(config).inspect?.();
    return findings?.map(({ code, severity, message }) => `${severity} ${code}: ${message}`) ?? [];
  }

  test('it is said that nothing can be booked, that VAT may be added, and that a year is missing', async () => {
    await using stage = await openStage({
      isReadOnly: true,
      calculatesVat: true,
      years: [{ from: plainDate('2026-01-01'), to: plainDate('2026-03-31') }],
    });
    expect(await said(stage)).toEqual([
      'error company-read-only: the company can only be read',
      'warning vat-automatic: eAccounting may add rows of VAT by itself, beside those of a voucher',
      'warning year-missing: the last financial year ends on 2026-03-31',
      expect.stringContaining('info mode-posted') as string,
    ]);
  });

  test('and who else books the same money, by the types of vouchers, and what waits', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    for (const type of [27, 27, 34, 10]) company.type({ date: day, text: 'Dagskassa', rows: typed('1686'), type });
    await stage.connect({ mode: 'draft' }).post(voucher(), reference);
    const found = await said(stage, { mode: 'draft' });
    expect(found).toEqual([
      expect.stringMatching(/^warning other-importer: Payment Links/) as string,
      expect.stringMatching(/^warning other-importer: Zettle books payments here too/) as string,
      'info mode-draft: vouchers are left as drafts until a person books them; 1 voucher of ours waits',
    ]);
  });
});

describe('a voucher is posted', () => {
  test('with its VAT on a row of its own, and its reference first in every text', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect({ series: 'V' }).post(voucher(), reference);
    expect(receipt).toEqual({
      outcome: 'created',
      id: reference,
      number: 'V1',
      digest: expectedDigest(voucher(), eAccounting),
    });
    const company = stage.simulator.backDoor.company();
    expect(company.balances()).toEqual({ '1686': 900, '3001': -720, '2611': -180 });
    const [held] = company.vouchers();
    expect(held).toMatchObject({ text: `${reference} Vipps MobilePay`, isDraft: false });
    expect(held?.rows.every(({ text }) => text.startsWith(`${reference} `))).toBe(true);
    expect(writes(stage)).toEqual([
      '/v2/vouchers?useAutomaticVatCalculation=false&useDefaultVatCodes=true&useDefaultVoucherSeries=false',
    ]);
  });

  test('as a draft it is not in the books, and is the same voucher when a person makes one of it', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'draft' });
    const { id, digest, number } = await service.post(voucher(), reference);
    const company = stage.simulator.backDoor.company();
    expect([number, company.balances()]).toEqual([undefined, {}]);
    company.convert(company.vouchers()[0]?.id ?? '');
    expect((await service.find(reference)).map((one) => [one.id, one.number, viewDigest(one)])).toEqual([
      [id, 'A1', digest],
    ]);
    expect((await listed(service)).map((one) => [one.id, viewDigest(one)])).toEqual([[id, digest]]);
  });

  test('and a double of it is another one', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), reference);
    await service.post(voucher(), reference);
    expect((await service.find(reference)).map(({ id }) => id)).toEqual([reference, `${reference}~2`]);
  });

  test('without a text on accounts that take none', async () => {
    await using stage = await openStage({ accounts: [{ number: '1686', name: 'Vipps', takesNoText: true }] });
    await stage.connect().post(voucher(), reference);
    expect(
      stage.simulator.backDoor
        .company()
        .vouchers()[0]
        ?.rows.map(({ text }) => text === ''),
    ).toEqual([true, false, false]);
  });

  test.each<[string, object, string, string]>([
    ['an account', { lines: [plain('3999', 900), plain('1686', -900)] }, 'has no account 3999', 'line 1'],
    [
      'one that is blocked',
      { lines: [plain('1686', 900), plain('6600', -900)] },
      'blocked for manual booking',
      'line 2',
    ],
    [
      'one that asks for more',
      { lines: [plain('1686', 900), plain('6601', -900)] },
      'asks for a cost centre',
      'line 2',
    ],
    [
      'a project',
      { lines: [plain('1686', 900), sale(-900, { dimensions: { project: '99' } })] },
      'no project 99',
      'line 2',
    ],
    [
      'a cost centre',
      { lines: [plain('1686', 900, { dimensions: { department: '10' } }), sale(-900)] },
      '"department"',
      'line 1',
    ],
    [
      'a customer',
      { lines: [plain('1686', 900, { party: { kind: 'customer', id: '1' } }), sale(-900)] },
      'a line of a customer',
      'line 1',
    ],
    ['another currency', { currency: 'EUR' }, 'keeps its books in SEK', ''],
    ['a year that is not there', { date: plainDate('2031-03-02') }, 'no financial year with 2031-03-02', ''],
    ['a year that is locked', { date: plainDate('2025-03-02') }, 'the books are locked through 2025-12-31', ''],
  ])('%s is refused, before anything is sent', async (_, changes, what, where) => {
    await using stage = await openStage({
      accounts: [
        { number: '6600', name: 'Stängt', isBlockedForManualBooking: true },
        { number: '6601', name: 'Delat', needsCostCenter: true },
      ],
    });
    stage.simulator.backDoor.company().lockYear(plainDate('2025-01-01'));
    await expect(stage.connect().post(voucher(changes), reference)).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      where: expect.stringContaining(where) as string,
    });
    expect(writes(stage)).toEqual([]);
  });

  test('a period that was locked meanwhile is told by its code, and other refusals in the words of eAccounting', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.chart();
    stage.simulator.backDoor.company().lockThrough(day);
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'blocked',
      what: expect.stringContaining('4026') as string,
      where: `voucher ${reference}, ${day}`,
    });
    const later = voucher({ date: plainDate('2026-03-03') });
    const refusal = { ErrorCode: 5005, DeveloperErrorMessage: 'The project has ended', ErrorId: 'an id', Errors: [] };
    stage.simulator.faults.arm({
      kind: 'status',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(refusal),
      match: ({ method, path }) => method === 'POST' && path === '/v2/vouchers',
    });
    await expect(service.post(later, '512403-20260303')).rejects.toMatchObject({
      kind: 'rejected',
      what: 'HTTP 400: 5005: The project has ended',
    });
  });
});

describe('a search', () => {
  test('is by the beginning of the text, and by months where eAccounting takes no such filter', async () => {
    for (const takesTextFilters of [true, false]) {
      await using stage = await openStage({}, { takesTextFilters });
      const service = stage.connect();
      await service.post(voucher(), `${reference}.J`);
      await service.post(voucher(), reference);
      const before = stage.simulator.requests.length;
      for (let times = 0; times < 2; times += 1) {
        expect((await service.find(reference)).map(({ id }) => id)).toEqual([reference]);
      }
      // The refusal is remembered.
      expect(stage.simulator.requests.length - before).toBe(takesTextFilters ? 4 : 5);
    }
  });
});

describe('a list', () => {
  test('that changes while it is read is read again', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    for (let times = 0; times < 1_050; times += 1) company.type({ date: day, text: 'Bank', rows: typed('6590') });
    const service = stage.connect();
    await service.post(voucher(), reference);
    // The newest come first: one that comes after the first page moves the last of it to the second.
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ path, query }) => path === '/v2/vouchers' && query.get('$page') === '1',
      answer: async (request, handle) => {
        const reply = await handle(request);
        company.type({ date: day, text: 'Bank', rows: typed('6590') });
        return reply;
      },
    });
    expect((await listed(service)).map(({ id }) => id)).toEqual([reference]);
    const pages = stage.simulator.requests.filter(
      ({ path, search }) => path === '/v2/vouchers' && /page=2/.test(search),
    );
    expect(pages).toHaveLength(2);
  });

  test('that never stands still is given up', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    for (let times = 0; times < 1_001; times += 1) company.type({ date: day, text: 'Bank', rows: typed('6590') });
    stage.simulator.faults.arm({
      kind: 'answer',
      times: Infinity,
      match: ({ path }) => path === '/v2/vouchers',
      answer: async (request, handle) => {
        company.type({ date: day, text: 'Bank', rows: typed('6590') });
        return handle(request);
      },
    });
    await expect(listed(stage.connect())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('has what others booked on the clearing account, and their drafts not', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    const other = company.type({ date: day, text: 'Överföring', rows: typed('1686') });
    company.type({ date: day, text: 'Kontor', rows: typed('6590') });
    const draft = company.type({ date: day, text: 'Utkast', rows: typed('1686') });
    company.change(draft.id, { isDraft: true });
    expect((await listed(stage.connect())).map(({ id, reference: own }) => [id, own])).toEqual([[other.id, '']]);
  });

  test('is of the months between two dates, also across the turn of a year', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const old = voucher({ date: plainDate('2025-12-31') });
    await service.post(old, '512403-20251231');
    expect((await listed(service, plainDate('2025-12-31'), day)).map(({ id }) => id)).toEqual(['512403-20251231']);
    const filters = stage.simulator.requests.flatMap(({ path, search }) =>
      path === '/v2/vouchers' && search.includes('filter') ? [new URLSearchParams(search).get('$filter')] : [],
    );
    expect(filters).toEqual([
      'year(VoucherDate) eq 2025 and month(VoucherDate) ge 12',
      'year(VoucherDate) eq 2026 and month(VoucherDate) le 3',
    ]);
  });
});

describe('a file', () => {
  const content = new TextEncoder().encode('datum;belopp\n');
  const file = { name: 'vipps.csv', mediaType: 'text/csv', content };

  test.each(['draft', 'posted'])(
    'comes to its voucher once, and what an earlier try stored is taken (mode: %s)',
    async (mode) => {
      await using stage = await openStage();
      const service = stage.connect({ mode });
      const { id } = await service.post(voucher(), reference);
      stage.simulator.faults.arm({
        kind: 'cut',
        strikes: 'after',
        match: ({ method, path }) => method === 'POST' && path === '/v2/attachments',
      });
      await expect(service.attach?.(id, file)).rejects.toMatchObject({ kind: 'unknown-outcome' });
      await service.attach?.(id, file);
      await service.attach?.(id, file);
      const company = stage.simulator.backDoor.company();
      expect(company.filesOf(company.vouchers()[0]?.id ?? '')).toMatchObject([{ name: `${reference}_vipps` }]);
      expect(writes(stage).filter((path) => path === '/v2/attachments')).toHaveLength(1);
    },
  );

  test('of another kind, and one of a voucher that is not there, are refused', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const xml = { name: 'a.xml', mediaType: 'application/xml', content };
    await expect(service.attach?.(reference, xml)).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(service.attach?.(reference, file)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(writes(stage)).toEqual([]);
  });
});
