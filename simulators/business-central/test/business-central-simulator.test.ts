import { plainDate } from '@bilag/core';
import {
  simulatedEnvironment,
  simulatedTenant,
  startBusinessCentralSimulator,
  type BusinessCentralCompanyOptions,
  type BusinessCentralSimulator,
  type BusinessCentralSimulatorOptions,
} from '@bilag/simulator-business-central';
import { describe, expect, test } from 'vitest';

type Answer = Readonly<Record<string, unknown>> & {
  readonly value?: readonly Answer[];
  readonly responses?: readonly { readonly status: number; readonly body?: Answer }[];
  readonly error?: { readonly code: string; readonly message: string };
};

const day = '2026-03-02';

class Caller {
  readonly simulator: BusinessCentralSimulator;
  headers: Record<string, string> = { 'data-access-intent': 'ReadWrite' };

  constructor(simulator: BusinessCentralSimulator) {
    this.simulator = simulator;
  }

  async open(changes: Record<string, string> = {}): Promise<number> {
    const { clientId, clientSecret } = this.simulator.credentials;
    const scope = 'https://api.businesscentral.dynamics.com/.default';
    const keys = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
    const reply = await fetch(`${this.simulator.url}/${simulatedTenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...keys, ...changes }),
    });
    const { access_token: token = '' } = (await reply.json()) as { access_token?: string };
    this.headers = { ...this.headers, authorization: `Bearer ${token}` };
    return reply.status;
  }

  async ask(method: string, path: string, body?: object, more: Record<string, string> = {}) {
    const reply = await fetch(
      `${this.simulator.url}/v2.0/${simulatedTenant}/${simulatedEnvironment}/api/v2.0/${path}`,
      {
        method,
        headers: { ...this.headers, ...more, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
    );
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  get company(): string {
    return `companies(${this.simulator.backDoor.company().id})`;
  }

  async journal(code = 'BILAG'): Promise<string> {
    const { body } = await this.ask('GET', `${this.company}/journals?$filter=code eq '${code}'`);
    return `${this.company}/journals(${String(body.value?.[0]?.['id'])})`;
  }

  async list(path: string, filter: string): Promise<readonly Answer[]> {
    return (await this.ask('GET', `${path}?$filter=${encodeURIComponent(filter)}`)).body.value ?? [];
  }

  async batch(lines: readonly object[], headers: Record<string, string> = { isolation: 'snapshot' }) {
    const url = `${await this.journal()}/journalLines`;
    const inner = { 'content-type': 'application/json' };
    const requests = lines.map((body, at) => ({ id: String(at), method: 'POST', url, headers: inner, body }));
    const { status, body } = await this.ask('POST', '$batch', { requests }, headers);
    return { status, statuses: body.responses?.map((one) => one.status), error: body.responses?.at(-1)?.body?.error };
  }

  async post() {
    return this.ask('POST', `${await this.journal()}/Microsoft.NAV.post`);
  }
}

function line(accountNumber: string, amount: number, more: object = {}): object {
  return { accountNumber, amount, postingDate: day, documentNumber: 'BI-1', description: 'Vipps', ...more };
}

const sale = [line('1579', 9), line('3000', -9, { taxCode: 'VAT25' })];

async function start(
  company: Partial<BusinessCentralCompanyOptions> = {},
  options: BusinessCentralSimulatorOptions = {},
): Promise<AsyncDisposable & { readonly caller: Caller }> {
  const companies = [{ name: 'Eksempel AS', ...company }];
  const simulator = await startBusinessCentralSimulator({ companies, ...options });
  const caller = new Caller(simulator);
  await caller.open();
  return { caller, [Symbol.asyncDispose]: () => simulator.close() };
}

describe('the simulated Business Central lets in who has a token', () => {
  test('of the right keys and scope, for its time', async () => {
    let ms = 0;
    await using started = await start({}, { now: () => new Date(ms) });
    const { caller } = started;
    expect((await caller.ask('GET', 'companies')).body.value).toMatchObject([{ name: 'Eksempel AS' }]);
    ms += 3_600_000;
    const late = await caller.ask('GET', 'companies');
    expect([late.status, late.body.error?.code]).toEqual([401, 'Authentication_InvalidCredentials']);
    expect(await caller.open({ client_secret: 'x' })).toBe(401);
    expect(await caller.open({ scope: 'x' })).toBe(400);
  });

  test('who has no permission sets may read no company, and too many requests are told how long to wait', async () => {
    await using closed = await start({ withoutPermissions: true });
    const { caller } = closed;
    expect((await caller.ask('GET', `${caller.company}/accounts`)).status).toBe(403);
    await using busy = await start({}, { rateLimit: { requests: 1, windowMs: 60_000 } });
    expect((await busy.caller.ask('GET', 'companies')).status).toBe(200);
    const refused = await busy.caller.ask('GET', 'companies');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
  });
});

describe('lines wait in a journal until it is posted', () => {
  test('they are gross, and become net with the VAT beside them', async () => {
    await using started = await start();
    const { caller } = started;
    expect(await caller.batch(sale)).toMatchObject({ status: 200, statuses: [201, 201] });
    const company = caller.simulator.backDoor.company();
    expect([company.balances(), company.balances({ withDrafts: true })]).toEqual([
      {},
      { '1579': 900, '3000': -720, '2700': -180 },
    ]);
    expect((await caller.post()).status).toBe(204);
    expect(company.balances()).toEqual({ '1579': 900, '3000': -720, '2700': -180 });
    const entries = await caller.list(`${caller.company}/generalLedgerEntries`, "documentNumber eq 'BI-1'");
    expect(entries.map((one) => [one['accountNumber'], one['debitAmount'], one['creditAmount']])).toEqual([
      ['1579', 9, 0],
      ['3000', 0, 7.2],
      ['2700', 0, 1.8],
    ]);
    const again = await caller.post();
    expect([again.status, again.body.error?.message]).toEqual([
      400,
      expect.stringContaining('There is nothing to post.'),
    ]);
  });

  test('a batch that is one transaction leaves nothing of it when one fails, and says 200', async () => {
    await using started = await start();
    const { caller } = started;
    const refused = await caller.batch([...sale, line('9999', 1), line('1920', 1)]);
    expect([refused.status, refused.statuses]).toEqual([200, [201, 201, 400]]);
    expect(refused.error).toEqual({
      code: 'Application_DialogException',
      message: expect.stringMatching(/^The "accountNumber" does not match to an Account\. .*CorrelationId: /) as string,
    });
    expect(caller.simulator.backDoor.company().lines()).toEqual([]);
  });

  test('one that is none keeps what came before', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.batch([line('1579', 1), line('9999', 1)], {});
    expect(caller.simulator.backDoor.company().lines()).toHaveLength(1);
  });

  test.each([
    ['an account that is missing', { accountNumber: '9999' }, 'does not match to an Account'],
    ['a heading', { accountNumber: '2990' }, 'Account Type must be equal'],
    ['an account without direct posting', { accountNumber: '2700' }, 'Direct Posting must be equal'],
    ['a VAT group that is missing', { taxCode: 'HIGH' }, 'cannot be found in the related table'],
    ['a document number that is too long', { documentNumber: 'X'.repeat(21) }, 'less than or equal to 20'],
    ['a text that is too long', { description: 'x'.repeat(101) }, 'less than or equal to 100'],
    ['a field that is not there', { amountLcy: 1 }, "The property 'amountLcy' does not exist"],
    ['a value of a dimension', { dimensionSetLines: [{ code: 'DEPARTMENT', valueCode: '99' }] }, 'Dimension Value'],
    ['no date', { postingDate: '2026-02-30' }, 'Edm.Date'],
  ])('%s is refused', async (_, changes, words) => {
    await using started = await start();
    const { error } = await started.caller.batch([line('1920', 1, changes)]);
    expect(error?.message).toContain(words);
  });

  test.each([
    ['a date that is not open', { allowPostingFrom: plainDate('2026-04-01') }, sale, 'allowed posting dates'],
    ['a year that is not set up', { years: [2025] }, sale, 'no accounting period'],
    ['what is not in balance', {}, [line('1579', 9), line('1920', -8)], 'out of balance by 1.00'],
    ['two dates under one number', {}, [line('1579', 9), line('1920', -9, { postingDate: '2026-03-03' })], 'out of'],
    [
      'VAT on an account that is not set up',
      {},
      [line('1579', 9, { taxCode: 'VAT25' }), line('1920', -9)],
      'Gen. Posting',
    ],
  ])('%s is taken as a line, and not posted', async (_, company, lines, words) => {
    await using started = await start(company);
    const { caller } = started;
    expect((await caller.batch(lines)).statuses).toEqual(lines.map(() => 201));
    expect((await caller.post()).body.error?.message).toContain(words);
    expect(caller.simulator.backDoor.company().entries()).toEqual([]);
  });

  test('a journal can have an account that balances, and a series of numbers', async () => {
    await using started = await start({
      journals: [{ code: 'BILAG', balancingAccount: '1920', postingSeries: 'G00' }],
    });
    const { caller } = started;
    await caller.batch([line('1579', 9)]);
    expect((await caller.post()).status).toBe(204);
    const entries = caller.simulator.backDoor.company().entries();
    expect(entries.map(({ documentNumber, account }) => [documentNumber, account])).toEqual([
      ['G001', '1579'],
      ['G001', '1920'],
    ]);
  });
});

describe('lists', () => {
  test('are filtered, ordered, and given page by page', async () => {
    await using started = await start({}, { pageRows: 2 });
    const { caller } = started;
    const accounts = `${caller.company}/accounts`;
    const { body } = await caller.ask('GET', `${accounts}?$orderby=number&$top=3&$filter=number gt '1579'`);
    expect(body.value?.map((one) => one['number'])).toEqual(['1920', '1925']);
    expect(body['@odata.nextLink']).toContain('skip=2');
    expect(
      await caller.list(accounts, "startswith(displayName,'salg, ') and (number lt '3030' or number eq '3200')"),
    ).toMatchObject([{ number: '3000' }, { number: '3200' }]);
  });

  test.each([
    ["number eq '1' or displayName eq 'x'", "'OR' operator is not supported on distinct fields"],
    ["kind eq 'x'", "'kind' does not exist"],
    ['number eq', 'Syntax error'],
    ["number is '1'", 'operator is'],
  ])('%s is refused', async (filter, words) => {
    await using started = await start();
    const path = `${started.caller.company}/accounts?$filter=${encodeURIComponent(filter)}`;
    const { status, body } = await started.caller.ask('GET', path);
    expect([status, body.error?.message]).toEqual([400, expect.stringContaining(words)]);
  });

  test('lines are asked for by their journal', async () => {
    await using started = await start();
    const { status, body } = await started.caller.ask('GET', `${started.caller.company}/journalLines`);
    expect([status, body.error?.message]).toEqual([400, expect.stringContaining('You must specify a journal')]);
  });

  test('a replica lags behind who does not ask for the original', async () => {
    let ms = 1e12;
    await using started = await start({}, { now: () => new Date(ms), replicaLagMs: 5_000 });
    const { caller } = started;
    await caller.batch(sale);
    const lines = `${await caller.journal()}/journalLines`;
    expect((await caller.ask('GET', lines)).body.value).toHaveLength(2);
    expect((await caller.ask('GET', lines, undefined, { 'data-access-intent': 'ReadOnly' })).body.value).toEqual([]);
    ms += 5_000;
    expect((await caller.ask('GET', lines, undefined, { 'data-access-intent': 'ReadOnly' })).body.value).toHaveLength(
      2,
    );
  });
});

describe('what people do', () => {
  test('a line is deleted with a header that says so, and a posting reversed once', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.batch(sale);
    const company = caller.simulator.backDoor.company();
    const path = `${await caller.journal()}/journalLines(${company.lines()[0]?.id})`;
    expect((await caller.ask('DELETE', path)).body.error?.code).toBe('BadRequest_InvalidToken');
    expect((await caller.ask('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
    expect((await caller.ask('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(404);
    company.deleteLines('BI-1');
    await caller.batch(sale);
    await caller.post();
    company.reverse('BI-1');
    expect(new Set(Object.values(company.balances()))).toEqual(new Set([0]));
    expect(() => company.reverse('BI-1')).toThrow('reversed');
  });

  test('a file is made, then filled, and stays with its document', async () => {
    await using started = await start();
    const { caller } = started;
    await caller.batch(sale);
    const company = caller.simulator.backDoor.company();
    const files = `${caller.company}/attachments`;
    const parentId = company.lines()[0]?.id;
    const made = await caller.ask('POST', files, { parentId, fileName: 'a.csv', parentType: 'Journal' });
    expect([made.status, made.body['byteSize']]).toEqual([201, 0]);
    const url = `${files}(${String(made.body['id'])})/attachmentContent`;
    expect((await caller.ask('PATCH', url, [1])).body.error?.code).toBe('BadRequest_InvalidToken');
    expect((await caller.ask('PATCH', url, [1], { 'if-match': '*' })).status).toBe(204);
    await caller.post();
    const [entry] = company.entries();
    const filter = `parentId eq ${entry?.id} and parentType eq 'Journal'`;
    expect(await caller.list(files, filter)).toMatchObject([{ fileName: 'a.csv', byteSize: 3 }]);
    expect((await caller.ask('GET', files)).status).toBe(400);
    const nobody = { parentId: company.id, fileName: 'b.csv', parentType: 'Journal' };
    expect((await caller.ask('POST', files, nobody)).status).toBe(400);
    const nameless = { parentId: entry?.id, fileName: 'b', parentType: 'Journal' };
    expect((await caller.ask('POST', files, nameless)).status).toBe(400);
  });
});
