import { mustEqual, mustHold } from '../../law.ts';
import type { ServiceLaw } from '../../services/service-law.ts';
import type { ServiceWorld } from '../../services/service-world.ts';
import { failureOf } from './expectations.ts';
import { busySession } from './sending/busy-session.ts';

/** Limits hold across every company and process that uses the same credentials, so every request waits for its turn. */
export const polite: ServiceLaw = {
  id: 'polite',
  sentence: 'Every request is made in a turn of its own, so that the declared limits are never exceeded.',
  async prove(open) {
    const world = await open();
    mustHold(world.adapter.limits.concurrency >= 1, 'limits.concurrency is below 1: nothing may ever be sent');
    await busySession(world);
    mustLieInTurns(world);

    const troubled = await open();
    await troubled.connect().chart();
    troubled.target.server.faults.arm({ kind: 'status', status: 503, times: 3 });
    await failureOf(troubled.connect().chart(), 'a chart while the target is in trouble');
    troubled.strike({ kind: 'status', status: 429, headers: { 'retry-after': '7' }, times: 2 });
    await troubled.deliver(troubled.vouchers.sales(), { whenNotFound: 'send-again' });
    mustLieInTurns(troubled);
  },
};

function mustLieInTurns({ turns: { taken }, requests }: ServiceWorld): void {
  let seen = 0;
  for (const { requestsBefore, requestsAfter } of taken) {
    const outside = requests.slice(seen, requestsBefore).map(({ method, path }) => `${method} ${path}`);
    mustEqual(outside, [], 'requests made outside of any turn');
    const inTurn = requests.slice(requestsBefore, requestsAfter).map(({ method, path }) => `${method} ${path}`);
    mustHold(inTurn.length <= 1, `one turn made ${inTurn.length} requests, and should make one: ${inTurn.join(', ')}`);
    seen = requestsAfter;
  }
  const after = requests.slice(seen).map(({ method, path }) => `${method} ${path}`);
  mustEqual(after, [], 'requests made outside of any turn');
}
