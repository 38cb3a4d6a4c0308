import { plainTextPdf } from '@bilag/core';
import type { ServerReply, ServerRequest } from '@bilag/fault-server';
import { mustHold } from '../../law.ts';
import type { ServiceLaw } from '../../services/service-law.ts';
import type { ServiceWorld } from '../../services/service-world.ts';
import { failureOf, mustBeOf, mustHoldNothing, together } from './expectations.ts';
import { mustBeUnknown, mustComeOnce } from './sending/lost-reply.ts';

/** Firewalls, proxies and gateways answer too, and what they answer says nothing of what the target did before. */
export const ownWords: ServiceLaw = {
  id: 'own-words',
  sentence:
    'Only a refusal in the words of the target itself says that nothing was written; whatever else is answered, the outcome is unknown and the voucher ends up there once.',
  async prove(open) {
    const { refused } = (await open()).target.replies;
    const own = refused('this was refused');
    await together([
      ...strangers(own).flatMap(([reply, what]) => [
        async () => mustBeUnknown(await open(), { kind: 'status', strikes: 'after', ...reply }, what),
        async () => mustComeOnce(await open(), { kind: 'status', strikes: 'after', ...reply }, what),
        async () => mustNotBelieve(await open(), reply, what),
      ]),
      async () => mustBelieve(await open(), own),
    ]);
  },
};

type Stranger = readonly [ServerReply, string];

/** Replies that the target did not write, or not to say that it refused. */
function strangers(own: ServerReply): readonly Stranger[] {
  const page = { headers: { 'content-type': 'text/html' }, body: '<html><h1>Request blocked</h1></html>' };
  const half = { ...own, body: String(own.body).slice(0, -2) };
  const elsewhere = { location: '/elsewhere' };
  return [
    ...[401, 403, 409, 422, 429, 451].map((status): Stranger => [{ status, ...page }, `a page with ${status}`]),
    ...[400, 404, 405, 413, 499].map((status): Stranger => [{ status, body: '' }, `${status} with nothing in it`]),
    ...[303, 307].map((status): Stranger => [{ ...own, status, headers: elsewhere }, `a lead elsewhere (${status})`]),
    ...[408, 499, 500].map((status): Stranger => [{ ...own, status }, `a refusal in its words, but with ${status}`]),
    [{ status: 403, ...json('{"blocked":true}') }, 'JSON of somebody else with 403'],
    [{ status: 400, ...json('[]') }, 'a list with 400'],
    [half, 'half of a refusal'],
  ].map(([reply, what]) => [reply, `a write that was booked and answered with ${what as string}`] as Stranger);
}

function json(body: string): Pick<ServerReply, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body };
}

/** The same of a reversal and a file: sent again they are doubled. */
async function mustNotBelieve(world: ServiceWorld, reply: ServerReply, what: string): Promise<void> {
  const service = world.connect();
  const voucher = world.vouchers.payout();
  const { id } = await service.post(voucher, voucher.key);
  const content = plainTextPdf('bilag', { title: 'bilag' });
  for (const [name, work] of [
    ['attach()', () => service.attach?.(id, { name: 'bilag.pdf', mediaType: 'application/pdf', content })],
    ['reverse()', () => service.reverse?.(id, voucher.date, `${voucher.key}.U1`)],
  ] as const) {
    const armed = world.target.server.faults.arm({ kind: 'status', strikes: 'after', ...reply, match: isWrite });
    const error = await failureOf(Promise.resolve(work()), `${name}: ${what}`);
    await armed.disarm();
    if (error !== undefined) mustBeOf(error, ['unknown-outcome'], `${name}: ${what}`);
  }
}

function isWrite({ method }: ServerRequest): boolean {
  return method !== 'GET';
}

async function mustBelieve(world: ServiceWorld, own: ServerReply): Promise<void> {
  const voucher = world.vouchers.sales();
  world.strike({ kind: 'status', ...own });
  const what = 'a refusal in the words of the target';
  const error = await failureOf(world.connect().post(voucher, voucher.key), what);
  mustHold(error !== undefined, `${what}: the voucher was reported as posted`);
  mustHold(error.kind !== 'unknown-outcome', `${what}: it is told as an unknown outcome, and a person would be asked`);
  mustHoldNothing(world, what);
}
