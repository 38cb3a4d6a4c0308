import { plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { loadOpenApi, type Exchange } from '../../../test/openapi.ts';
import { describeWithShared } from '../../../test/support.ts';
import { cafeId, errorFrom, line, openCafe, voucherOf, type Cafe } from './support.ts';

const reference = '302401-20260302';
const file = 'spec/tripletex/tripletex-trimmed.openapi.json';

/** Lets everything through and keeps it. */
function watch(cafe: Cafe): Exchange[] {
  const exchanges: Exchange[] = [];
  cafe.simulator.faults.arm({
    kind: 'answer',
    times: Number.POSITIVE_INFINITY,
    answer: async (request, handle) => {
      const reply = await handle(request);
      exchanges.push({ request, reply });
      return reply;
    },
  });
  return exchanges;
}

/** The excerpt leaves the register of projects out; it is in the vendor's own description. */
const isDescribed = ({ request }: Exchange): boolean => !request.path.endsWith('/project');

describeWithShared('what is sent and answered is as the vendor describes it', () => {
  const api = loadOpenApi(file, { basePath: '/v2' });

  test('through a whole life of a voucher', async () => {
    await using cafe = await openCafe({}, { voucherType: 'Betaling' });
    const exchanges = watch(cafe);
    await cafe.service.identify();
    await cafe.service.chart();
    const voucher = voucherOf([
      line('3200', -100, { dimensions: { department: '10' } }),
      line('1500', 60, { party: { kind: 'customer', id: '10001' } }),
      line('2400', 40, { party: { kind: 'supplier', id: '20001' } }),
    ]);
    const { id } = await cafe.service.post(voucher, reference);
    const content = new TextEncoder().encode('a;b\n');
    await cafe.service.attach(id, { name: 'a.csv', mediaType: 'text/csv', content });
    await cafe.service.find(reference);
    await cafe.service.reverse(id, plainDate('2026-03-10'), `${reference}.U1`);
    await Array.fromAsync(cafe.service.list(plainDate('2026-03-01'), plainDate('2026-03-31')));
    const waiting = cafe.connect({ sendToLedger: false });
    await waiting.post(voucherOf(), `${reference}.R2`);
    await waiting.find(`${reference}.R2`);
    expect(exchanges.length).toBeGreaterThan(25);
    expect(new Set(exchanges.map(({ reply }) => reply.status))).toEqual(new Set([200, 201]));
    expect(api.problems(exchanges.filter(isDescribed))).toEqual([]);
  });

  describe('when it goes wrong', () => {
    test.for<[string, number, (cafe: Cafe) => Promise<unknown>]>([
      [
        'a closed period',
        422,
        async (cafe) => {
          await cafe.service.chart();
          cafe.simulator.backDoor.company().closeThrough(plainDate('2026-03-31'));
          return errorFrom(cafe.service.post(voucherOf(), reference));
        },
      ],
      [
        'no permission',
        403,
        (cafe) => {
          cafe.simulator.backDoor.company().allowPosting(false);
          return errorFrom(cafe.service.post(voucherOf(), reference));
        },
      ],
      ['a voucher that is gone', 404, (cafe) => errorFrom(cafe.service.reverse('1', plainDate('2026-03-10'), 'x'))],
      [
        'a session that ended',
        401,
        async (cafe) => {
          await cafe.service.identify();
          cafe.simulator.expireSessions();
          await cafe.service.identify();
        },
      ],
    ])('%s', async ([, status, work]) => {
      await using cafe = await openCafe();
      const exchanges = watch(cafe);
      await work(cafe);
      expect(exchanges.map(({ reply }) => reply.status)).toContain(status);
      expect(api.problems(exchanges.filter(isDescribed))).toEqual([]);
    });

    test('too many requests, from two programs that do not know of each other', async () => {
      await using cafe = await openCafe({ rateLimit: { requests: 3, windowMs: 10_000 }, tellsReset: false });
      const exchanges = watch(cafe);
      await cafe.service.identify();
      await cafe.service.identify();
      await cafe.connect().identify();
      expect(exchanges.map(({ reply }) => reply.status)).toContain(429);
      expect(api.problems(exchanges.filter(isDescribed))).toEqual([]);
    });
  });

  test('an accountant’s list of clients', async () => {
    await using cafe = await openCafe(
      { companies: [{ id: 77, clients: [cafeId] }, { id: cafeId }] },
      { access: 'client' },
    );
    const exchanges = watch(cafe);
    const authorization = await sessionOf(cafe, 77);
    await fetch(`${cafe.simulator.url}/company/>withLoginAccess`, { headers: { authorization } });
    expect(api.problems(exchanges)).toEqual([]);
    expect(JSON.parse(String(exchanges.at(-1)?.reply.body))).toMatchObject({ values: [{ id: cafeId }] });
  });
});

async function sessionOf({ simulator }: Cafe, home: number): Promise<string> {
  const { consumerToken, employeeTokens } = simulator.credentials;
  const reply = await fetch(`${simulator.url}/token/session/:create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ consumerToken, employeeToken: employeeTokens[home], expirationDate: '2026-03-05' }),
  });
  const { value } = (await reply.json()) as { value: { token: string } };
  return `Basic ${Buffer.from(`0:${value.token}`).toString('base64')}`;
}
