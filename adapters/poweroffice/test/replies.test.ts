import nock from 'nock';
import { plainDate } from '@bilag/core';
import { powerOffice } from '@bilag/poweroffice';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FakeContext } from '../../../test/fake-context.ts';
import { checkedConfig } from '../../../test/target-stage.ts';
import { reference, contextWith, voucher } from './connections.ts';

const host = 'https://goapi.poweroffice.net';
const keys = { applicationKey: 'app-key-secret', subscriptionKey: 'sub-key-secret', clientKey: 'client-key-secret' };
const posting = '/v2/Vouchers/ManualJournals';
const id = '2f228d21-8659-4c4f-8460-978ee24681a4';

beforeEach(() => {
  nock.disableNetConnect();
  nock(host)
    .persist()
    .post('/OAuth/Token', 'grant_type=client_credentials')
    .matchHeader('authorization', `Basic ${Buffer.from('app-key-secret:client-key-secret').toString('base64')}`)
    .matchHeader('ocp-apim-subscription-key', keys.subscriptionKey)
    .reply(200, { access_token: 'the-access-token', token_type: 'Bearer', expires_in: 1200 });
  nock(host)
    .persist()
    .get('/v2/GeneralLedgerAccounts')
    .query(true)
    .reply(200, [
      { Id: 41, AccountNo: 1579, Name: 'Fordringer' },
      { Id: 42, AccountNo: 3000, Name: 'Salg' },
    ]);
  nock(host)
    .persist()
    .get('/v2/VatCodes')
    .query(true)
    .reply(200, [
      { Id: 5, Code: '0', Rate: 0 },
      { Id: 6, Code: '3', Rate: 0.25, Description: null },
    ]);
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function connect(): { service: ReturnType<typeof powerOffice.connect>; context: FakeContext } {
  const context = contextWith({ 'env:ALL': keys });
  return {
    service: powerOffice.connect(checkedConfig(powerOffice.config, { credentials: 'env:ALL' }), context),
    context,
  };
}

const held = {
  Id: id,
  VoucherNo: 1001,
  VoucherDate: '2026-03-02T00:00:00',
  CurrencyCode: 'NOK',
  ExternalImportReference: reference,
  IsReversed: null,
  VoucherLines: [
    { AccountId: 41, PostingDate: '2026-03-02', VatId: 5, CurrencyAmount: 9.0, DepartmentId: null },
    { AccountId: 42, PostingDate: '2026-03-02', VatId: 6, CurrencyAmount: -9 },
  ],
};

describe('what is sent, to the byte', () => {
  test('the reference, gross amounts as decimals, and ids', async () => {
    let sent = '';
    const isSent = (body: unknown): boolean => {
      sent = JSON.stringify(body);
      return true;
    };
    nock(host).post(posting, isSent).matchHeader('authorization', 'Bearer the-access-token').reply(201, { Id: id });
    nock(host).get(`${posting}/${id}`).reply(200, held);
    const { service } = connect();
    await service.post(voucher(), reference);
    const line = '"PostingDate":"2026-03-02"';
    expect(sent).toBe(
      `{"VoucherDate":"2026-03-02","CurrencyCode":"NOK","Description":"Vipps MobilePay 302321, 2026-03-02",` +
        `"ExternalImportReference":"${reference}","SaftSourceId":"BILAG","SaftBatchId":"${reference}","VoucherLines":[` +
        `{"AccountId":41,${line},"VatId":5,"CurrencyAmount":9,"Description":"Vipps MobilePay"},` +
        `{"AccountId":42,${line},"VatId":6,"CurrencyAmount":-9,"Description":"Vipps MobilePay"}]}`,
    );
  });
});

describe('what replies become', () => {
  const posted = (status: number, body: nock.Body, headers: Record<string, string> = {}): nock.Scope =>
    nock(host).post(posting).reply(status, body, headers);
  const problem = (status: number, detail: string): nock.Body => ({
    type: 'about:blank',
    title: 'Error',
    status,
    detail,
  });

  test.each([
    ['a server error', 500, problem(500, 'oops'), 'unknown-outcome'],
    ['a gateway that gave up', 504, '<html></html>', 'unknown-outcome'],
    ['a yes that cannot be read', 201, '{"Id": "2f2', 'unknown-outcome'],
    ['a yes without an id', 201, {}, 'unknown-outcome'],
    ['too many requests', 429, problem(429, 'Rate limit is exceeded.'), 'busy'],
    [
      'a token that is not taken: nothing was written, and another is had for the next',
      401,
      problem(401, 'No'),
      'busy',
    ],
    ['the gateway’s limit', 429, { statusCode: 429, message: 'Rate limit is exceeded.' }, 'busy'],
    ['the gateway’s other errors', 400, { statusCode: 400, message: 'Bad request' }, 'unknown-outcome'],
    ['a firewall', 403, '<html>Blocked</html>', 'unknown-outcome'],
    ['problem details of another status', 403, problem(400, 'Bad request'), 'unknown-outcome'],
    ['nothing at all', 404, '', 'unknown-outcome'],
    ['a right that is missing', 403, problem(403, 'Forbidden'), 'forbidden'],
    ['another address', 404, problem(404, 'Not found'), 'not-found'],
  ])('%s (%s)', async (_, status, body, kind) => {
    posted(status, body as nock.Body);
    await expect(connect().service.post(voucher(), reference)).rejects.toMatchObject({ kind });
    expect(nock.pendingMocks().filter((mock) => mock.includes(posting))).toEqual([]);
  });

  test('keys that are not taken are no refusal of the voucher', async () => {
    nock.cleanAll();
    nock(host)
      .post('/OAuth/Token')
      .times(2)
      .reply(400, { error: 'invalid_client', error_description: 'Unknown client' });
    await expect(connect().service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'unauthorised',
      what: 'HTTP 400: invalid_client: Unknown client',
      action: expect.stringContaining('three keys') as string,
    });
  });

  test('how long it asks to wait is handed on', async () => {
    posted(429, problem(429, 'Rate limit is exceeded.'), { 'retry-after': '7' });
    await expect(connect().service.post(voucher(), reference)).rejects.toMatchObject({ retryAfterMs: 7_000 });
  });

  test('a voucher that cannot be read back is an unknown outcome', async () => {
    posted(201, { Id: id });
    nock(host).get(`${posting}/${id}`).times(5).reply(503);
    await expect(connect().service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'unknown-outcome',
      what: expect.stringContaining('it was taken') as string,
    });
  });

  test('a refusal is the content’s, when there is no such reference and no lock', async () => {
    posted(400, problem(400, 'VatId is not valid on the account.'));
    nock(host)
      .get('/v2/AccountTransactions')
      .query({ fromDate: '2026-03-01', toDate: '2999-12-31', ...paging })
      .reply(204);
    nock(host).get('/v2/LockDateSettings').reply(200, { LockDate: null });
    await expect(connect().service.post(voucher(), reference)).rejects.toMatchObject({
      kind: 'rejected',
      what: 'HTTP 400: VatId is not valid on the account.',
      where: `voucher ${reference}, 2026-03-02`,
    });
  });

  test('no secret is in any error or event', async () => {
    posted(400, problem(400, 'the-access-token sub-key-secret client-key-secret app-key-secret'));
    nock(host).get('/v2/AccountTransactions').query(true).reply(204);
    nock(host).get('/v2/LockDateSettings').reply(200, {});
    const { service, context } = connect();
    const error: unknown = await service.post(voucher(), reference).catch((thrown: unknown) => thrown);
    const told = JSON.stringify([error, String(error), context.events]);
    for (const secret of ['the-access-token', 'sub-key-secret', 'client-key-secret', 'app-key-secret']) {
      expect(told).not.toContain(secret);
    }
  });
});

describe('reading', () => {
  test('what is busy is asked again when it said, and what is not as described is told', async () => {
    nock(host).get('/v2/OrganizationSettings').reply(429, '', { 'retry-after': '2' });
    nock(host)
      .get('/v2/OrganizationSettings')
      .reply(200, { Id: id, Name: 'Eksempel AS', OrganizationNumber: '987 654 321' });
    nock(host).get('/v2/FinancialSettings').reply(200, { CurrencyCode: 'NOK' });
    const { service, context } = connect();
    expect(await service.identify()).toMatchObject({ name: 'Eksempel AS', organisationNumber: '987654321' });
    expect(context.slept).toEqual([2_000]);
    nock(host).get('/v2/OrganizationSettings').reply(200, { Name: 'Eksempel AS' });
    await expect(service.identify()).rejects.toMatchObject({
      kind: 'unavailable',
      what: expect.stringContaining('"Id"') as string,
    });
  });

  test('a second page is asked for where the first is full', async () => {
    const row = { VoucherId: id, VoucherType: 'ManualJournal', AccountNo: 1579, Amount: 1, PostingDate: '2026-03-02' };
    const page = (number: number): nock.Interceptor =>
      nock(host)
        .get('/v2/AccountTransactions')
        .query((query) => query['PageNumber'] === String(number));
    page(1).reply(
      200,
      Array.from({ length: 5_000 }, () => row),
    );
    page(2).reply(200, [{ ...row, ExternalImportReference: reference }]);
    nock(host).get(`${posting}/${id}`).reply(200, held);
    const [found] = await connect().service.find!(reference);
    expect(found).toMatchObject({ id, number: '1001', date: plainDate('2026-03-02'), state: 'live' });
    expect(found?.lines).toEqual([
      { account: '1579', amount: 900, vatCode: '0' },
      { account: '3000', amount: -900, vatCode: '3' },
    ]);
  });

  test('a voucher that another integration posted under the reference is shown by its postings', async () => {
    const row = { VoucherId: id, ExternalImportReference: reference, PostingDate: '2026-03-02' };
    nock(host)
      .get('/v2/AccountTransactions')
      .query(true)
      .reply(200, [
        { ...row, AccountNo: 1920, Amount: 1.5 },
        { ...row, AccountNo: 1579, Amount: -1.5 },
      ]);
    nock(host).get(`${posting}/${id}`).reply(404);
    expect(await connect().service.find!(reference)).toMatchObject([
      {
        id,
        reference,
        state: 'live',
        lines: [
          { account: '1920', amount: 150 },
          { account: '1579', amount: -150 },
        ],
      },
    ]);
  });
});

const paging = {
  Fields: /^Id,VoucherId,/,
  PageNumber: '1',
  PageSize: '5000',
  OrderBy: 'Id',
};
