import { expectedDigest, plainDate, type Posted, type SearchableService } from '@bilag/core';
import { xero } from '@bilag/xero';
import { describe, expect, test } from 'vitest';
import { xeroDate } from '../src/xero-date.ts';
import { day, openStage, plain, reference, sale, voucher } from './connections.ts';

async function listed(service: SearchableService, from = day, to = from): Promise<Posted[]> {
  return Array.fromAsync(service.list?.(from, to) ?? []);
}

describe('the config', () => {
  const needed = { tenant: '45e4708e-d862-4111-ab3a-dd8cd03913e1', credentials: 'file:XERO' };

  test('the connection and its keys are enough, and drafts are the default', () => {
    expect(xero.config['~standard'].validate(needed)).toEqual({
      value: {
        ...needed,
        host: 'production',
        mode: 'draft',
        taxTypes: {},
        clearingAccounts: [],
        timeoutMs: 30_000,
      },
    });
  });

  test.each([
    ['a tenant that is no id', { tenant: 'Kaffebaren' }],
    ['an address that anybody can read', { host: 'http://api.xero.com' }],
    ['a mode that is not known', { mode: 'live' }],
    ['two codes of one tax type', { taxTypes: { '5': 'TAX004', '6': 'TAX004' } }],
  ])('%s is refused', (_, changes) => {
    expect(xero.config['~standard'].validate({ ...needed, ...changes })).toMatchObject({ issues: [{}] });
  });
});

test.each([
  ['/Date(1552521600000+0000)/', '2019-03-14'],
  ['/Date(1552521600000)/', '2019-03-14'],
  ['/Date(1552474800000+1300)/', '2019-03-14'],
  ['/Date(-86400000+0000)/', '1969-12-31'],
  ['2019-03-14T00:00:00', '2019-03-14'],
])('a date written as %s is %s', (text, date) => {
  expect(xeroDate.safeParse(text).data).toBe(date);
});

describe('who it talks to, and what is there', () => {
  test('the organisation by its id', async () => {
    await using stage = await openStage();
    expect(await stage.connect().identify()).toEqual({
      id: stage.simulator.backDoor.organisation().id,
      name: 'Kaffebaren Eksempel AS',
      organisationNumber: '987654325',
      country: 'NO',
      currency: 'NOK',
    });
  });

  test('accounts that a manual journal can name, rates by the policy’s codes, and the later lock', async () => {
    await using stage = await openStage({
      lockedThrough: plainDate('2026-01-31'),
      yearLockedThrough: plainDate('2025-12-31'),
    });
    const { accounts, vatCodes, lockedThrough, dimensions } = await stage.connect().chart();
    const closed = accounts.filter(({ isActive }) => !isActive).map(({ number }) => number);
    expect(closed).toEqual(['1501', '1900', '2700']);
    expect(vatCodes.find(({ code }) => code === '3')).toMatchObject({ rateBasisPoints: 2500, kind: 'output' });
    expect(vatCodes.find(({ code }) => code === 'TAX008')).toMatchObject({ kind: 'input' });
    expect([lockedThrough, dimensions[0]]).toEqual(['2026-01-31', { type: 'department', id: '10', name: '10' }]);
  });

  test('another organisation and missing scopes are named', async () => {
    await using stage = await openStage({ withoutScopes: true });
    await expect(stage.connect().identify()).rejects.toMatchObject({
      kind: 'forbidden',
      action: expect.stringContaining('tenant') as string,
    });
  });

  test('a refresh token works once, and the next is kept', async () => {
    await using stage = await openStage({}, { tokenSeconds: 60 });
    const service = stage.connect();
    await service.identify();
    const before = stage.kept()['refreshToken'];
    await service.identify();
    expect(stage.kept()['refreshToken']).not.toBe(before);
  });

  test('the tax types there are, as long as none is named', async () => {
    await using stage = await openStage();
    const [types, mode] = (await stage.connect({ taxTypes: {} }).inspect?.()) ?? [];
    expect(types).toMatchObject({
      code: 'tax-types-unnamed',
      message: expect.stringContaining('TAX001 (Høy sats, 25 %)') as string,
    });
    expect(mode?.code).toBe('mode-draft');
  });

  test('what the other mode would do is said, and how many drafts wait', async () => {
    await using stage = await openStage();
    await stage.connect().post(voucher(), reference);
    const [draft] = (await stage.connect().inspect?.()) ?? [];
    expect(draft).toMatchObject({
      code: 'mode-draft',
      message: expect.stringContaining('1 voucher of ours') as string,
    });
    const [posted] = (await stage.connect({ mode: 'posted' }).inspect?.()) ?? [];
    expect(posted).toMatchObject({ code: 'mode-posted', severity: 'warning' });
  });
});

describe('a voucher becomes a manual journal', () => {
  test('gross, with tax types, the reference first in its narration, left as a draft', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect().post(voucher(), reference);
    const [journal] = stage.simulator.backDoor.organisation().journals();
    expect(receipt).toEqual({ outcome: 'created', id: journal?.id, digest: expectedDigest(voucher(), xero) });
    expect(journal).toMatchObject({
      status: 'DRAFT',
      date: day,
      lineAmountTypes: 'Inclusive',
      narration: `${reference} Vipps MobilePay`,
      lines: [
        { amount: 900, account: '1579', taxType: 'NONE' },
        { amount: -900, account: '3000', taxType: 'TAX001', taxAmount: -180 },
      ],
    });
    expect(stage.simulator.backDoor.organisation().balances()).toEqual({});
  });

  test('and is the same voucher when a person has posted it', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const [before] = await service.find(reference);
    const organisation = stage.simulator.backDoor.organisation();
    organisation.changeStatus(id, 'POSTED');
    expect(organisation.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    expect(await service.find(reference)).toEqual([before]);
    expect(await listed(service)).toEqual([before]);
  });

  test('or is posted at once', async () => {
    await using stage = await openStage();
    await stage.connect({ mode: 'posted' }).post(voucher(), reference);
    const organisation = stage.simulator.backDoor.organisation();
    expect(organisation.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
  });

  test.each([
    ['deleted', 'draft', 'DELETED', 'deleted'],
    ['voided', 'posted', 'VOIDED', 'reversed'],
  ] as const)('what a person has %s is not live any more', async (_, mode, status, state) => {
    await using stage = await openStage();
    const service = stage.connect({ mode });
    const { id } = await service.post(voucher(), reference);
    stage.simulator.backDoor.organisation().changeStatus(id, status);
    expect((await service.find(reference)).map((one) => one.state)).toEqual([state]);
  });

  test.each([
    ['an account', { lines: [plain('1999', 900), plain('1579', -900)] }, 'account 1999 is not in Xero', 'line 1'],
    ['a bank account', { lines: [plain('1900', 900), plain('1579', -900)] }, 'is a bank account', 'line 1'],
    [
      'an account that Xero keeps',
      { lines: [plain('1579', 9), plain('2700', -9)] },
      'kept by Xero itself (GST)',
      'line 2',
    ],
    [
      'a rate that is not the type’s',
      { lines: [plain('1579', 900), saleWith({ rateBasisPoints: 1500 })] },
      'is of 25 % in Xero',
      'line 2',
    ],
    [
      'a code without a tax type',
      { lines: [plain('1579', 900), saleWith({ code: '32' })] },
      'no tax rate of the type 32',
      'line 2',
    ],
    [
      'a type that is not for such accounts',
      { lines: [plain('1579', 900), saleWith({ code: 'TAX008' })] },
      'does not apply to account 3000',
      'line 2',
    ],
    [
      'a dimension',
      { lines: [plain('1579', 900), sale(-900, { dimensions: { area: 'N' } })] },
      'dimension "area"',
      'line 2',
    ],
    [
      'a customer',
      { lines: [plain('1579', 900, { party: { kind: 'customer', id: '1' } }), sale(-900)] },
      'a line of a customer',
      'line 1',
    ],
    ['another currency', { currency: 'EUR' }, 'keeps its books in NOK', ''],
  ])('%s is refused with its line, before anything is sent', async (_, changes, what, where) => {
    await using stage = await openStage();
    await expect(stage.connect().post(voucher(changes), reference)).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      where: expect.stringContaining(where) as string,
    });
    expect(stage.simulator.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });
});

function saleWith(changes: object): ReturnType<typeof sale> {
  const line = sale(-900);
  return { ...line, vat: { ...line.vat!, ...changes } };
}

describe('an answer of 200', () => {
  test('that carries validation errors is a refusal, and nothing was made', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'posted' });
    await service.chart();
    const organisation = stage.simulator.backDoor.organisation();
    organisation.changeAccount('1579', { isArchived: true });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringContaining('is not a valid code for this document') as string,
      where: expect.stringContaining(reference) as string,
    });
    expect(organisation.journals()).toEqual([]);
  });

  test('in a locked period too, whose lock is asked for', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.chart();
    stage.simulator.backDoor.organisation().lockThrough(plainDate('2026-03-31'));
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({ kind: 'blocked' });
  });

  test('to a draft that lost an account is no success: it is not what was sent', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.chart();
    stage.simulator.backDoor.organisation().changeAccount('1579', undefined);
    const { digest } = await service.post(voucher(), reference);
    expect(digest).not.toBe(expectedDigest(voucher(), xero));
  });

  test.each([
    ['that names an id and an error at once', { ManualJournalID: 'd312dd5e', ValidationErrors: [{ Message: 'x' }] }],
    ['that names neither', {}],
    ['that says ERROR and no reason', { ManualJournalID: 'd312dd5e', StatusAttributeString: 'ERROR' }],
  ])('%s is an unknown outcome', async (_, sent) => {
    await using stage = await openStage();
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ method }) => method === 'PUT',
      answer: () => ({ status: 200, body: JSON.stringify({ ManualJournals: [sent] }) }),
    });
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });
});

describe('an idempotency key', () => {
  test('makes a second one of the same voucher the first', async () => {
    await using stage = await openStage();
    const [first, second] = [
      await stage.connect().post(voucher(), reference),
      await stage.connect().post(voucher(), reference),
    ];
    expect(second).toEqual(first);
    expect(stage.simulator.backDoor.organisation().journals()).toHaveLength(1);
  });

  test('is another one for another voucher under the reference, and for what was changed in it', async () => {
    await using stage = await openStage();
    await stage.connect().post(voucher(), reference);
    await stage.connect().post(voucher({ lines: [plain('1579', 100), sale(-100)] }), reference);
    expect(stage.simulator.backDoor.organisation().journals()).toHaveLength(2);
    expect(await stage.connect().find(reference)).toHaveLength(2);
  });

  test('that is answered with what a person has deleted since is no success', async () => {
    await using stage = await openStage();
    const { id } = await stage.connect().post(voucher(), reference);
    stage.simulator.backDoor.organisation().changeStatus(id, 'DELETED');
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });
});

describe('what others did', () => {
  test('on the clearing account is listed, manual journals and all else', async () => {
    await using stage = await openStage();
    const organisation = stage.simulator.backDoor.organisation();
    organisation.enter({ date: day, sourceType: 'ACCREC', amounts: { '1579': 50_000, '3000': -50_000 } });
    organisation.enter({ date: day, sourceType: 'CASHREC', amounts: { '1900': 50_000, '1500': -50_000 } });
    for (let count = 0; count < 120; count += 1) {
      organisation.enter({ date: day, sourceType: 'ACCPAY', amounts: { '7790': 100, '2400': -100 } });
    }
    organisation.enter({ date: plainDate('2026-03-03'), sourceType: 'ACCREC', amounts: { '1579': 1, '3000': -1 } });
    organisation.enter({ date: day, sourceType: 'ACCREC', amounts: { '1579': 2, '3000': -2 } });
    await stage.connect({ mode: 'posted' }).post(voucher(), reference);
    const shown = await listed(stage.connect());
    expect(shown.map(({ reference: own, description }) => [own, description])).toEqual([
      [reference, 'Vipps MobilePay'],
      ['', 'ACCREC'],
      ['', 'ACCREC'],
    ]);
  });

  test('a file is added once', async () => {
    await using stage = await openStage();
    const { id } = await stage.connect().post(voucher(), reference);
    const content = new TextEncoder().encode('dato;beløp\n');
    const file = { name: 'vipps mars.csv', mediaType: 'text/csv', content };
    await stage.connect().attach?.(id, file);
    await stage.connect().attach?.(id, file);
    const [journal] = stage.simulator.backDoor.organisation().journals();
    expect(journal?.attachments).toEqual([{ fileName: 'vipps_mars.csv', mimeType: 'text/csv', content }]);
    const large = { ...file, content: new Uint8Array(10_485_761) };
    await expect(stage.connect().attach?.(id, large)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
