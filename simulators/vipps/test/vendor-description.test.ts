import { expect, test } from 'vitest';
import { exampleDay, startVippsSimulator, v1ExampleDay } from '@bilag/simulator-vipps';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { quarterOf } from './generated-merchants.ts';

const system = { 'vipps-system-name': 'bilag', 'vipps-system-version': '1.0' };

/** Where the description is older than what is answered today, or was seen to be wrong. */
const knownDifferences: readonly RegExp[] = [
  // Of ledgers it lacks the currency and the sales units.
  /\("(?:currency|salesUnits)"\)$/,
  // Payouts and retained fees have no reference and no recipient.
  /\/(?:reference|recipientHandle|orderId) must be string$/,
  // Its list of entry types is that of 2023: any other may come.
  /\/entryType must be equal to one of the allowed values$/,
  // The token of a partner is asked for by a form, and its lifetime is a number.
  /\/miami\/v1\/token: a body of type "application\/x-www-form-urlencoded" is not taken$/,
  /\/miami\/v1\/token → 200: \/expires_in must be string$/,
];

const isKnown = (problem: string): boolean => knownDifferences.some((difference) => difference.test(problem));

describeWithShared('what is answered is as the vendor describes it', () => {
  test('tokens, ledgers, dates, the feed, version 1 and refusals', async () => {
    const exchanges: Exchange[] = [];
    const merchants = [exampleDay, v1ExampleDay, quarterOf(1)];
    await using simulator = await startVippsSimulator({ merchants, v1: 'served', pageSize: 3 });
    simulator.faults.arm({
      kind: 'answer',
      times: Number.POSITIVE_INFINITY,
      answer: async (request, handle) => {
        const reply = await handle(request);
        exchanges.push({ request, reply });
        return reply;
      },
    });
    const ask = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> => {
      const reply = await fetch(simulator.url + path, { ...init, headers: { ...system, ...init.headers } });
      return (await reply.json()) as Record<string, unknown>;
    };
    const { partner, merchants: keys } = simulator.credentials;
    const [first] = keys;
    await ask('/accesstoken/get', {
      method: 'POST',
      headers: {
        client_id: first?.clientId ?? '',
        client_secret: first?.clientSecret ?? '',
        'ocp-apim-subscription-key': first?.subscriptionKey ?? '',
      },
    });
    const { access_token: token } = await ask('/miami/v1/token', {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${partner.clientId}:${partner.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const read = (path: string): Promise<Record<string, unknown>> =>
      ask(path, { headers: { authorization: `Bearer ${String(token)}` } });
    await read('/settlement/v1/ledgers');
    for (const topic of ['funds', 'fees']) {
      const place = `/report/v2/ledgers/12345/${topic}`;
      const { cursor } = await read(`${place}/dates/2022-10-01`);
      await read(`${place}/dates/2022-10-01?cursor=${encodeURIComponent(String(cursor))}`);
      await read(`${place}/dates/2022-10-09`);
      await read(`${place}/feed`);
      await read(`${place}/dates/2022-13-01`);
      await read(`/report/v2/ledgers/1/${topic}/dates/2022-10-01`);
    }
    await ask('/report/v2/ledgers/12345/funds/feed');
    const v1From = exchanges.length;
    await read('/report/v1/ledgertransactions?ledgerId=302321&ledgerDate=2022-10-01');
    const problems = [
      ...loadOpenApi('spec/vipps/access-token.openapi.yaml').problems(exchanges.slice(0, 2)),
      ...loadOpenApi('spec/vipps/report-api-v2.openapi.yaml').problems(exchanges.slice(2, v1From)),
      ...loadOpenApi('spec/vipps/report-api-v1.openapi.yaml').problems(exchanges.slice(v1From)),
    ];
    expect(new Set(exchanges.map(({ reply }) => reply.status))).toEqual(new Set([200, 401, 404, 500]));
    expect(problems.filter((problem) => !isKnown(problem))).toEqual([]);
  });
});
