import { expectedDigest, plainDate, viewDigest, type Posted, type SearchableService } from '@bilag/core';
import { fortnox } from '@bilag/fortnox';
import { describe, expect, test } from 'vitest';
import { day, openStage, plain, reference, sale, voucher } from './connections.ts';

async function listed(service: SearchableService, from = day, to = from): Promise<Posted[]> {
  return Array.fromAsync(service.list?.(from, to) ?? []);
}

describe('the config', () => {
  const credentials = 'file:FORTNOX';

  test('keys and a series are enough', () => {
    expect(fortnox.config['~standard'].validate({ credentials, series: 'V' })).toEqual({
      value: { host: 'production', credentials, series: 'V', clearingAccounts: [], timeoutMs: 30_000 },
    });
  });

  test.each([
    ['no series', { credentials }],
    ['a series that is none', { credentials, series: 'V 1' }],
    ['a clearing account of five digits', { credentials, series: 'V', clearingAccounts: ['16860'] }],
    ['an address that anybody can read', { credentials, series: 'V', host: 'http://api.fortnox.se' }],
  ])('%s is refused', (_, config) => {
    expect(fortnox.config['~standard'].validate(config)).toMatchObject({ issues: [{}] });
  });
});

describe('who it talks to, and what is there', () => {
  test('the company by the number of its database', async () => {
    await using stage = await openStage();
    expect(await stage.connect().identify()).toEqual({
      id: '1',
      name: 'Kafé Exempel AB',
      organisationNumber: '5566778899',
      country: 'SE',
      currency: 'SEK',
    });
  });

  test('accounts with what they ask for, cost centres, projects, and the locked date', async () => {
    await using stage = await openStage({
      lockedThrough: plainDate('2026-01-31'),
      accounts: [{ number: '6600', name: 'Stängt', isInactive: true, costCenter: 'MANDATORY' }],
    });
    const { accounts, vatCodes, dimensions, lockedThrough } = await stage.connect().chart();
    expect(accounts.find(({ number }) => number === '6600')).toEqual({
      number: '6600',
      name: 'Stängt',
      isActive: false,
      requires: ['department'],
    });
    expect(vatCodes).toEqual([]);
    expect(dimensions).toContainEqual({ type: 'department', id: '10', name: 'Servering' });
    expect(dimensions).toContainEqual({ type: 'project', id: '7', name: 'Sommarterrass' });
    expect(lockedThrough).toBe('2026-01-31');
  });

  test('a company without the licences for dimensions has none', async () => {
    await using stage = await openStage({ withoutScopes: ['costcenter', 'project'] });
    expect((await stage.connect().chart()).dimensions).toEqual([]);
  });

  test('a missing scope is told as what it is', async () => {
    await using stage = await openStage({ withoutScopes: ['bookkeeping'] });
    await expect(stage.connect().chart()).rejects.toMatchObject({
      kind: 'forbidden',
      what: expect.stringContaining('2000663') as string,
    });
  });
});

describe('a refresh token works once', () => {
  test('the next one is kept before the token it came with is used', async () => {
    await using stage = await openStage({}, 600);
    await stage.connect().identify();
    expect(stage.kept()['refreshToken']).toBe('simulated-fortnox-refresh-1-1');
    // Another connection takes what is there, until its time is up.
    await stage.connect().identify();
    stage.context.ms += 600_000;
    await stage.connect().identify();
    const asked = stage.simulator.requests.filter(({ path }) => path === '/oauth-v1/token');
    expect([asked.length, stage.kept()['refreshToken']]).toEqual([2, 'simulated-fortnox-refresh-1-2']);
  });

  test('a used one means that a person connects the application again', async () => {
    await using stage = await openStage();
    await stage.context.credentials.put?.('file:FORTNOX', { ...stage.kept(), refreshToken: 'used' });
    await expect(stage.connect().identify()).rejects.toMatchObject({
      kind: 'unauthorised',
      action: 'connect the application in Fortnox again',
    });
  });

  test('a token that is refused while it should be good is renewed once', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.identify();
    stage.simulator.access.expireTokens();
    expect(await service.identify()).toMatchObject({ id: '1' });
  });
});

describe('before anything is posted', () => {
  async function codesFor(company: object, series = 'V'): Promise<string[]> {
    await using stage = await openStage(company);
    const findings = await stage.connect({ series }).inspect?.();
    return findings?.map(({ code, severity }) => `${severity} ${code}`) ?? [];
  }

  test('a series that is missing or takes no vouchers is an error', async () => {
    expect(await codesFor({}, 'X')).toEqual(['error series-missing', 'info mode-posted']);
    expect(await codesFor({ series: [{ code: 'V', isManual: false }] })).toEqual([
      'error series-not-manual',
      'info mode-posted',
    ]);
  });

  test('one that others use too is a warning, and so is a year that is not there next month', async () => {
    await using stage = await openStage({ years: [{ from: plainDate('2026-01-01'), to: plainDate('2026-03-31') }] });
    const rows = [
      { account: '1930', amount: 100 },
      { account: '6590', amount: -100 },
    ];
    stage.simulator.backDoor.company().type({ series: 'V', date: day, description: 'Bank', rows });
    const findings = await stage.connect().inspect?.();
    expect(findings?.map(({ code }) => code)).toEqual(['series-shared', 'year-missing', 'mode-posted']);
  });
});

describe('a voucher is posted', () => {
  test('with its VAT on a row of its own, its reference in its comments and first in its text', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect().post(voucher(), reference);
    expect(receipt).toEqual({
      outcome: 'created',
      id: 'V-1-8',
      number: 'V1',
      digest: expectedDigest(voucher(), fortnox),
    });
    const company = stage.simulator.backDoor.company();
    expect(company.vouchers()).toMatchObject([
      { comments: reference, description: `${reference} Vipps MobilePay`, year: 8 },
    ]);
    expect(company.balances()).toEqual({ '1686': 900, '3001': -720, '2611': -180 });
  });

  test('with cost centres and projects, which come back, alone and from the SIE file', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const dimensions = { department: '20', project: '7' };
    const given = voucher({ lines: [plain('1686', 900), sale(-900, { dimensions })] });
    const { digest } = await service.post(given, reference);
    expect(digest).toBe(expectedDigest(given, fortnox));
    const [alone] = await service.find(reference);
    const [exported] = await listed(service);
    expect([alone, exported].map((one) => one && viewDigest(one))).toEqual([digest, digest]);
    expect(exported).toMatchObject({ id: 'V-1-8', reference, number: 'V1' });
  });

  test.each([
    ['an account', { lines: [plain('3999', 900), plain('1686', -900)] }, 'Fortnox has no account 3999', 'line 1'],
    [
      'a cost centre',
      { lines: [plain('1686', 900), sale(-900, { dimensions: { department: '99' } })] },
      'no department 99',
      'line 2',
    ],
    [
      'a dimension',
      { lines: [plain('1686', 900, { dimensions: { region: 'N' } }), sale(-900)] },
      'dimension "region"',
      'line 1',
    ],
    [
      'a customer',
      { lines: [plain('1686', 900, { party: { kind: 'customer', id: '1' } }), sale(-900)] },
      'a line of a customer',
      'line 1',
    ],
    ['another currency', { currency: 'EUR' }, 'Fortnox keeps books in SEK', ''],
    ['a year that is not there', { date: plainDate('2031-03-02') }, 'no financial year with 2031-03-02', ''],
  ])('%s is refused, before anything is sent', async (_, changes, what, where) => {
    await using stage = await openStage();
    await expect(stage.connect().post(voucher(changes), reference)).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      where: expect.stringContaining(where) as string,
    });
    expect(stage.simulator.requests.some(({ path, method }) => method === 'POST' && path === '/3/vouchers')).toBe(
      false,
    );
  });

  test('a refusal is of the locked period where the date is in it, and of the content where it is not', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    stage.simulator.backDoor.company().lockThrough(day);
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'blocked',
      what: `the books are locked through ${day}`,
    });
    const later = voucher({ date: plainDate('2026-03-03') });
    const refusal = { ErrorInformation: { Error: 1, Message: 'Något annat', Code: 2_000_588 } };
    stage.simulator.faults.arm({
      kind: 'status',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(refusal),
      match: ({ method, path }) => method === 'POST' && path === '/3/vouchers',
    });
    await expect(service.post(later, '512403-20260303')).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringContaining('2000588') as string,
    });
  });
});

describe('what is there is found', () => {
  test('in the year of its key or a later one, and nothing is read twice that cannot have changed', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const old = '512403-20251130';
    await service.post(voucher(), old);
    expect((await service.find(old)).map(({ id }) => id)).toEqual(['V-1-8']);
    const rows = [
      { account: '1930', amount: 100 },
      { account: '6590', amount: -100 },
    ];
    for (let times = 0; times < 250; times += 1) {
      stage.simulator.backDoor.company().type({ series: 'V', date: day, description: 'Bank', rows });
    }
    await service.find(reference);
    const before = stage.simulator.requests.length;
    await service.find(reference);
    expect(stage.simulator.requests.slice(before).map(({ search }) => search)).toEqual([
      '?financialyear=8&limit=100&page=3',
    ]);
  });

  test('by its comments, where a person changed its text', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { digest } = await service.post(voucher(), reference);
    stage.simulator.backDoor.company().change({ series: 'V', number: 1, year: 8 }, { description: 'Vipps mars' });
    expect((await service.find(reference)).map((one) => viewDigest(one))).toEqual([digest]);
  });

  test('what others booked on the clearing account is listed without a reference', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    const typed = { series: 'A', date: day, description: 'Överföring från MobilePay' };
    company.type({
      ...typed,
      rows: [
        { account: '1930', amount: 500 },
        { account: '1686', amount: -500 },
      ],
    });
    company.type({
      ...typed,
      rows: [
        { account: '1930', amount: 500 },
        { account: '6590', amount: -500 },
      ],
    });
    expect(
      (await listed(stage.connect())).map(({ id, reference: own, description }) => [id, own, description]),
    ).toEqual([['A-1-8', '', 'Överföring från MobilePay']]);
  });

  test('a file that is no SIE file is a reading that failed', async () => {
    await using stage = await openStage();
    stage.simulator.faults.arm({
      kind: 'status',
      status: 200,
      body: '<html>',
      match: ({ path }) => path === '/3/sie/4',
    });
    await expect(listed(stage.connect())).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('a file', () => {
  const content = new TextEncoder().encode('datum;belopp\n');

  test('comes to its voucher once, and what an earlier try left in the inbox is taken', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    stage.simulator.faults.arm({
      kind: 'cut',
      strikes: 'after',
      match: ({ method, path }) => method === 'POST' && path === '/3/inbox',
    });
    const file = { name: 'vipps.csv', mediaType: 'text/csv', content };
    await expect(service.attach?.(id, file)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    await service.attach?.(id, file);
    await service.attach?.(id, file);
    const uploads = stage.simulator.requests.filter(({ method, path }) => method === 'POST' && path === '/3/inbox');
    const [held] = stage.simulator.backDoor.company().vouchers();
    expect(uploads).toHaveLength(1);
    expect(held && stage.simulator.backDoor.company().filesOf(held)).toMatchObject([{ name: 'vipps.pdf' }]);
  });

  test('of another kind, and an id of somebody else, are refused', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const xml = { name: 'a.xml', mediaType: 'application/xml', content };
    await expect(service.attach?.('V-1-8', xml)).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(service.attach?.('260302417', xml)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
