import { plainTextPdf, type ErrorKind } from '@bilag/core';
import type { ServerReply } from '@bilag/fault-server';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { mustHoldAsBooked } from '../books/exact.ts';
import { failureOf, mustBeOf, mustEndAs, mustHoldNothing, together } from '../expectations.ts';

/** The target asks for a pause. */
export const busy: ServiceLaw = {
  id: 'busy',
  sentence: 'A busy target is told from a refusal, waited for as long as it asks, and gets the voucher once.',
  async prove(open) {
    const alone = await open();
    const first = alone.vouchers.sales();
    const { reply, waitMs } = busyReplyOf(alone);
    alone.strike({ kind: 'status', ...reply });
    const what = 'a write that is answered with "busy"';
    const error = await failureOf(alone.connect().post(first, first.key), what);
    mustHold(error !== undefined, `${what}: it was reported as posted`);
    mustBeOf(error, ['busy', 'unknown-outcome'], what);
    mustHoldNothing(alone, what);
    if (error.kind === 'busy' && waitMs !== undefined) {
      mustEqual(Reflect.get(error, 'retryAfterMs'), waitMs, `${what}: retryAfterMs of the error`);
    }

    const world = await open();
    const voucher = world.vouchers.sales();
    world.strike({ kind: 'status', ...reply });
    mustEndAs(await world.deliver(voucher, { whenNotFound: 'send-again' }), 'posted', 'a target that was busy once');
    mustHoldAsBooked(world.live(voucher.key), voucher);

    await mustWaitForReads(await open());
    return error.kind;
  },
};

/** No request is made before the time is up that a read was turned away for. */
async function mustWaitForReads(world: ServiceWorld): Promise<void> {
  const { reply, waitMs = 0 } = busyReplyOf(world);
  const service = world.connect();
  await service.chart();
  const times: number[] = [];
  for (const replies of [reply, undefined]) {
    world.target.server.faults.arm({
      kind: 'answer',
      answer: (request, handle) => {
        times.push(world.time.ms);
        return replies ?? handle(request);
      },
    });
  }
  const voucher = world.vouchers.payout();
  mustEndAs(await world.deliver(voucher, { whenNotFound: 'send-again' }), 'posted', 'a voucher after a busy read');
  mustHoldAsBooked(world.live(voucher.key), voucher);
  const [refusedAt = 0, nextAt = Infinity] = times;
  const waited = nextAt - refusedAt;
  mustHold(waited >= waitMs, `a busy read asked to wait ${waitMs} ms, and the next request came after ${waited} ms`);
}

function busyReplyOf({ target }: ServiceWorld): { reply: ServerReply; waitMs: number | undefined } {
  const reply = target.replies.busy ?? { status: 429, headers: { 'retry-after': '7' } };
  const seconds = reply.headers?.['retry-after'];
  return { reply, waitMs: seconds === undefined ? undefined : Number(seconds) * 1000 };
}

/** A door that is shut stays shut when it is knocked at again. */
export const denied: ServiceLaw = {
  id: 'denied',
  sentence:
    'Credentials that are not taken are "unauthorised", a missing right is "forbidden", and no write is repeated.',
  async prove(open) {
    const { unauthorised, forbidden } = (await open()).target.replies;
    const cases: readonly (readonly [ServerReply, ErrorKind])[] = [
      [unauthorised, 'unauthorised'],
      [forbidden, 'forbidden'],
    ];
    for (const [reply, kind] of cases) {
      const world = await open();
      const voucher = world.vouchers.sales();
      world.target.server.faults.arm({ kind: 'status', times: Infinity, ...reply });
      const what = `a target that answers everything with ${reply.status}`;
      await mustBeTurnedAway(world, [kind], what);
      await world.target.server.faults.disarmAll();
      mustEndAs(await world.deliver(voucher), 'posted', `${what} until it was put right`);

      const writeOnly = await open();
      writeOnly.strike({ kind: 'status', times: Infinity, ...reply });
      // What a refused write means may be found out by asking for something else with the same credentials.
      const sayNothingWasWritten: readonly ErrorKind[] = ['unauthorised', 'forbidden', 'config', 'busy'];
      await mustBeTurnedAway(writeOnly, sayNothingWasWritten, `a target that answers writes with ${reply.status}`);
    }
  },
};

async function mustBeTurnedAway(world: ServiceWorld, kinds: readonly ErrorKind[], what: string): Promise<void> {
  const voucher = world.vouchers.sales();
  const error = await failureOf(world.connect().post(voucher, voucher.key), what);
  mustHold(error !== undefined, `${what}: the voucher was reported as posted`);
  mustBeOf(error, kinds, what);
  mustHoldNothing(world, what);
  mustHold(world.sends <= 1, `${what}: the write was sent ${world.sends} times, and should be sent at most once`);
}

/** Nobody is there. */
export const unreachable: ServiceLaw = {
  id: 'unreachable',
  sentence: 'A target that cannot be reached is told from one that refuses, and gets the voucher once when it is back.',
  async prove(open) {
    const alone = await open();
    const first = alone.vouchers.sales();
    alone.target.server.faults.arm({ kind: 'refuse' });
    const what = 'a target that cannot be reached';
    const error = await failureOf(alone.connect().post(first, first.key), what);
    mustHold(error !== undefined, `${what}: the voucher was reported as posted`);
    mustBeOf(error, ['unavailable', 'unknown-outcome'], what);
    mustHoldNothing(alone, what);

    const world = await open();
    const voucher = world.vouchers.sales();
    const armed = world.target.server.faults.arm({ kind: 'refuse' });
    const since = await world.deliver(voucher, { whenNotFound: 'send-again' });
    mustHold(since.state !== 'posted' && since.state !== 'rejected', `${what}: its delivery ends as "${since.state}"`);
    await armed.disarm();
    const isAsked = world.adapter.dedupe.by === 'none' && since.state === 'unknown-outcome';
    const ended = await world.deliver(voucher, { since, whenNotFound: 'send-again' });
    mustEndAs(ended, isAsked ? 'unknown-outcome' : 'posted', 'a target that is back');
    if (isAsked) mustHoldNothing(world, what);
    else mustHoldAsBooked(world.live(voucher.key), voucher);
    return error.kind;
  },
};

/** Whether it may be sent again is decided elsewhere: here it is sent once. */
export const attemptedOnce: ServiceLaw = {
  id: 'attempted-once',
  sentence: 'A write is sent at most once by itself, whatever the target answers.',
  async prove(open) {
    const statuses = [307, 308, 400, 401, 403, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504];
    await together([
      ...statuses.map((status) => async () => {
        const world = await open();
        const headers = { 'retry-after': '1', location: '/again' };
        world.strike({ kind: 'status', status, headers, body: '{}', times: Infinity });
        await mustSendOnce(world, `a write that is answered with ${status}`);
      }),
      ...(['unauthorised', 'forbidden', 'refused'] as const).map((which) => async () => {
        const world = await open();
        const { replies } = world.target;
        const own = which === 'refused' ? replies.refused('this was refused') : replies[which];
        world.strike({ kind: 'status', ...own, times: Infinity });
        await mustSendOnce(world, `a write that the target answers with ${own.status} in its words`);
      }),
      ...(['before', 'after'] as const).map((strikes) => async () => {
        const world = await open();
        world.strike({ kind: 'hang', strikes, times: Infinity });
        await mustSendOnce(world, 'a write that gets no reply in time');
      }),
      ...(['before', 'after', 'midway'] as const).map((strikes) => async () => {
        const world = await open();
        world.strike({ kind: 'cut', strikes, times: Infinity });
        await mustSendOnce(world, 'a write whose connection is cut');
      }),
      async () => {
        const world = await open();
        world.strike({ kind: 'malformed', times: Infinity });
        await mustSendOnce(world, 'a write whose reply comes in half');
      },
      async () => mustReverseAndAttachOnce(await open()),
    ]);
  },
};

/** A reversal or a file that is sent twice is doubled where the target does not tell: here every reply to it is lost. */
async function mustReverseAndAttachOnce(world: ServiceWorld): Promise<void> {
  const service = world.connect();
  const voucher = world.vouchers.payout();
  const { id } = await service.post(voucher, voucher.key);
  const works = [
    ['attach()', () => service.attach?.(id, { name: 'bilag.pdf', mediaType: 'application/pdf', content: pdf })],
    ['reverse()', () => service.reverse?.(id, voucher.date, `${voucher.key}.U1`)],
  ] as const;
  for (const [what, work] of works) {
    const before = world.requests.length;
    const armed = world.target.server.faults.arm({ kind: 'cut', strikes: 'after', times: Infinity, match: isWrite });
    await failureOf(Promise.resolve(work()), `${what} without reply`);
    await armed.disarm();
    const sent = world.requests.slice(before).filter(isWrite);
    const places = sent.map(({ method, path }) => `${method} ${path}`);
    const twice = places.filter((place, index) => places.indexOf(place) !== index);
    mustEqual(twice, [], `what ${what} sent more than once by itself, when no reply came`);
  }
}

function isWrite({ method }: { readonly method: string }): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

const pdf = plainTextPdf('bilag', { title: 'bilag' });

async function mustSendOnce(world: ServiceWorld, what: string): Promise<void> {
  const voucher = world.vouchers.sales();
  await failureOf(world.connect().post(voucher, voucher.key), what);
  mustEqual(world.sends, 1, `${what}: how often it was sent`);
}
