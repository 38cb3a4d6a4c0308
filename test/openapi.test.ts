import { describe, expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from './openapi.ts';
import { describeWithShared } from './support.ts';

describeWithShared('requests and replies beside a vendor’s description of its API', () => {
  const file = 'spec/tripletex/tripletex-trimmed.openapi.json';

  test('a voucher as described is fine', () => {
    const posting = { row: 1, account: { id: 7 }, amountGross: 1.5, amountGrossCurrency: 1.5 };
    const request = requestOf('POST', '/v2/ledger/voucher', '?sendToLedger=true', {
      date: '2026-03-02',
      description: 'Oppgjør',
      postings: [posting],
    });
    const reply = { status: 201, headers: { 'content-type': 'application/json' }, body: '{"value":{"id":900001}}' };
    expect(loadOpenApi(file, { basePath: '/v2' }).problems([{ request, reply }])).toEqual([]);
  });

  test('an action, a summary and a list are told apart from an id', () => {
    const api = loadOpenApi(file, { basePath: '/v2' });
    const found = [
      requestOf('PUT', '/v2/ledger/voucher/12/:reverse', '?date=2026-03-02'),
      requestOf('GET', '/v2/ledger/voucher/%3EexternalVoucherNumber', '?externalVoucherNumber=a'),
      requestOf('GET', '/v2/token/session/>whoAmI', ''),
    ];
    expect(found.flatMap(api.request)).toEqual([]);
    expect(api.request(requestOf('GET', '/v2/ledger/voucher/%3EnonPosted', ''))).toEqual([
      'GET /v2/ledger/voucher/>nonPosted: the parameter includeNonApproved is missing',
    ]);
  });

  describe('what is not as described is said', () => {
    const api = loadOpenApi(file);
    test.for<[string, Exchange['request'], string]>([
      ['an unknown place', requestOf('GET', '/ledger/vouchers', ''), 'is not in'],
      ['an unknown parameter', requestOf('GET', '/ledger/account', '?numbers=1'), 'numbers is not known'],
      ['text for a number', requestOf('GET', '/ledger/account', '?count=all'), 'count the value must be integer'],
      ['a missing field', requestOf('POST', '/ledger/voucher', '', { date: '2026-03-02' }), 'required property'],
      ['a misspelt field', requestOf('POST', '/ledger/voucher', '', { dato: '2026-03-02' }), '("dato")'],
    ])('%s', ([, request, problem]) => {
      expect(api.request(request).join('\n')).toContain(problem);
    });

    test('a reply with another field', () => {
      const request = requestOf('GET', '/ledger/voucher/1', '');
      const reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"value":{"sum":1}}' };
      expect(api.reply(request, reply).join('\n')).toContain('("sum")');
      expect(api.reply(request, { ...reply, status: 418 }).join('\n')).toContain('not described');
    });
  });
});

function requestOf(method: string, path: string, search: string, json?: unknown): Exchange['request'] {
  return {
    method,
    path,
    query: new URLSearchParams(search),
    headers: json === undefined ? {} : { 'content-type': 'application/json' },
    body: new TextEncoder().encode(json === undefined ? '' : JSON.stringify(json)),
  };
}
