import { readFileSync } from 'node:fs';
import { expectedDigest, type BilagError, type ErrorKind } from '@bilag/core';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { tripletex } from '../src/index.ts';
import { FakeContext } from '../../../test/fake-context.ts';
import { cafeId, configOf, errorFrom, line, saleLine, voucherOf } from './support.ts';

const origin = 'https://api-test.tripletex.tech';
const reference = '302401-20260302';
const voucher = voucherOf([line('1920', 100), saleLine('3000', -100, '3', 2500)]);

let around: FakeContext;

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
beforeEach(() => {
  around = new FakeContext(() => ({
    consumerToken: 'test-consumer-secret',
    employeeToken: 'test-employee-secret',
  }));
});
afterEach(() => nock.cleanAll());

function connect(): ReturnType<typeof tripletex.connect> {
  return tripletex.connect(configOf('test'), around);
}

/** Session, accounts and VAT types as a company in good order tells them. */
function openCompany(): void {
  giveSession();
  nock(origin)
    .get('/v2/ledger/account')
    .query(true)
    .reply(200, {
      values: [
        { id: 71, number: 1920, name: 'Bank', isInactive: false, vatLocked: false, legalVatTypes: null },
        { id: 72, number: 3000, name: 'Salg', vatLocked: true, vatType: { id: 3, number: '3' } },
      ],
    });
  nock(origin)
    .get('/v2/ledger/vatType')
    .query(true)
    .reply(200, {
      values: [
        { id: 0, number: '0', percentage: 0 },
        { id: 3, number: '3', percentage: 25 },
      ],
    });
  nock(origin).get('/v2/ledger/accountingPeriod').query(true).times(2).reply(200, { values: [] });
}

function giveSession(token = 'session-secret'): nock.Scope {
  nock(origin)
    .get('/v2/token/session/%3EwhoAmI')
    .query(true)
    .reply(200, { value: { companyId: cafeId } });
  return nock(origin)
    .post('/v2/token/session/:create', {
      consumerToken: 'test-consumer-secret',
      employeeToken: 'test-employee-secret',
      expirationDate: '2026-03-05',
    })
    .reply(201, { value: { token } });
}

/** What the write of the voucher is answered. */
function answerPost(status: number, body: nock.Body, headers: Record<string, string> = {}): nock.Scope {
  return nock(origin).post('/v2/ledger/voucher').query({ sendToLedger: true }).reply(status, body, headers);
}

function envelope(status: number, code: number | null, field: string | null, message: string | null): nock.Body {
  const validationMessages = field === null ? null : [{ field, message, path: null, rootId: null }];
  return { status, code, message: 'Feil', link: null, developerMessage: null, validationMessages, requestId: 'r-1' };
}

interface Observed {
  readonly id: string;
  readonly status: number;
  readonly code: number | null;
  readonly field: string | null;
  readonly message: string | null;
}

describeWithShared('every error that was seen at Tripletex is named by what to do next', () => {
  const file = readFileSync(sharedPath('spec/tripletex/errors-observed.json'), 'utf8');
  const { errors } = JSON.parse(file) as { errors: readonly Observed[] };
  const others: Readonly<Record<string, ErrorKind>> = {
    bank_reconciled: 'blocked',
    consumer_token_invalid: 'unauthorised',
    unspecified: 'unknown-outcome',
  };

  test.for(errors)('$id', async ({ id, status, code, field, message }) => {
    openCompany();
    giveSession('another-session');
    answerPost(status, envelope(status, code, field, message)).persist();
    const error = await errorFrom(connect().post(voucher, reference));
    expect(error.kind).toBe(others[id] ?? 'rejected');
    expect(error.what).toContain(field === null ? '' : (message ?? '').slice(0, 40));
  });
});

describe('the codes of the vendor’s table', () => {
  test.for<[number, number | null, ErrorKind]>([
    [400, 4000, 'rejected'],
    [400, 24_000, 'rejected'],
    [400, 1000, 'unknown-outcome'],
    [400, null, 'unknown-outcome'],
    [403, 9000, 'forbidden'],
    [404, 6000, 'not-found'],
    [409, 7000, 'conflict'],
    [409, 8000, 'conflict'],
    [409, 10_000, 'blocked'],
    [409, 14_000, 'conflict'],
    [422, 15_000, 'rejected'],
    [422, 16_000, 'rejected'],
    [422, 23_000, 'rejected'],
    [429, null, 'busy'],
    [500, 1000, 'unknown-outcome'],
    [502, null, 'unknown-outcome'],
  ])('%i with code %s is %s', async ([status, code, kind]) => {
    openCompany();
    answerPost(status, envelope(status, code, null, null));
    expect((await errorFrom(connect().post(voucher, reference))).kind).toBe(kind);
  });
});

describe('a refusal names the line it concerns', () => {
  test.for<[string, string, string | null, string | null]>([
    ['by the account in its text', 'Kontoen 3000 Salg er låst til mva-kode 3: Utgående.', null, 'line 2, account 3000'],
    ['by the index in its path', 'Ugyldig mva-kode.', 'postings[0].vatType', 'line 1, account 1920'],
    ['not, where nothing tells', 'Ugyldig mva-kode.', null, null],
  ])('%s', async ([, message, path, place]) => {
    openCompany();
    const validationMessages = [{ field: 'postings.vatType.id', message, path, rootId: null }];
    answerPost(422, { status: 422, code: 18_000, message: 'Validering feilet.', validationMessages });
    const error = await errorFrom(connect().post(voucher, reference));
    expect(error.where).toBe([`voucher ${reference}`, place].filter(Boolean).join(', '));
  });
});

describe('a session that is refused', () => {
  const basic = (token: string): string => `Basic ${Buffer.from(`0:${token}`).toString('base64')}`;
  const postIn = (token: string): nock.Interceptor =>
    nock(origin, { reqheaders: { authorization: basic(token) } })
      .post('/v2/ledger/voucher')
      .query(true);

  test('leaves the write to be tried again in a new one: it had done nothing', async () => {
    openCompany();
    postIn('session-secret').reply(401, envelope(401, 3000, null, null));
    const service = connect();
    const refused = await errorFrom(service.post(voucher, reference));
    expect([refused.kind, refused.action]).toEqual(['busy', 'nothing was written; try again, in a new session']);
    giveSession('second-session');
    postIn('second-session').reply(422, envelope(422, 18_000, 'date', 'Feil.'));
    expect((await errorFrom(service.post(voucher, reference))).kind).toBe('rejected');
    expect(nock.pendingMocks()).toEqual([]);
  });

  test('that is refused again in a new one is a matter of the tokens', async () => {
    openCompany();
    postIn('session-secret').reply(401, envelope(401, 3000, null, null));
    const service = connect();
    await errorFrom(service.post(voucher, reference));
    giveSession('second-session');
    postIn('second-session').reply(401, envelope(401, 3000, null, null));
    expect((await errorFrom(service.post(voucher, reference))).kind).toBe('unauthorised');
  });

  test('tokens that open none are said to be bad', async () => {
    const field = 'arg:consumerToken';
    nock(origin)
      .post('/v2/token/session/:create')
      .reply(422, envelope(422, 18_000, field, 'invalid'));
    const error = await errorFrom(connect().identify());
    expect(error.kind).toBe('unauthorised');
    expect(error.action).toContain('both tokens');
  });
});

describe('a read that is turned away waits', () => {
  test.for<[string, Record<string, string>, number]>([
    ['as long as it is told', { 'X-Rate-Limit-Reset': '7' }, 7000],
    ['longer and longer, where it is not told', {}, 1250],
  ])('%s', async ([, headers, waitMs]) => {
    giveSession();
    nock(origin).get(`/v2/company/${cafeId}`).query(true).reply(429, '', headers);
    nock(origin)
      .get(`/v2/company/${cafeId}`)
      .query(true)
      .reply(200, { value: { id: cafeId, name: 'X' } });
    expect((await connect().identify()).name).toBe('X');
    expect(around.slept[0]).toBe(waitMs);
  });

  test('and one that used the window up makes the next wait for it', async () => {
    giveSession();
    const headers = { 'X-Rate-Limit-Limit': '100', 'X-Rate-Limit-Remaining': '0', 'X-Rate-Limit-Reset': '8' };
    nock(origin)
      .get(`/v2/company/${cafeId}`)
      .query(true)
      .reply(200, { value: { id: cafeId } }, headers);
    nock(origin)
      .get(`/v2/company/${cafeId}`)
      .query(true)
      .reply(200, { value: { id: cafeId } });
    const service = connect();
    await service.identify();
    expect(around.slept).toEqual([]);
    await service.identify();
    expect(around.slept).toEqual([8000]);
  });
});

describe('what is read is believed only as far as it goes', () => {
  const held = (postings: unknown): nock.Body => ({
    value: { id: 9, date: '2026-03-02', externalVoucherNumber: reference, reverseVoucher: null, postings },
  });
  const posting = { row: 1, account: { id: 71, number: 1920 }, vatType: null, department: null };

  test('amounts in the form Java gives large ones are exact', async () => {
    giveSession();
    const values = `{"values":[{"id":9,"date":"2026-03-02","externalVoucherNumber":"${reference}","postings":[
      {"row":1,"account":{"id":71,"number":1920},"amount":1.234567891E7,"amountGross":1.234567891E7},
      {"row":2,"account":{"id":72,"number":1579},"amount":-12345678.91,"amountGross":-12345678.910}]}]}`;
    nock(origin).get('/v2/ledger/voucher/%3EexternalVoucherNumber').query(true).reply(200, values);
    const [found] = (await connect().find?.(reference)) ?? [];
    expect(found?.lines.map(({ amount }) => amount)).toEqual([1_234_567_891, -1_234_567_891]);
  });

  test('a voucher that was booked but cannot be read back may be there', async () => {
    openCompany();
    answerPost(201, { value: { id: 9 } });
    nock(origin)
      .get('/v2/ledger/voucher/9')
      .query(true)
      .reply(200, held([{ ...posting, amountGross: 'x' }]));
    expect((await errorFrom(connect().post(voucher, reference))).kind).toBe('unknown-outcome');
  });

  test.for<[number]>([[403], [404]])('one that these tokens may not see is not sent again (%i)', async ([status]) => {
    openCompany();
    answerPost(201, { value: { id: 9 } });
    nock(origin)
      .get('/v2/ledger/voucher/9')
      .query(true)
      .reply(status, envelope(status, null, null, null));
    const receipt = await connect().post(voucher, reference);
    expect(receipt).toMatchObject({ outcome: 'created', id: '9' });
    expect(receipt.digest).not.toBe(expectedDigest(voucher, 'gross'));
  });

  const search = (): nock.Interceptor => nock(origin).get('/v2/ledger/voucher/%3EexternalVoucherNumber').query(true);

  test.for<[string, nock.Body, ErrorKind]>([
    ['no list', { fullResultSize: 1 }, 'unavailable'],
    ['a voucher without its number', { values: [{ id: 9, date: '2026-03-02', postings: [] }] }, 'forbidden'],
  ])('%s is not "there is none"', async ([, body, kind]) => {
    giveSession();
    search().reply(200, body);
    expect((await errorFrom(connect().find?.(reference) ?? Promise.resolve())).kind).toBe(kind);
  });

  test('a page that was cut short is not the last', async () => {
    giveSession();
    const one = (id: number): object => ({ id, date: '2026-03-02', externalVoucherNumber: reference, postings: [] });
    search().reply(200, { fullResultSize: 2, values: [one(1)] });
    search().reply(200, { fullResultSize: 2, values: [one(2)] });
    expect((await connect().find?.(reference))?.map(({ id }) => id)).toEqual(['1', '2']);
  });

  test('a page that is not JSON is no answer', async () => {
    openCompany();
    answerPost(201, '<html>');
    expect((await errorFrom(connect().post(voucher, reference))).kind).toBe('unknown-outcome');
  });

  test('postings whose fields the token may not see are said, not guessed', async () => {
    giveSession();
    nock(origin)
      .get('/v2/ledger/voucher/%3EexternalVoucherNumber')
      .query(true)
      .reply(200, {
        values: [{ id: 9, date: '2026-03-02', externalVoucherNumber: reference, postings: [{ row: 1 }] }],
      });
    const error: BilagError = await errorFrom(connect().find?.(reference) ?? Promise.resolve());
    expect(error.kind).toBe('unavailable');
    expect(error.action).toContain('token');
  });
});
