import {
  advance,
  consequences,
  nextStep,
  resumed,
  type BeforeWrite,
  type DeliveryProblem,
  type DeliveryStep,
  type Receipt,
} from '@bilag/core';
import type { DeliveryOutcome } from '../delivery/delivery-run.ts';
import { problemOf, retryAfterOf, type DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import type { Sight } from './reversal-look.ts';

/** One write and how it is made. */
export interface Write {
  readonly row: DeliveryRow;
  readonly send: (beforeWrite: BeforeWrite) => Promise<Receipt>;
  readonly find?: ((row: DeliveryRow) => Promise<Sight>) | undefined;
  /** Once it is answered for it is looked at again together with others, and not by itself. */
  readonly isSeenLater?: boolean;
  /** Other rows that change with this one when it is posted: what a reversal takes back. */
  readonly alsoWhenPosted?: (posted: DeliveryRow) => readonly DeliveryRow[];
}

/** Where a write came to in this run. */
export interface Written {
  readonly row: DeliveryRow;
  readonly did: DeliveryOutcome['did'];
  readonly asksPerson: boolean;
}

/**
 * Takes one write as far as it goes: the pure machine says what comes next, this does it and makes it durable. A slot is
 * held by the caller; while it waits the slot is free for others.
 */
export async function deliver(write: Write, session: DeliverySession): Promise<Written> {
  const { clock } = session.context;
  let row: DeliveryRow = { ...write.row, delivery: resumed(write.row.delivery) };
  let did: DeliveryOutcome['did'] = 'nothing';
  for (;;) {
    const stopped = session.stoppedBy();
    clock.signal.throwIfAborted();
    const step = nextStep(row.delivery, session.rules, clock.now());
    if (stopped !== null && step.do !== 'rest' && step.do !== 'ask') return { row, did, asksPerson: false };
    switch (step.do) {
      case 'wait':
        await waitWithoutSlot(step.until, session);
        break;
      case 'look-up': {
        // After a lost reply always by itself.
        if (write.isSeenLater === true && row.delivery.state === 'posted' && row.delivery.attempts === 1)
          return { row, did, asksPerson: false };
        const before = row.delivery.state;
        row = await lookUp(row, write, session);
        if (before !== 'posted' && row.delivery.state === 'posted') did = 'found';
        break;
      }
      case 'send':
        row = await send(row, write, session);
        if (row.delivery.state === 'posted') did = 'posted';
        break;
      default:
        return finish(row, did, step, session);
    }
    if (row.delivery.isDoubled && row.delivery.problem !== null) session.stop(row.delivery.problem);
  }
}

/** Asked of a person: the state that says so is made durable, so that the next plan shows it. */
async function finish(
  row: DeliveryRow,
  did: Written['did'],
  step: Extract<DeliveryStep, { do: 'ask' | 'give-up' | 'rest' }>,
  session: DeliverySession,
): Promise<Written> {
  if (step.do === 'rest') return { row, did, asksPerson: row.delivery.state === 'conflict' };
  if (step.do === 'give-up') {
    session.stop(step.problem);
    return { row, did, asksPerson: false };
  }
  const asked: DeliveryRow = { ...row, delivery: { ...row.delivery, state: 'unknown-outcome', problem: step.problem } };
  await session.save(`save unresolved ${row.reference}`, [asked]);
  return { row: asked, did, asksPerson: true };
}

async function lookUp(row: DeliveryRow, write: Write, session: DeliverySession): Promise<DeliveryRow> {
  const { rules, context } = session;
  let seen: Sight;
  try {
    seen = await session.request(`look up ${row.reference}`, async () => (await write.find?.(row)) ?? { hits: [] });
  } catch (error) {
    return failed(row, 'look-up', error, write, session);
  }
  const delivery = advance(row.delivery, { type: 'looked-up', ...seen }, rules, context.clock.now());
  const isFirstMiss = row.delivery.state === 'planned' && delivery.state === 'planned';
  const isConfirmed = row.delivery.state === 'posted' && delivery.state === 'posted';
  // A first look that found nothing, and one that found what was just posted, tell the log nothing.
  return isFirstMiss || isConfirmed ? { ...row, delivery } : saved({ ...row, delivery }, write, session);
}

/**
 * Sends once. Right before the first byte, when the turn to send has come, the lease is renewed and the intent made durable: a
 * crash before that has sent nothing, and one after it leaves an outcome that is looked up.
 */
async function send(row: DeliveryRow, write: Write, session: DeliverySession): Promise<DeliveryRow> {
  const { rules, context } = session;
  const asked = new Asked(row, session);
  if (!(await session.adapterAsks())) await asked.intendUnasked();
  let receipt: Receipt;
  try {
    receipt = await session.request(`send ${row.reference}`, () => write.send(asked.beforeWrite));
  } catch (error) {
    // An adapter may have said it in other words; this process may write no more all the same.
    if (asked.refusal !== undefined) throw asked.refusal.error;
    return failed(asked.intended ?? asked.unasked ?? asked.intent(), 'send', error, write, session);
  }
  if (asked.refusal !== undefined) throw asked.refusal.error;
  if (asked.intended === undefined && receipt.outcome === 'created') session.stop(unasked(row.reference));
  const intended = asked.intended ?? asked.unasked ?? asked.intent();
  const answered = advance(intended.delivery, { type: 'answered', receipt }, rules, context.clock.now());
  return saved({ ...intended, delivery: answered }, write, session);
}

/** What an adapter asks before it writes. */
class Asked {
  readonly #row: DeliveryRow;
  readonly #session: DeliverySession;
  /** What was made durable. */
  intended: DeliveryRow | undefined;
  /** What was made durable before the adapter had asked. */
  unasked: DeliveryRow | undefined;
  /** Why nothing may be sent. */
  refusal: { readonly error: unknown } | undefined;

  constructor(row: DeliveryRow, session: DeliverySession) {
    this.#row = row;
    this.#session = session;
  }

  readonly beforeWrite: BeforeWrite = async (longestMs) => {
    try {
      await this.#session.fence(longestMs);
      // A target that takes a voucher in two steps asks twice.
      if (this.intended !== undefined) return;
      const intent = this.intent();
      await this.#session.save(`save intent ${this.#row.reference}`, [intent]);
      this.intended = intent;
      this.#session.noteAsked();
    } catch (error) {
      this.refusal = { error };
      throw error;
    }
  };

  /**
   * An adapter that was never seen to ask may write as soon as it is called: killed there, the log would know of nothing. It is
   * no send of ours yet, so that it is not counted as one.
   */
  async intendUnasked(): Promise<void> {
    const intent = this.intent();
    const first = { ...intent, delivery: { ...intent.delivery, attempts: this.#row.delivery.attempts } };
    await this.#session.save(`save first intent ${this.#row.reference}`, [first]);
    this.unasked = first;
  }

  intent(): DeliveryRow {
    const { rules, context, run } = this.#session;
    const now = context.clock.now();
    return {
      ...this.#row,
      run,
      updatedAt: now,
      delivery: advance(this.#row.delivery, { type: 'sending' }, rules, now),
    };
  }
}

function unasked(reference: string): DeliveryProblem {
  return {
    kind: 'unsupported',
    what: 'the adapter wrote without asking whether this process may still write',
    where: `voucher ${reference}`,
    action: 'nothing more is sent; report it to the author of the adapter: each write awaits beforeWrite first',
  };
}

async function failed(
  row: DeliveryRow,
  during: 'send' | 'look-up',
  error: unknown,
  write: Write,
  session: DeliverySession,
): Promise<DeliveryRow> {
  const { rules, context } = session;
  const problem = problemOf(error, `voucher ${row.reference}`);
  const event = { type: 'failed', during, problem, ...retryAfterOf(error) } as const;
  const delivery = advance(row.delivery, event, rules, context.clock.now());
  if (consequences[problem.kind].run === 'stops') session.stop(problem);
  return saved({ ...row, delivery }, write, session);
}

async function saved(row: DeliveryRow, write: Write, session: DeliverySession): Promise<DeliveryRow> {
  const now = session.context.clock.now();
  const updated = { ...row, run: session.run, updatedAt: now };
  const also = updated.delivery.state === 'posted' ? (write.alsoWhenPosted?.(updated) ?? []) : [];
  await session.save(`save ${updated.delivery.state} ${row.reference}`, [...also, updated]);
  // What is out of the books is no longer wrong in them.
  if (also.length > 0) await session.keep(also.map(({ reference }) => reference));
  return updated;
}

async function waitWithoutSlot(until: number, session: DeliverySession): Promise<void> {
  session.slots.give();
  try {
    await session.sleepUntil(until);
  } finally {
    await session.slots.take();
  }
}
