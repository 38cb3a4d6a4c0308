import { expectedDigest, plainDate, viewDigest, type Posted, type SearchableService } from '@bilag/core';
import { unimicro } from '@bilag/unimicro';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { day, openStage, plain, reference, sale, voucher, type Stage } from './connections.ts';

async function listed(service: SearchableService, from = day, to = from): Promise<Posted[]> {
  return Array.fromAsync(service.list?.(from, to) ?? []);
}

/** What a person typed from the clearing account to the bank, or elsewhere. */
function typed(account: string): { account: string; amount: number }[] {
  return [
    { account: '1920', amount: 500 },
    { account, amount: -500 },
  ];
}

function writes({ simulator }: Stage): string[] {
  return simulator.requests
    .filter(({ method, path }) => method !== 'GET' && path !== '/connect/token')
    .map(({ search }) => search);
}

describe('the config', () => {
  const [credentials, company] = ['env:UNIMICRO', '1b2c3d4e-0000-4000-8000-000000000001'];

  test('keys and a company are enough, and vouchers are drafts', () => {
    expect(unimicro.config['~standard'].validate({ credentials, company })).toEqual({
      value: { host: 'production', credentials, company, mode: 'draft', clearingAccounts: [], timeoutMs: 30_000 },
    });
  });

  test.each([
    ['no company', { credentials }],
    ['a company that is none', { credentials, company: 'Kafé AS' }],
    ['another mode', { credentials, company, mode: 'sent' }],
    ['an address that anybody can read', { credentials, company, host: 'http://api.unimicro.no' }],
  ])('%s is refused', (_, config) => {
    expect(unimicro.config['~standard'].validate(config)).toMatchObject({ issues: [{}] });
  });
});

describe('who it talks to, and what is there', () => {
  test('the company by its key, in the currency of its books', async () => {
    await using stage = await openStage({ currency: 'EUR' });
    expect(await stage.connect().identify()).toEqual({
      id: 'kafe-eksempel',
      name: 'Kafé Eksempel AS',
      organisationNumber: '987654321',
      country: 'NO',
      currency: 'EUR',
    });
  });

  test('another company than those of the application is told with their keys', async () => {
    await using stage = await openStage();
    await expect(stage.connect({ company: 'en-annen' }).identify()).rejects.toMatchObject({
      kind: 'config',
      action: expect.stringContaining('kafe-eksempel') as string,
    });
    await expect(stage.connect({ company: 'en-annen' }).chart()).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('accounts of the ledger, codes, dimensions, and the later of the two locks', async () => {
    await using stage = await openStage({
      lockedThrough: plainDate('2026-01-31'),
      vatLockedThrough: plainDate('2026-02-28'),
      accounts: [{ number: '6600', name: 'Låst', isLockedForManualPosts: true }],
    });
    const { accounts, vatCodes, dimensions, lockedThrough } = await stage.connect().chart();
    expect(accounts.find(({ number }) => number === '6600')).toMatchObject({ isActive: false });
    expect(accounts.some(({ number }) => number === '10001')).toBe(false);
    expect(vatCodes.find(({ code }) => code === '3')).toMatchObject({ rateBasisPoints: 2500, kind: 'output' });
    expect(dimensions).toContainEqual({ type: 'department', id: '10', name: 'Servering' });
    expect(dimensions).toContainEqual({ type: 'project', id: '7', name: 'Uteservering' });
    expect(lockedThrough).toBe('2026-02-28');
  });
});

describe('a server application', () => {
  test('signs what it asks with, and asks again when its token has ended', async () => {
    await using stage = await openStage({}, { tokenSeconds: 600 });
    const service = stage.connect();
    await service.identify();
    await service.identify();
    stage.context.ms += 600_000;
    await service.identify();
    stage.simulator.access.expireTokens();
    await service.identify();
    expect(stage.simulator.requests.filter(({ path }) => path === '/connect/token')).toHaveLength(3);
  });

  test('takes its key as PEM too, also on one line of an environment', async () => {
    await using stage = await openStage();
    const { clientId, privateKey } = stage.simulator.credentials;
    const pem = `-----BEGIN PRIVATE KEY-----\\n${privateKey}\\n-----END PRIVATE KEY-----`;
    stage.context.credentials.get = async () => ({ clientId, privateKey: pem });
    expect(await stage.connect().identify()).toMatchObject({ id: 'kafe-eksempel' });
  });

  test('with a key of somebody else is turned away, and one that is none is a matter of the config', async () => {
    await using stage = await openStage();
    const { clientId } = stage.simulator.credentials;
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      format: 'der',
      type: 'pkcs8',
    });
    stage.context.credentials.get = async () => ({ clientId, privateKey: other.toString('base64') });
    await expect(stage.connect().identify()).rejects.toMatchObject({ kind: 'unauthorised' });
    stage.context.credentials.get = async () => ({ clientId, privateKey: 'c2VjcmV0' });
    const refused = stage.connect().identify();
    await expect(refused).rejects.toMatchObject({ kind: 'config', what: 'the private key cannot be read' });
    await expect(refused).rejects.not.toThrow(/c2VjcmV0/);
    stage.context.credentials.get = async () => ({ clientId });
    await expect(stage.connect().identify()).rejects.toMatchObject({ kind: 'config' });
  });
});

describe('before anything is posted', () => {
  test('it is said what the mode means, what waits, and that the next year is not there', async () => {
    await using stage = await openStage({ years: [{ from: plainDate('2026-01-01'), to: plainDate('2026-03-31') }] });
    await stage.connect({ mode: 'draft' }).post(voucher(), reference);
    const said = async (mode: string): Promise<unknown> =>
      (await stage.connect({ mode }).inspect?.())?.map(({ code, severity, message }) => [code, severity, message]);
    const year = ['year-missing', 'warning', 'the last financial year ends on 2026-03-31'];
    expect(await said('draft')).toEqual([
      year,
      ['mode-draft', 'info', 'vouchers are left as drafts until a person books them; 1 voucher of ours waits'],
    ]);
    expect(await said('posted')).toEqual([
      year,
      ['mode-posted', 'warning', expect.stringContaining('1 voucher of ours waits as drafts') as string],
    ]);
  });
});

describe('a voucher is posted', () => {
  test('gross, and Unimicro books its VAT on a line that says what it is the VAT of', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect().post(voucher(), reference);
    expect(receipt).toMatchObject({
      outcome: 'created',
      number: '1-2026',
      digest: expectedDigest(voucher(), unimicro),
    });
    const company = stage.simulator.backDoor.company();
    expect(company.entries()).toMatchObject([
      { reference, source: 'bilag', description: `${reference} Vipps MobilePay` },
    ]);
    expect(company.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
  });

  test('as a draft it is not in the books, and stays the same voucher when a person books it', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'draft' });
    const { id, digest, number } = await service.post(voucher(), reference);
    const company = stage.simulator.backDoor.company();
    expect([number, company.balances()]).toEqual([undefined, {}]);
    company.bookDraft(Number(id));
    const found = await service.find(reference);
    expect(found.map((one) => [one.id, one.number, viewDigest(one)])).toEqual([[id, '1-2026', digest]]);
    expect((await listed(service)).map((one) => [one.id, viewDigest(one)])).toEqual([[id, digest]]);
  });

  test('with departments and projects, which come back alone and in a list', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const given = voucher({
      lines: [plain('1579', 900), sale(-900, { dimensions: { department: '20', project: '7' } })],
    });
    const { digest } = await service.post(given, reference);
    expect(digest).toBe(expectedDigest(given, unimicro));
    const [alone, inList] = [(await service.find(reference))[0], (await listed(service))[0]];
    expect([alone, inList].map((one) => one && viewDigest(one))).toEqual([digest, digest]);
  });

  test.each<[string, object, string, string]>([
    ['an account', { lines: [plain('3999', 900), plain('1579', -900)] }, 'Unimicro has no account 3999', 'line 1'],
    ['an account of a customer', { lines: [plain('10001', 900), plain('1579', -900)] }, 'no account 10001', 'line 1'],
    [
      'an account that is locked',
      { lines: [plain('1579', 900), plain('6600', -900)] },
      'account 6600 is locked for manual postings',
      'line 2',
    ],
    [
      'a department',
      { lines: [plain('1579', 900), sale(-900, { dimensions: { department: '99' } })] },
      'no department 99',
      'line 2',
    ],
    ['a dimension', { lines: [plain('1579', 900, { dimensions: { region: 'N' } }), sale(-900)] }, '"region"', 'line 1'],
    [
      'a customer',
      { lines: [plain('1579', 900, { party: { kind: 'customer', id: '1' } }), sale(-900)] },
      'a line of a customer',
      'line 1',
    ],
    ['another currency', { currency: 'EUR' }, 'keeps its books in NOK', ''],
  ])('%s is refused, before anything is sent', async (_, changes, what, where) => {
    await using stage = await openStage({
      accounts: [{ number: '6600', name: 'Låst', isLockedForManualPosts: true }],
    });
    await expect(stage.connect().post(voucher(changes), reference)).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      where: expect.stringContaining(where) as string,
    });
    expect(writes(stage)).toEqual([]);
  });

  test.each([
    ['is not there', { isLocked: true }, 'Unimicro has no VAT type with the code 3'],
    ['has another rate', { rateBasisPoints: 1500 }, 'VAT code 3 is of 15 % in Unimicro, and not of 25 %'],
    ['posts elsewhere', { account: '2701' }, 'VAT code 3 posts on account 2701 in Unimicro, and the policy says 2700'],
  ])('a VAT type that %s is refused, before anything is sent', async (_, changes, what) => {
    const own = { code: '3', name: 'Utgående', rateBasisPoints: 2500, account: '2700' };
    await using stage = await openStage({ vat: [{ ...own, ...changes }] });
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'rejected', what });
    expect(writes(stage)).toEqual([]);
  });
});

describe('books that are locked', () => {
  test('for VAT alone take what has none', async () => {
    await using stage = await openStage({ vatLockedThrough: day });
    const service = stage.connect();
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'blocked',
      what: `the books are locked through ${day}`,
    });
    const payout = voucher({ lines: [plain('1920', 900), plain('1579', -900)] });
    expect(await service.post(payout, reference)).toMatchObject({ outcome: 'created' });
  });

  test('while a connection is open are found when Unimicro refuses, and so is a year that is missing', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.chart();
    stage.simulator.backDoor.company().lockThrough(day);
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({ kind: 'blocked' });
    await expect(service.post(voucher({ date: plainDate('2031-03-02') }), '302321-20310302')).rejects.toMatchObject({
      kind: 'blocked',
      what: 'Unimicro has no financial year with 2031-03-02',
    });
  });

  test('a refusal of the content is told in the words of Unimicro', async () => {
    await using stage = await openStage();
    const words = { Message: 'Validering feilet', Messages: [{ Message: 'Noe annet' }] };
    stage.simulator.faults.arm({
      kind: 'status',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(words),
      match: ({ method, path }) => method === 'POST' && path === '/api/biz/journalentries',
    });
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({
      kind: 'rejected',
      what: 'HTTP 400: Validering feilet; Noe annet',
    });
  });
});

describe('a filter that is not applied gives everything', () => {
  test.each(['ExternalReference', 'ExternalSource'])('and nothing else is taken for ours: %s', async (field) => {
    await using stage = await openStage({}, { unknownFields: [field] });
    const service = stage.connect();
    await service.post(voucher(), reference);
    const company = stage.simulator.backDoor.company();
    // Of another program, under the same reference.
    const stranger = company.type({ date: day, description: 'Kopi', lines: typed('7790') });
    company.change(stranger.id, { reference, source: 'kassen' });
    expect((await service.find(reference)).map(({ description }) => description)).toEqual([
      `${reference} Vipps MobilePay`,
    ]);
    expect(await service.find('302321-20260303')).toEqual([]);
  });

  test('and a list that begins anew is given up', async () => {
    await using stage = await openStage({}, { unknownFields: ['ID'] });
    const company = stage.simulator.backDoor.company();
    for (let times = 0; times < 1_001; times += 1)
      company.type({ date: day, description: 'Bank', lines: typed('7790') });
    await expect(stage.connect().find(reference)).rejects.toMatchObject({
      kind: 'unavailable',
      what: expect.stringContaining('other rows than were asked for') as string,
    });
  });

  test('a reference with another case is another one', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), `${reference}.J`);
    expect(await service.find(`${reference}.j`)).toEqual([]);
  });
});

describe('what others booked', () => {
  test('on the clearing account is listed without a reference, and nothing else', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    company.type({ date: day, description: 'Overføring fra Vipps', lines: typed('1579') });
    company.type({ date: day, description: 'Kontorrekvisita', lines: typed('7790') });
    expect((await listed(stage.connect())).map(({ reference: own, description }) => [own, description])).toEqual([
      ['', 'Overføring fra Vipps'],
    ]);
  });

  test('an edited voucher shows as it is now, also where its lines were moved to another day', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id, digest } = await service.post(voucher(), reference);
    const company = stage.simulator.backDoor.company();
    const [held] = company.entries();
    const [first, ...others] = held?.lines ?? [];
    if (first === undefined) throw new Error('there is no line');
    company.change(Number(id), { lines: [{ ...first, date: plainDate('2026-03-01') }, ...others] });
    const [found] = await service.find(reference);
    expect(found && viewDigest(found)).not.toBe(digest);
    const [shown] = await listed(service);
    expect(shown && viewDigest(shown)).not.toBe(digest);
  });
});

describe('a reversal', () => {
  const later = plainDate('2026-03-09');

  test.each([false, true])(
    'has links both ways, and is made once (in the same entry: %s)',
    async (creditsInSameEntry) => {
      await using stage = await openStage({}, { creditsInSameEntry });
      const service = stage.connect();
      const { id } = await service.post(voucher(), reference);
      const receipt = await service.reverse?.(id, later, `${reference}.U1`);
      expect(receipt).toMatchObject({ outcome: 'created' });
      expect(await service.reverse?.(id, later, `${reference}.U1`)).toEqual({ ...receipt, outcome: 'exists' });
      expect(Object.values(stage.simulator.backDoor.company().balances())).toEqual([0, 0, 0]);
      const states = (await service.find(reference)).map((one) => [one.id, one.state, one.reverses, one.date]);
      expect(states).toEqual([
        [id, 'reversed', undefined, day],
        [receipt?.id, 'live', id, later],
      ]);
      // A list of its days alone finds whose it is.
      expect((await listed(service, later)).map((one) => [one.id, one.reference, one.reverses])).toEqual([
        [receipt?.id, reference, id],
      ]);
    },
  );

  test('by a person is found too', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const company = stage.simulator.backDoor.company();
    const credit = company.credit(Number(id), later);
    expect(await service.reverse?.(id, later, `${reference}.U1`)).toMatchObject({
      outcome: 'exists',
      id: String(credit.id),
    });
    // What a person takes back of that is not ours.
    company.credit(credit.id, later);
    expect((await listed(service, later)).map(({ reference: own, state }) => [own, state])).toEqual([
      [reference, 'reversed'],
      ['', 'live'],
    ]);
  });

  test('of a draft, and on a locked day, is refused', async () => {
    await using stage = await openStage();
    expect(stage.connect({ mode: 'draft' }).reverse).toBeUndefined();
    const draft = await stage.connect({ mode: 'draft' }).post(voucher(), reference);
    const service = stage.connect();
    await expect(service.reverse?.(draft.id, later, 'x')).rejects.toMatchObject({ kind: 'unsupported' });
    const { id } = await service.post(voucher({ date: later }), '302321-20260309');
    stage.simulator.backDoor.company().lockThrough(later);
    await expect(service.reverse?.(id, later, 'x')).rejects.toMatchObject({ kind: 'blocked' });
    expect(stage.simulator.backDoor.company().entries()).toHaveLength(2);
  });
});

describe('a file', () => {
  const content = new TextEncoder().encode('dato;beløp\n');

  test('comes to its voucher once, text as a PDF', async () => {
    await using stage = await openStage();
    const { id } = await stage.connect().post(voucher(), reference);
    const file = { name: 'vipps.csv', mediaType: 'text/csv', content };
    await stage.connect().attach?.(id, file);
    await stage.connect().attach?.(id, file);
    expect(stage.simulator.backDoor.company().filesOf(Number(id))).toMatchObject([{ name: 'vipps.pdf' }]);
  });

  test('of another kind, and an id of somebody else, are refused', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const xml = { name: 'a.xml', mediaType: 'application/xml', content };
    await expect(service.attach?.(id, xml)).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(service.attach?.('V-1-8', xml)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
