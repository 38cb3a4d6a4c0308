import {
  simulatedEnvironment,
  simulatedTenant,
  startBusinessCentralSimulator,
  startEAccountingSimulator,
  startEconomicSimulator,
  startFikenSimulator,
  startFortnoxSimulator,
  startPowerOfficeSimulator,
  startTripletexSimulator,
  startUnimicroSimulator,
  startXeroSimulator,
} from '@bilag/simulator';
import { expect, test } from 'vitest';

/** Where a body is sent that was right before something in it was changed, and what went wrong inside. */
interface Door extends AsyncDisposable {
  readonly bodies: readonly object[];
  readonly send: (index: number, body: unknown) => Promise<number>;
  readonly failures: readonly unknown[];
  readonly held: () => number;
}

const strangers: readonly unknown[] = [undefined, null, true, -7, 0.5, '', 'x', [], [null], {}, { id: 'x' }];

/** The body with each of its values replaced by each of the others, one at a time. */
function* variantsOf(value: unknown): Generator<unknown> {
  yield* strangers;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    for (const variant of variantsOf(inner)) {
      if (Array.isArray(value)) yield value.map((one: unknown, index) => (String(index) === name ? variant : one));
      else yield { ...value, [name]: variant };
    }
  }
}

async function tripletex(): Promise<Door> {
  const simulator = await startTripletexSimulator({ companies: [{ id: 12 }], rateLimit: null });
  const { consumerToken, employeeTokens } = simulator.credentials;
  const session = { consumerToken, employeeToken: employeeTokens[12], expirationDate: '2099-01-01' };
  const opened = await fetch(`${simulator.url}/token/session/:create`, post(session));
  const { value } = (await opened.json()) as { value: { token: string } };
  const headers = { authorization: `Basic ${Buffer.from(`0:${value.token}`).toString('base64')}` };
  const listed = await fetch(`${simulator.url}/ledger/account?number=1579,7770`, { headers });
  const { values } = (await listed.json()) as { values: { id: number }[] };
  const postings = values.map(({ id }, index) => {
    const amount = index === 0 ? 100 : -100;
    return { row: index + 1, account: { id }, vatType: { id: 0 }, amountGross: amount, amountGrossCurrency: amount };
  });
  const bodies = [{ date: '2026-03-02', description: 'Oppgjør', externalVoucherNumber: 'A-1', postings }, session];
  const paths = ['/ledger/voucher', '/token/session/:create'];
  return {
    bodies,
    send: async (index, body) => (await fetch(`${simulator.url}${paths[index] ?? ''}`, post(body, headers))).status,
    failures: simulator.failures,
    held: () => simulator.backDoor.company().vouchers().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function fiken(): Promise<Door> {
  const simulator = await startFikenSimulator({ workMs: 0, aboveFourPerSecond: 'count' });
  const headers = { authorization: `Bearer ${simulator.credentials.token}` };
  const day = '2026-03-02';
  const lines = [
    { amount: 100, debitAccount: '7770', debitVatCode: 0 },
    { amount: 100, creditAccount: '1920:10002' },
  ];
  const bodies = [
    { description: 'Gebyr', journalEntries: [{ description: 'Gebyr', date: day, lines }] },
    {
      saleNumber: 'A1',
      date: day,
      kind: 'cash_sale',
      currency: 'NOK',
      totalPaid: 12_500,
      paymentAccount: '1920:10002',
      paymentDate: day,
      lines: [{ description: 'Salg', netPrice: 10_000, vat: 2_500, account: '3000', vatType: 'HIGH' }],
    },
  ];
  const paths = ['generalJournalEntries', 'sales'];
  const company = `${simulator.baseUrl}/companies/bilag-test-as`;
  return {
    bodies,
    send: async (index, body) => (await fetch(`${company}/${paths[index] ?? ''}`, post(body, headers))).status,
    failures: simulator.failures,
    held: () => simulator.company().books.transactions.length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function powerOffice(): Promise<Door> {
  const simulator = await startPowerOfficeSimulator({ rateLimit: null });
  const { applicationKey, subscriptionKey, clientKeys } = simulator.credentials;
  const key = { 'ocp-apim-subscription-key': subscriptionKey };
  const basic = Buffer.from(`${applicationKey}:${clientKeys[1] ?? ''}`).toString('base64');
  const opened = await fetch(`${simulator.url}/OAuth/Token`, {
    method: 'POST',
    headers: { ...key, authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await opened.json()) as { access_token: string };
  const headers = { ...key, authorization: `Bearer ${token}` };
  const ask = async (path: string): Promise<{ Id: number }[]> =>
    (await fetch(`${simulator.url}/v2${path}`, { headers })).json() as Promise<{ Id: number }[]>;
  const accounts = await ask('/GeneralLedgerAccounts?accountNos=1579,7770');
  const [vat] = await ask('/VatCodes');
  const day = '2026-03-02';
  const lines = accounts.map(({ Id }, index) => ({
    AccountId: Id,
    VatId: vat?.Id,
    PostingDate: day,
    CurrencyAmount: index === 0 ? 100 : -100,
  }));
  const voucher = { VoucherDate: day, CurrencyCode: 'NOK', Description: 'Gebyr', VoucherLines: lines };
  return {
    bodies: [voucher],
    send: async (_, body) => (await fetch(`${simulator.url}/v2/Vouchers/ManualJournals`, post(body, headers))).status,
    failures: simulator.failures,
    held: () => simulator.backDoor.client().vouchers().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function economic(): Promise<Door> {
  const simulator = await startEconomicSimulator({ tokens: null });
  const { appSecretToken, agreementGrantTokens } = simulator.credentials;
  const headers = { 'x-appsecrettoken': appSecretToken, 'x-agreementgranttoken': agreementGrantTokens[1] ?? '' };
  const entries = [100, -100].map((amount, index) => ({
    entryTypeNumber: 5,
    journalNumber: 7,
    voucherNumber: 260_302_417,
    date: '2026-03-02T00:00:00Z',
    accountNumber: index === 0 ? 52_100 : 7220,
    amount,
    currency: 'DKK',
    text: 'Gebyr',
  }));
  const address = `${simulator.url}/journalsapi/v15.0.0/draft-entries/bulk`;
  return {
    bodies: [{ entries }],
    send: async (_, body) => (await fetch(address, post(body, headers))).status,
    failures: simulator.failures,
    held: () => simulator.backDoor.agreement().drafts().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function fortnox(): Promise<Door> {
  const simulator = await startFortnoxSimulator({ rateLimit: null });
  const { clientId, clientSecret, refreshTokens } = simulator.credentials;
  const opened = await fetch(`${simulator.url}/oauth-v1/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshTokens[1] ?? '' }),
  });
  const { access_token: token } = (await opened.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const rows = [
    { Account: 1686, Debit: 100, TransactionInformation: 'Avgift' },
    { Account: 6570, Credit: 100 },
  ];
  const voucher = {
    Description: 'Avgift',
    Comments: 'A-1',
    TransactionDate: '2026-03-02',
    VoucherSeries: 'V',
    VoucherRows: rows,
  };
  const address = `${simulator.url}/3/vouchers?financialyear=8`;
  return {
    bodies: [{ Voucher: voucher }],
    send: async (_, body) => (await fetch(address, post(body, headers))).status,
    failures: simulator.failures,
    held: () => simulator.backDoor.company().vouchers().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function eAccounting(): Promise<Door> {
  const simulator = await startEAccountingSimulator({ rateLimit: null });
  const { clientId, clientSecret, refreshTokens } = simulator.credentials;
  const opened = await fetch(`${simulator.url}/connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshTokens['cafe-1'] ?? '' }),
  });
  const { access_token: token } = (await opened.json()) as { access_token: string };
  const rows = [
    { AccountNumber: 1686, DebitAmount: 100, CreditAmount: 0, TransactionText: 'Avgift' },
    { AccountNumber: 6570, DebitAmount: 0, CreditAmount: 100 },
  ];
  const voucher = { VoucherDate: '2026-03-02', VoucherText: 'Avgift', Rows: rows };
  return {
    bodies: [voucher],
    send: async (_, body) =>
      (await fetch(`${simulator.url}/v2/vouchers`, post(body, { authorization: `Bearer ${token}` }))).status,
    failures: simulator.failures,
    held: () => simulator.backDoor.company().vouchers().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function unimicro(): Promise<Door> {
  const simulator = await startUnimicroSimulator();
  const { assertionOf } = await import('../../../adapters/unimicro/src/assertion.ts');
  const audience = `${simulator.url}/connect/token`;
  const assertion = assertionOf({ ...simulator.credentials, audience, now: Date.now() });
  const form = { grant_type: 'client_credentials', client_id: simulator.credentials.clientId };
  const opened = await fetch(audience, {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_assertion: assertion }),
  });
  const { access_token: token } = (await opened.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}`, companykey: 'kafe-eksempel' };
  const lines = [100, -100].map((amount, index) => ({
    FinancialDate: '2026-03-02',
    AccountID: 302 + index,
    Amount: amount,
    AmountCurrency: amount,
    Description: 'Gebyr',
    Dimensions: { DepartmentID: 1 },
  }));
  const entry = { Description: 'Gebyr', ExternalReference: 'A-1', ExternalSource: 'bilag', DraftLines: lines };
  const address = `${simulator.url}/api/biz/journalentries?action=book-journal-entries`;
  return {
    bodies: [[entry]],
    send: async (_, body) => (await fetch(address, post(body, headers))).status,
    failures: simulator.failures,
    held: () => simulator.backDoor.company().entries().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function businessCentral(): Promise<Door> {
  const simulator = await startBusinessCentralSimulator({ rateLimit: null });
  const { clientId, clientSecret } = simulator.credentials;
  const keys = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const opened = await fetch(`${simulator.url}/${simulatedTenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...keys, scope: 'https://api.businesscentral.dynamics.com/.default' }),
  });
  const { access_token: token } = (await opened.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const company = simulator.backDoor.company();
  const base = `${simulator.url}/v2.0/${simulatedTenant}/${simulatedEnvironment}/api/v2.0/companies(${company.id})`;
  const { value } = (await (await fetch(`${base}/journals`, { headers })).json()) as { value: { id: string }[] };
  const line = {
    accountNumber: '1579',
    amount: 100,
    postingDate: '2026-03-02',
    documentNumber: 'A-1',
    description: 'Gebyr',
    dimensionSetLines: [{ code: 'DEPARTMENT', valueCode: '10' }],
  };
  const address = `${base}/journals(${value[0]?.id})/journalLines`;
  return {
    bodies: [line],
    send: async (_, body) => (await fetch(address, post(body, headers))).status,
    failures: simulator.failures,
    held: () => company.lines().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function xero(): Promise<Door> {
  const simulator = await startXeroSimulator({ rateLimit: null });
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const opened = await fetch(`${simulator.url}/connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  });
  const { access_token: token } = (await opened.json()) as { access_token: string };
  const organisation = simulator.backDoor.organisation();
  const headers = { authorization: `Bearer ${token}`, 'xero-tenant-id': organisation.tenant };
  const lines = [100, -100].map((amount, index) => ({
    LineAmount: amount,
    AccountCode: index === 0 ? '1579' : '7770',
    TaxType: 'NONE',
    Tracking: [{ Name: 'Department', Option: '10' }],
  }));
  const journal = { Narration: 'Gebyr', Date: '2026-03-02', Status: 'POSTED', JournalLines: lines };
  const address = `${simulator.url}/api.xro/2.0/ManualJournals?summarizeErrors=true`;
  return {
    bodies: [{ ManualJournals: [journal] }],
    // Xero answers 200 to what it makes.
    send: async (_, body) => {
      const { status } = await fetch(address, { ...post(body, headers), method: 'PUT' });
      return status === 200 ? 201 : status;
    },
    failures: simulator.failures,
    held: () => organisation.journals().length,
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  const text = JSON.stringify(body) ?? '';
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text };
}

test.for([
  ['Tripletex', tripletex],
  ['Fiken', fiken],
  ['PowerOffice Go', powerOffice],
  ['e-conomic', economic],
  ['Fortnox', fortnox],
  ['Unimicro', unimicro],
  ['Visma eAccounting', eAccounting],
  ['Business Central', businessCentral],
  ['Xero', xero],
] as const)('%s takes what is right, refuses what is not, and never fails over either', async ([, open]) => {
  await using door = await open();
  for (const [index, body] of door.bodies.entries()) {
    const taken = await door.send(index, body);
    expect([200, 201]).toContain(taken);
    const seen = new Set<number>();
    for (const variant of variantsOf(body)) seen.add(await door.send(index, variant));
    expect([...seen].filter((status) => status !== taken && (status < 400 || status > 499))).toEqual([]);
    expect([...seen].some((status) => status !== taken)).toBe(true);
  }
  expect(door.failures).toEqual([]);
  expect(door.held()).toBeGreaterThan(0);
});
