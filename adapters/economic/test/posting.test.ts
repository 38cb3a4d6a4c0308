import { expectedDigest, plainDate, type Posted, type SearchableService } from '@bilag/core';
import { economic } from '@bilag/economic';
import { describe, expect, test } from 'vitest';
import { numbersOf } from '../src/voucher-numbers.ts';
import { day, openStage, plain, reference, sale, voucher } from './connections.ts';

async function listed(service: SearchableService, from = day, to = from): Promise<Posted[]> {
  return Array.fromAsync(service.list?.(from, to) ?? []);
}

describe('the config', () => {
  const credentials = 'env:ECONOMIC';

  test('a journal is enough beside the tokens, and drafts are the default', () => {
    expect(economic.config['~standard'].validate({ credentials, journal: 7 })).toEqual({
      value: { host: 'production', credentials, journal: 7, mode: 'draft', clearingAccounts: [], timeoutMs: 30_000 },
    });
  });

  test.each([
    ['no journal', { credentials }],
    ['a mode that is not known', { credentials, journal: 7, mode: 'live' }],
    ['an address that anybody can read', { credentials, journal: 7, host: 'http://apis.e-conomic.com' }],
    ['a clearing account that is no number', { credentials, journal: 7, clearingAccounts: ['52100 Vipps'] }],
  ])('%s is refused', (_, config) => {
    expect(economic.config['~standard'].validate(config)).toMatchObject({ issues: [{}] });
  });
});

describe('who it talks to, and what is there', () => {
  test('the agreement by its number', async () => {
    await using stage = await openStage();
    expect(await stage.connect().identify()).toEqual({
      id: '1',
      name: 'Kaffebaren Eksempel ApS',
      organisationNumber: '12345678',
      country: 'DK',
      currency: 'DKK',
    });
  });

  test('accounts that take entries, codes with their rates, and through which date the periods are closed', async () => {
    await using stage = await openStage({
      lockedThrough: plainDate('2026-02-10'),
      accounts: [{ number: '7240', name: 'Spærret', isBarred: true }],
    });
    const { accounts, vatCodes, lockedThrough } = await stage.connect().chart();
    expect(accounts.find(({ number }) => number === '999')).toBeUndefined();
    expect(accounts.find(({ number }) => number === '7240')).toMatchObject({ isActive: false });
    const codes = vatCodes.map(({ code, rateBasisPoints, kind }) => [code, rateBasisPoints, kind]);
    expect(codes).toEqual([
      ['U25', 2500, 'output'],
      ['U10', 1000, 'output'],
      ['U0', 0, 'output'],
      ['UEXP', 0, 'output'],
      ['I25', 2500, 'input'],
      ['IY25', 2500, 'reverse-charge'],
    ]);
    expect(lockedThrough).toBe('2026-01-31');
  });

  test('tokens that are not there are named', async () => {
    await using stage = await openStage();
    await expect(stage.connect({ credentials: 'env:NONE' }).identify()).rejects.toMatchObject({
      kind: 'config',
      what: expect.stringContaining('agreementGrantToken') as string,
    });
  });
});

describe('before anything is posted', () => {
  const right = { minimumVoucherNumber: 200_101_000, maximumVoucherNumber: 991_231_999 };

  async function codesFor(journal: object, config: object = {}, more: object = {}): Promise<string[]> {
    await using stage = await openStage({ journals: [{ number: 7, ...right, ...journal }], ...more });
    const findings = await stage.connect(config).inspect?.();
    return findings?.map(({ code, severity }) => `${severity} ${code}`) ?? [];
  }

  test.each([
    ['a standing journal is refused', { isStanding: true }, {}, ['error journal-standing', 'info mode-draft']],
    [
      'one that takes no finance vouchers',
      { allowedEntryType: 2 },
      {},
      ['error journal-entry-type', 'info mode-draft'],
    ],
    ['one with another range', { maximumVoucherNumber: 99_999 }, {}, ['error journal-numbers', 'info mode-draft']],
    ['approval is no matter for drafts', { requiresApproval: true }, {}, ['info mode-draft']],
    [
      'and bars booking',
      { requiresApproval: true },
      { mode: 'posted' },
      ['error journal-approval', 'info mode-posted'],
    ],
  ])('%s', async (_, journal, config, codes) => {
    expect(await codesFor(journal, config)).toEqual(codes);
  });

  test('a year that is not there next month is said in time', async () => {
    expect(await codesFor({}, {}, { years: [2024, 2025] })).toEqual(['warning year-missing', 'info mode-draft']);
  });

  test('what the other mode would do is said, and how many vouchers wait', async () => {
    await using stage = await openStage();
    await stage.connect().post(voucher(), reference);
    const [draft] = (await stage.connect().inspect?.()) ?? [];
    expect(draft).toMatchObject({
      severity: 'info',
      message: expect.stringContaining('1 voucher of ours waits') as string,
    });
    expect(draft?.action).toContain('mode: posted');
    const [posted] = (await stage.connect({ mode: 'posted' }).inspect?.()) ?? [];
    expect(posted).toMatchObject({ severity: 'warning', action: expect.stringContaining('mode: draft') as string });
  });

  test('a journal that is not there is a matter of the config', async () => {
    await using stage = await openStage();
    await expect(stage.connect({ journal: 8 }).inspect?.()).rejects.toMatchObject({ kind: 'config' });
  });
});

describe('a voucher is drafted', () => {
  test('gross, under a number that begins with its date, with its reference first in every text', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect().post(voucher(), reference);
    const agreement = stage.simulator.backDoor.agreement();
    const [first, second] = agreement.drafts();
    expect(receipt).toEqual({
      outcome: 'created',
      id: expect.stringMatching(/^260302\d{3}$/) as string,
      number: receipt.id,
      digest: expectedDigest(voucher(), economic.vat),
    });
    expect(first).toMatchObject({
      account: '52100',
      amount: 900,
      text: `${reference} Vipps MobilePay`,
      journalNumber: 7,
    });
    expect(second).toMatchObject({ account: '1000', amount: -900, vatCode: 'U25' });
    expect(agreement.booked()).toEqual([]);
  });

  test('and is the same voucher when a person has booked it', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id, digest } = await service.post(voucher(), reference);
    const [before] = await service.find(reference);
    stage.simulator.backDoor.agreement().bookJournal(7);
    const [after] = await service.find(reference);
    expect([after?.id, after?.state]).toEqual([id, 'live']);
    expect(after?.lines).toEqual(before?.lines);
    const again = await service.post(voucher(), reference);
    expect(again).toMatchObject({ outcome: 'exists', id, digest });
    expect(await listed(service)).toEqual([after]);
  });

  test('a reference of one date that comes to the same number takes the next one', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const agreement = stage.simulator.backDoor.agreement();
    agreement.deleteDrafts(Number(id));
    agreement.type({
      journalNumber: 7,
      voucherNumber: Number(id),
      date: day,
      account: '55000',
      contraAccount: '7230',
      text: '555555-20260302 x',
      amount: 100,
    });
    const other = await service.post(voucher(), reference);
    expect(other.id).not.toBe(id);
    expect(other.id.slice(0, 6)).toBe('260302');
    expect((await service.find(reference)).map((one) => one.id)).toEqual([other.id]);
  });

  test('two under one reference are both found', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), reference);
    const [{ voucherNumber } = { voucherNumber: 0 }] = stage.simulator.backDoor.agreement().drafts();
    const entries = [900, -900].map((ore, index) => ({
      date: day,
      account: index === 0 ? '52100' : '7230',
      contraAccount: undefined,
      text: `${reference} x`,
      amount: ore,
      journalNumber: 7,
    }));
    const second = numbersOf(reference).find((number) => number !== voucherNumber) ?? 0;
    for (const entry of entries) stage.simulator.backDoor.agreement().type({ ...entry, voucherNumber: second });
    expect((await service.find(reference)).length).toBe(2);
  });

  test.each([
    ['an account', { lines: [plain('1999', 900), plain('52100', -900)] }, 'e-conomic has no account 1999', 'line 1'],
    ['a heading', { lines: [plain('999', 900), plain('52100', -900)] }, 'account 999 is a heading', 'line 1'],
    [
      'a VAT account that is not the code’s',
      { lines: [plain('52100', 900), saleOn('64099')] },
      'VAT code U25 posts on account 64020',
      'line 2',
    ],
    [
      'a rate that is not the code’s',
      { lines: [plain('52100', 900), saleAt(1000)] },
      'is of 25 % in e-conomic, and not of 10 %',
      'line 2',
    ],
    [
      'a dimension',
      { lines: [plain('52100', 900), sale(-900, { dimensions: { department: '10' } })] },
      'dimension "department"',
      'line 2',
    ],
    [
      'a customer',
      { lines: [plain('52100', 900, { party: { kind: 'customer', id: '1' } }), sale(-900)] },
      'a line of a customer',
      'line 1',
    ],
    ['another currency', { currency: 'EUR' }, 'keeps its books in DKK', ''],
  ])('%s is refused with its line, before anything is sent', async (_, changes, what, where) => {
    await using stage = await openStage();
    const posting = stage.connect().post(voucher(changes), reference);
    await expect(posting).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      where: expect.stringContaining(where) as string,
    });
    expect(stage.simulator.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('a VAT code that e-conomic does not have is refused', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const [first, second] = [plain('52100', 900), sale(-900)];
    const late = { ...second, vat: { ...second.vat!, code: 'U26' } };
    await expect(service.post(voucher({ lines: [first, late] }), reference)).rejects.toMatchObject({
      kind: 'rejected',
    });
  });
});

describe('what e-conomic refuses', () => {
  test.each([
    ['a barred period', { lockedThrough: plainDate('2026-03-31') }, 'blocked', 'lockedThrough'],
    ['a year that does not exist', { years: [2025] }, 'blocked', 'create the accounting year'],
    ['numbers out of range', { journals: [{ number: 7, maximumVoucherNumber: 99_999 }] }, 'config', 'bilag connect'],
  ])('%s is named so', async (_, agreement, kind, action) => {
    await using stage = await openStage(agreement);
    const posting = stage.connect().post(voucher(), reference);
    await expect(posting).rejects.toMatchObject({ kind, action: expect.stringContaining(action) as string });
    expect(stage.simulator.backDoor.agreement().drafts()).toEqual([]);
  });
});

describe('a voucher is booked', () => {
  test('after it was read back and compared', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect({ mode: 'posted' }).post(voucher(), reference);
    expect(receipt).toMatchObject({ outcome: 'created', digest: expectedDigest(voucher(), economic.vat) });
    const agreement = stage.simulator.backDoor.agreement();
    expect(agreement.balances()).toEqual({ '52100': 900, '1000': -720, '64020': -180 });
    expect(agreement.drafts()).toEqual([]);
  });

  test('and stays a draft where it was kept otherwise than it was sent', async () => {
    await using stage = await openStage();
    const agreement = stage.simulator.backDoor.agreement();
    agreement.alterNext((lines) => lines.map((line) => ({ ...line, date: plainDate('2026-03-04') })));
    const { digest } = await stage.connect({ mode: 'posted' }).post(voucher(), reference);
    expect(digest).not.toBe(expectedDigest(voucher(), economic.vat));
    expect([agreement.booked().length, agreement.drafts().length]).toEqual([0, 2]);
  });

  test('a draft whose booking was refused is booked the next time, and drafted once', async () => {
    await using stage = await openStage();
    const agreement = stage.simulator.backDoor.agreement();
    agreement.changeJournal(7, { requiresApproval: true });
    const service = stage.connect({ mode: 'posted' });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'rejected',
      action: expect.stringContaining('the draft waits in the journal') as string,
    });
    expect(await service.find(reference)).toMatchObject([{ state: 'live', isUnfinished: true }]);
    agreement.changeJournal(7, { requiresApproval: false });
    await service.post(voucher(), reference);
    expect([agreement.drafts().length, agreement.booked().length]).toEqual([0, 3]);
  });
});

describe('what others did', () => {
  test('entries on the clearing account are listed without a reference, drafts and booked ones', async () => {
    await using stage = await openStage();
    const agreement = stage.simulator.backDoor.agreement();
    const typed = {
      journalNumber: 1,
      date: day,
      account: '55000',
      contraAccount: '52100',
      text: 'Overført fra MobilePay',
      amount: 500,
    };
    agreement.changeJournal(1, {});
    agreement.type({ ...typed, voucherNumber: 12 });
    agreement.bookJournal(1);
    agreement.type({ ...typed, voucherNumber: 13 });
    agreement.type({ ...typed, voucherNumber: 14, contraAccount: '7230' });
    const others = await listed(stage.connect());
    expect(others.map(({ id, reference: own }) => [id, own])).toEqual([
      ['12', ''],
      ['13', ''],
    ]);
  });

  test('a voucher that is booked between the two readings of a list is not seen twice', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { digest } = await service.post(voucher(), reference);
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ path }) => path.endsWith('/booked-entries'),
      answer: (request, handle) => {
        stage.simulator.backDoor.agreement().bookJournal(7);
        return handle(request);
      },
    });
    const found = await service.find(reference);
    expect(found).toHaveLength(1);
    expect((await service.post(voucher(), reference)).digest).toBe(digest);
  });

  test('another document of a person’s stays as it is', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const content = new TextEncoder().encode('dato;beløb\n');
    await service.attach?.(id, { name: 'vipps.csv', mediaType: 'text/csv', content });
    const [held] = stage.simulator.backDoor.agreement().vouchers();
    expect(held?.documents).toMatchObject([{ note: 'vipps.csv', fileName: 'vipps.pdf', accountingYear: '2026' }]);
    const other = service.attach?.(id, { name: 'andet.csv', mediaType: 'text/csv', content });
    await expect(other).rejects.toMatchObject({ kind: 'conflict' });
    await expect(service.attach?.(id, { name: 'a.xml', mediaType: 'application/xml', content })).rejects.toMatchObject({
      kind: 'unsupported',
    });
  });
});

function saleOn(account: string): ReturnType<typeof sale> {
  const line = sale(-900);
  return { ...line, vat: { ...line.vat!, account } };
}

function saleAt(rateBasisPoints: number): ReturnType<typeof sale> {
  const line = sale(-900);
  return { ...line, vat: { ...line.vat!, rateBasisPoints } };
}
