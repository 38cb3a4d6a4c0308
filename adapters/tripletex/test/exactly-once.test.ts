import {
  advance,
  deliveryRules,
  expectedDigest,
  isBilagError,
  newDelivery,
  nextStep,
  viewDigest,
  type Delivery,
  type DeliveryEvent,
  type Voucher,
} from '@bilag/core';
import { namedTripletexFaults } from '@bilag/simulator-tripletex';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tripletex } from '../src/index.ts';
import { openCafe, voucherOf, type Cafe } from './support.ts';

const reference = '302401-20260302';
const rules = deliveryRules(tripletex.dedupe, { canFind: true }, { whenNotFound: 'send-again' });
const faultNames = Object.keys(namedTripletexFaults).filter((name) => !name.startsWith('hang'));

/** Delivers one voucher as the engine does, in virtual time, until it rests or somebody must be asked. */
async function deliver(voucher: Voucher, cafe: Cafe): Promise<Delivery> {
  let delivery = newDelivery(expectedDigest(voucher, 'gross'));
  const report = (event: DeliveryEvent): void => {
    delivery = advance(delivery, event, rules, cafe.context.now());
  };
  const attempt = async (during: 'send' | 'look-up', work: () => Promise<DeliveryEvent>): Promise<void> => {
    try {
      report(await work());
    } catch (error) {
      if (!isBilagError(error)) throw error;
      const { kind, what, where, action: now } = error;
      report({ type: 'failed', during, problem: { kind, what, where, action: now } });
    }
  };
  for (;;) {
    const step = nextStep(delivery, rules, cafe.context.now());
    if (step.do === 'wait') cafe.context.ms = step.until;
    else if (step.do === 'look-up') {
      await attempt('look-up', async () => {
        const hits = await cafe.service.find(reference);
        return {
          type: 'looked-up',
          hits: hits.map((hit) => ({ id: hit.id, state: hit.state, digest: viewDigest(hit) })),
        };
      });
    } else if (step.do === 'send') {
      report({ type: 'sending' });
      await attempt('send', async () => ({ type: 'answered', receipt: await cafe.service.post(voucher, reference) }));
    } else return delivery;
  }
}

test('whatever faults strike, and however late the search is within what is declared, no voucher is lost or doubled', async () => {
  const settlesMs = tripletex.dedupe.by === 'search' ? tripletex.dedupe.settlesMs : 0;
  let faultsStruck = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fc.constantFrom(...faultNames), skip: fc.nat({ max: 2 }) }), { maxLength: 4 }),
      fc.integer({ min: 0, max: settlesMs }),
      async (faults, searchDelayMs) => {
        await using cafe = await openCafe({ searchDelayMs });
        const armed = faults.flatMap(({ name, skip }) => {
          const fault = namedTripletexFaults[name];
          return fault === undefined ? [] : [cafe.simulator.faults.arm({ ...fault, skip })];
        });
        const voucher = voucherOf();
        const { state } = await deliver(voucher, cafe);
        faultsStruck += armed.reduce((total, { strikes }) => total + strikes, 0);
        const held = cafe.simulator.backDoor.company().holding(reference);
        expect({ state, held: held.length, failures: cafe.simulator.failures }).toEqual({
          state: 'posted',
          held: 1,
          failures: [],
        });
        const gross = held[0]?.postings.filter(({ row }) => row > 0).map(({ amountGross }) => amountGross);
        expect(gross).toEqual(voucher.lines.map(({ amount }) => amount));
      },
    ),
    { numRuns: 60 },
  );
  expect(faultsStruck).toBeGreaterThan(20);
});
