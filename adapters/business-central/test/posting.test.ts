import { businessCentral } from '@bilag/business-central';
import { expectedDigest, plainDate, type Posted, type SearchableService } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { documentNumberOf } from '../src/document-numbers.ts';
import { day, openStage, plain, reference, sale, voucher } from './connections.ts';

const number = `BI${reference}`;

async function listed(service: SearchableService, from = day, to = from): Promise<Posted[]> {
  return Array.fromAsync(service.list?.(from, to) ?? []);
}

describe('the config', () => {
  const needed = { tenant: 'contoso.onmicrosoft.com', company: 'CRONUS', credentials: 'env:BC', journal: 'BILAG' };
  const standard = { group: 'STANDARD', rateBasisPoints: 2500, account: '2700' };

  test('tenant, company, keys and journal are enough, and drafts are the default', () => {
    expect(businessCentral.config['~standard'].validate(needed)).toEqual({
      value: {
        ...needed,
        host: 'production',
        environment: 'Production',
        mode: 'draft',
        vatGroups: {},
        dimensions: [],
        clearingAccounts: [],
        timeoutMs: 60_000,
      },
    });
  });

  test.each([
    ['no journal', { journal: undefined }],
    ['a journal code that is too long', { journal: 'VIPPSMOBILEPAY' }],
    ['an address that anybody can read', { host: 'http://api.businesscentral.dynamics.com' }],
    ['a tenant that is a path', { tenant: '../x' }],
    ['a rate without an account for its VAT', { vatGroups: { '3': { ...standard, account: null } } }],
    ['a group that does two things', { vatGroups: { '3': standard, '31': { ...standard, rateBasisPoints: 1500 } } }],
  ])('%s is refused', (_, changes) => {
    expect(businessCentral.config['~standard'].validate({ ...needed, ...changes })).toMatchObject({ issues: [{}] });
  });
});

describe('a document number', () => {
  test('is the reference, found by its beginning', () => {
    expect(documentNumberOf('302321-20260302.R2')).toBe('BI302321-20260302.R2');
  });

  test('of a long reference ends in what is made of all of it', () => {
    const [one, other] = [documentNumberOf('302321-P20260302.J.R2'), documentNumberOf('302321-P20260302.J.R3')];
    expect([one?.length, one === other]).toEqual([20, false]);
    expect(one).toMatch(/^BI302321-P20-[0-9A-F]{7}$/);
  });
});

describe('who it talks to, and what is there', () => {
  test('the company by its id, also where it is named by that', async () => {
    await using stage = await openStage();
    const { id } = stage.simulator.backDoor.company();
    const told = {
      id,
      name: 'Kaffebaren Eksempel AS',
      organisationNumber: '987654325',
      country: 'NO',
      currency: 'NOK',
    };
    expect(await stage.connect().identify()).toEqual(told);
    expect(await stage.connect({ company: id }).identify()).toEqual(told);
  });

  test('accounts that take entries, and groups with the rates of the config', async () => {
    await using stage = await openStage({
      allowPostingFrom: plainDate('2026-02-11'),
      closedYears: [2019, 2020],
      accounts: [{ number: '7795', name: 'Sperret', isBlocked: true }],
    });
    const { accounts, vatCodes, lockedThrough } = await stage.connect().chart();
    expect(accounts.find(({ number: own }) => own === '2990')).toBeUndefined();
    expect(accounts.find(({ number: own }) => own === '7795')).toMatchObject({ isActive: false });
    // Nobody may name it on a line, and the VAT is posted there all the same.
    expect(accounts.find(({ number: own }) => own === '2700')).toMatchObject({ isActive: true });
    expect(vatCodes.find(({ code }) => code === '3')).toMatchObject({
      description: 'VAT25 Høy sats',
      rateBasisPoints: 2500,
    });
    expect(lockedThrough).toBe('2026-02-10');
  });

  test('closed years are closed, although Business Central would take an entry', async () => {
    await using stage = await openStage({ closedYears: [2019, 2020, 2021, 2022, 2023, 2024, 2025] });
    expect((await stage.connect().chart()).lockedThrough).toBe('2025-12-31');
    const date = plainDate('2025-12-31');
    await expect(stage.connect().post(voucher({ date }), reference)).rejects.toMatchObject({ kind: 'blocked' });
  });

  test('what is read is read where it is written, and not from the replica', async () => {
    await using stage = await openStage();
    await stage.connect().post(voucher(), reference);
    expect(stage.simulator.requests.every(({ headers }) => headers['data-access-intent'] === 'ReadWrite')).toBe(true);
    expect(await stage.connect().find(reference)).toHaveLength(1);
  });

  test.each([
    ['keys that are not there', { credentials: 'env:NONE' }, 'config', 'clientSecret'],
    ['a company that is not there', { company: 'CRONUS' }, 'config', 'no company of that name'],
    ['another tenant', { tenant: 'contoso.com' }, 'unauthorised', ''],
  ])('%s are named', async (_, config, kind, what) => {
    await using stage = await openStage();
    await expect(stage.connect(config).identify()).rejects.toMatchObject({
      kind,
      what: expect.stringContaining(what) as string,
    });
  });

  test('an app without permission sets is told which', async () => {
    await using stage = await openStage({ withoutPermissions: true });
    await expect(stage.connect().identify()).rejects.toMatchObject({
      kind: 'forbidden',
      action: expect.stringContaining('D365 BUS FULL ACCESS') as string,
    });
  });
});

describe('before anything is posted', () => {
  async function codesFor(company: object, config: object = {}, line = false): Promise<string[]> {
    await using stage = await openStage(company);
    const { backDoor } = stage.simulator;
    const typed = { journal: 'BILAG', account: '1920', postingDate: day, documentNumber: 'G0001', description: 'Leie' };
    if (line) backDoor.company().type({ ...typed, amount: 100 });
    const findings = await stage.connect(config).inspect?.();
    return findings?.map(({ code, severity }) => `${severity} ${code}`) ?? [];
  }

  test.each([
    ['a journal that is missing', { journals: [] }, {}, ['error journal-missing', 'info mode-draft']],
    [
      'a journal that balances each line by itself',
      { journals: [{ code: 'BILAG', balancingAccount: '1920' }] },
      {},
      ['error journal-balancing', 'info mode-draft'],
    ],
    ['a VAT group that is missing', {}, { vatGroups: missing }, ['warning vat-group-missing', 'info mode-draft']],
    ['a dimension that is missing', {}, { dimensions: ['AFD'] }, ['error dimension-missing', 'info mode-draft']],
    ['a year that is not there', { years: [2025] }, {}, ['warning year-missing', 'info mode-draft']],
    [
      'dates that end soon',
      { allowPostingTo: plainDate('2026-03-31') },
      {},
      ['warning posting-ends', 'info mode-draft'],
    ],
  ])('%s is said', async (_, company, config, codes) => {
    expect(await codesFor(company, config)).toEqual(codes);
  });

  test('lines of others would be posted too', async () => {
    expect(await codesFor({}, {}, true)).toEqual(['warning journal-shared', 'info mode-draft']);
    expect(await codesFor({}, { mode: 'posted' }, true)).toEqual(['error journal-shared', 'info mode-posted']);
  });

  test('what the other mode would do is said, and how many vouchers wait', async () => {
    await using stage = await openStage();
    await stage.connect().post(voucher(), reference);
    const [draft] = (await stage.connect().inspect?.()) ?? [];
    expect(draft).toMatchObject({ message: expect.stringContaining('1 voucher of ours waits') as string });
    expect(draft?.action).toContain('mode: posted');
    const [posted] = (await stage.connect({ mode: 'posted' }).inspect?.()) ?? [];
    expect(posted).toMatchObject({
      severity: 'warning',
      action: expect.stringContaining('let a person book what waits') as string,
    });
  });
});

const missing = { '3': { group: 'HIGH', rateBasisPoints: 2500, account: '2700' } };

describe('a voucher waits in the journal', () => {
  test('gross with its VAT group, under a number made of its reference', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect().post(voucher(), reference);
    const company = stage.simulator.backDoor.company();
    const [first, second] = company.lines();
    const digest = expectedDigest(voucher(), businessCentral);
    expect(receipt).toEqual({ outcome: 'created', id: number, number, digest });
    expect(first).toMatchObject({
      account: '1579',
      amount: 900,
      taxCode: '',
      documentNumber: number,
      externalDocumentNumber: reference,
      description: `${reference} Vipps MobilePay`,
    });
    expect(second).toMatchObject({ account: '3000', amount: -900, taxCode: 'VAT25' });
    expect(company.entries()).toEqual([]);
  });

  test('and is the same voucher when a person has posted the journal', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    await service.post(voucher(), reference);
    const [before] = await service.find(reference);
    const company = stage.simulator.backDoor.company();
    company.postJournal('BILAG');
    expect(company.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    const [after] = await service.find(reference);
    expect([after?.id, after?.state, after?.lines]).toEqual([number, 'live', before?.lines]);
    expect(await listed(service)).toEqual([after]);
  });

  test('also where the journal gives it a number of another series', async () => {
    await using stage = await openStage({ journals: [{ code: 'BILAG', postingSeries: 'G0' }] });
    const service = stage.connect();
    const { digest } = await service.post(voucher(), reference);
    stage.simulator.backDoor.company().postJournal('BILAG');
    const found = await service.find(reference);
    expect(found.map((one) => [one.id, one.reference])).toEqual([['G01', reference]]);
    expect(await listed(service)).toMatchObject([{ id: 'G01', reference }]);
    expect(digest).toBe(expectedDigest(voucher(), businessCentral));
  });

  test('what a person reversed there is reversed', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'posted' });
    await service.post(voucher(), reference);
    stage.simulator.backDoor.company().reverse(number);
    expect(await service.find(reference)).toMatchObject([{ id: number, state: 'reversed' }]);
  });

  test('a group that the account gives to a line without VAT is seen', async () => {
    await using stage = await openStage({
      accounts: [{ number: '7790', name: 'Andre kostnader', postingType: 'Purchase', vatGroup: 'VAT25' }],
    });
    const lines = [plain('1579', -900), plain('7790', 900)];
    const { digest } = await stage.connect({ mode: 'posted' }).post(voucher({ lines }), reference);
    expect(digest).not.toBe(expectedDigest(voucher({ lines }), businessCentral));
    const company = stage.simulator.backDoor.company();
    expect([company.entries().length, company.lines().length]).toEqual([0, 2]);
  });

  test('dimensions of the config go with it, and what a company adds by itself is left alone', async () => {
    await using stage = await openStage({ defaultDimensions: { PROJECT: 'P1' } });
    const lines = [plain('1579', 900, { dimensions: { department: '10' } }), sale(-900)];
    const service = stage.connect({ dimensions: ['DEPARTMENT'] });
    const { digest } = await service.post(voucher({ lines }), reference);
    expect(digest).toBe(expectedDigest(voucher({ lines }), businessCentral));
    const [line] = stage.simulator.backDoor.company().lines();
    expect(line?.dimensions).toEqual({ DEPARTMENT: '10', PROJECT: 'P1' });
  });

  test.each([
    ['an account', { lines: [plain('1999', 900), plain('1579', -900)] }, 'has no account 1999', 'line 1'],
    ['a heading', { lines: [plain('2990', 900), plain('1579', -900)] }, 'account 2990 is a heading', 'line 1'],
    [
      'an account that the setup posts on',
      { lines: [plain('2700', 9), plain('1579', -9)] },
      'direct posting',
      'line 1',
    ],
    [
      'a VAT account that is not the group’s',
      { lines: [plain('1579', 900), saleWith({ account: '2709' })] },
      'posts on account 2700',
      'line 2',
    ],
    [
      'a rate that is not the group’s',
      { lines: [plain('1579', 900), saleWith({ rateBasisPoints: 1500 })] },
      'is of 25 % by the config',
      'line 2',
    ],
    [
      'a code that the config does not name',
      { lines: [plain('1579', 900), saleWith({ code: '32' })] },
      'names no VAT group',
      'line 2',
    ],
    [
      'a dimension that the config does not name',
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
    expect(stage.simulator.requests.filter(({ path }) => path.endsWith('$batch'))).toEqual([]);
  });

  test.each([
    ['before the first open date', { allowPostingFrom: plainDate('2026-04-01') }],
    ['after the last', { allowPostingTo: plainDate('2026-02-28') }],
  ])('a date %s is blocked, although the journal would take it', async (_, company) => {
    await using stage = await openStage(company);
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'blocked' });
    expect(stage.simulator.backDoor.company().lines()).toEqual([]);
  });
});

function saleWith(changes: object): ReturnType<typeof sale> {
  const line = sale(-900);
  return { ...line, vat: { ...line.vat!, ...changes } };
}

describe('a batch is one transaction', () => {
  /** The last account is closed after the registers were read. */
  const closedLate = { number: '7790', name: 'Andre kostnader', isBlocked: true };
  const lines = [plain('1579', 500), plain('1579', 400), plain('7790', -900)];

  async function refused(isolatesBatches: boolean) {
    const stage = await openStage({}, { isolatesBatches });
    const service = stage.connect();
    await service.chart();
    const company = stage.simulator.backDoor.company();
    company.changeAccount('7790', closedLate);
    const error = await service.post(voucher({ lines }), reference).catch((caught: unknown) => caught);
    return { stage, error, company };
  }

  test('it is answered with 200, and one line that is refused refuses all', async () => {
    const { stage, error, company } = await refused(true);
    await using _ = stage;
    expect(error).toMatchObject({
      kind: 'rejected',
      what: expect.stringContaining('Blocked must be equal to') as string,
      where: expect.stringContaining('line 3, account 7790') as string,
    });
    expect(company.lines()).toEqual([]);
  });

  test('where it is not one, what was kept is no refusal, but for a person', async () => {
    const { stage, error, company } = await refused(false);
    await using _ = stage;
    expect(error).toMatchObject({
      kind: 'unknown-outcome',
      action: expect.stringContaining('2 of its lines stand there') as string,
    });
    expect(company.lines()).toHaveLength(2);
    expect(await stage.connect().find(reference)).toMatchObject([{ reference, lines: [{}, {}] }]);
  });

  test('one that is answered by half is no success', async () => {
    await using stage = await openStage();
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ path }) => path.endsWith('$batch'),
      answer: async (request, handle) => {
        const reply = await handle(request);
        const { responses } = JSON.parse(String(reply.body)) as { responses: unknown[] };
        return { ...reply, body: JSON.stringify({ responses: responses.slice(0, 1) }) };
      },
    });
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });

  test('one of whose answers is a failure is an unknown outcome', async () => {
    await using stage = await openStage();
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ path }) => path.endsWith('$batch'),
      answer: () => ({ status: 200, body: JSON.stringify({ responses: [{ id: '1', status: 503, body: {} }] }) }),
    });
    await expect(stage.connect().post(voucher(), reference)).rejects.toMatchObject({ kind: 'unknown-outcome' });
  });
});

describe('a voucher is posted', () => {
  test('after it was read back and compared', async () => {
    await using stage = await openStage();
    const receipt = await stage.connect({ mode: 'posted' }).post(voucher(), reference);
    expect(receipt).toMatchObject({ outcome: 'created', digest: expectedDigest(voucher(), businessCentral) });
    const company = stage.simulator.backDoor.company();
    expect(company.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    expect(company.lines()).toEqual([]);
  });

  test('and nothing else with it: three at once come one after the other', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'posted' });
    const days = [2, 3, 4].map((date) => plainDate(`2026-03-0${date}`));
    await Promise.all(days.map((date) => service.post(voucher({ date }), `302321-${date.replaceAll('-', '')}`)));
    const posts = stage.simulator.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('token'));
    const kinds = posts.map(({ path }) => (path.endsWith('$batch') ? 'lines' : 'post'));
    expect(kinds).toEqual(['lines', 'post', 'lines', 'post', 'lines', 'post']);
  });

  test('not as long as lines of others wait in the journal', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    const typed = { journal: 'BILAG', account: '1920', postingDate: day, documentNumber: 'G0001', description: 'Leie' };
    company.type({ ...typed, amount: 100 });
    const service = stage.connect({ mode: 'posted' });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'blocked',
      what: expect.stringContaining('G0001') as string,
    });
    expect(company.lines()).toHaveLength(1);
  });

  test('nor as long as another voucher of ours does, which comes first', async () => {
    await using stage = await openStage();
    await stage.connect().post(voucher(), reference);
    const other = { date: plainDate('2026-03-03') };
    const service = stage.connect({ mode: 'posted' });
    await expect(service.post(voucher(other), '302321-20260303')).rejects.toMatchObject({ kind: 'busy' });
    expect(await service.find(reference)).toMatchObject([{ state: 'live', isUnfinished: true }]);
    expect(await service.post(voucher(), reference)).toMatchObject({ outcome: 'created' });
    expect(await service.post(voucher(other), '302321-20260303')).toMatchObject({ outcome: 'created' });
  });

  test('of two that wait, after replies were lost, one makes way for the other', async () => {
    await using stage = await openStage();
    const second = { date: plainDate('2026-03-03') };
    const drafting = stage.connect();
    await drafting.post(voucher(), reference);
    await drafting.post(voucher(second), '302321-20260303');
    const service = stage.connect({ mode: 'posted' });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({ kind: 'busy' });
    expect(await service.find(reference)).toEqual([]);
    expect(await service.post(voucher(second), '302321-20260303')).toMatchObject({ outcome: 'created' });
    expect(await service.post(voucher(), reference)).toMatchObject({ outcome: 'created' });
    expect(stage.simulator.backDoor.company().balances()).toEqual({ '1579': 1800, '3000': -1440, '2700': -360 });
  });

  test('what the journal refuses is taken out of it again', async () => {
    await using stage = await openStage({ accounts: [{ number: '3000', name: 'Salg, høy sats' }] });
    const service = stage.connect({ mode: 'posted' });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'rejected',
      what: expect.stringContaining('must have a value') as string,
      where: expect.stringContaining(reference) as string,
      action: expect.stringMatching(/Gen\. Posting Type.*; nothing was written$/) as string,
    });
    const company = stage.simulator.backDoor.company();
    expect([company.lines(), company.entries()]).toEqual([[], []]);
    expect(await service.find(reference)).toEqual([]);
  });

  test('a refusal after somebody else had posted the journal is looked up', async () => {
    await using stage = await openStage();
    const service = stage.connect({ mode: 'posted' });
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ path }) => path.endsWith('Microsoft.NAV.post'),
      answer: (request, handle) => {
        stage.simulator.backDoor.company().postJournal('BILAG');
        return handle(request);
      },
    });
    await expect(service.post(voucher(), reference)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    expect(await service.find(reference)).toMatchObject([{ state: 'live', reference }]);
  });
});

describe('what others did', () => {
  test('entries on the clearing account are listed without a reference', async () => {
    await using stage = await openStage();
    const company = stage.simulator.backDoor.company();
    const typed = { journal: 'DEFAULT', postingDate: day, documentNumber: 'G0001', description: 'Overført fra Vipps' };
    company.type({ ...typed, account: '1579', amount: -500 });
    company.type({ ...typed, account: '1920', amount: 500 });
    company.type({ ...typed, documentNumber: 'G0002', account: '7790', amount: 100 });
    company.type({ ...typed, documentNumber: 'G0002', account: '1920', amount: -100 });
    company.postJournal('DEFAULT');
    const others = await listed(stage.connect());
    expect(others.map(({ id, reference: own, lines }) => [id, own, lines.length])).toEqual([['G0001', '', 1]]);
  });

  test('a voucher that is posted between the two readings of a list is not seen twice', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { digest } = await service.post(voucher(), reference);
    stage.simulator.faults.arm({
      kind: 'answer',
      match: ({ path }) => path.endsWith('/generalLedgerEntries'),
      answer: (request, handle) => {
        stage.simulator.backDoor.company().postJournal('BILAG');
        return handle(request);
      },
    });
    const found = await service.find(reference);
    expect(found.map(({ lines }) => lines.length)).toEqual([3]);
    expect(digest).toBe(expectedDigest(voucher(), businessCentral));
  });

  test('pages that are smaller than was asked for are read to the end', async () => {
    await using stage = await openStage({}, { pageRows: 2 });
    const service = stage.connect();
    const lines = [plain('1579', 100), plain('1579', 200), plain('1579', 300), plain('1579', 300), sale(-900)];
    const { digest } = await service.post(voucher({ lines }), reference);
    expect(digest).toBe(expectedDigest(voucher({ lines }), businessCentral));
  });

  test('a file that was made and not filled is filled, and none is added twice', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const { id } = await service.post(voucher(), reference);
    const file = { name: 'vipps mars.csv', mediaType: 'text/csv', content: new TextEncoder().encode('dato;beløp\n') };
    stage.simulator.faults.arm({ kind: 'cut', match: ({ method }) => method === 'PATCH' });
    await expect(service.attach?.(id, file)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    stage.simulator.backDoor.company().postJournal('BILAG');
    await stage.connect().attach?.(id, file);
    await stage.connect().attach?.(id, file);
    const [held] = stage.simulator.backDoor.company().documents();
    expect(held?.attachments.map(({ fileName, content }) => [fileName, content])).toEqual([
      ['vipps_mars.csv', file.content],
    ]);
  });
});
