import { advance, consequences, type Hit } from '@bilag/core';
import { problemOf, type DeliverySession } from './delivery-session.ts';
import { isVoucher } from './posted.ts';
import { lookedUpAtOnce } from './look-ahead.ts';
import { toHit } from './voucher-writes.ts';
import type { Written } from './write-runner.ts';

/**
 * Looks again, at many vouchers at once, after they were posted: that one is not shown yet is in order, that another stands
 * beside it stops the company.
 */
export class LookBack {
  readonly #session: DeliverySession;
  #waiting: Waiting[] = [];

  constructor(session: DeliverySession) {
    this.#session = session;
  }

  /** What became of a write once it was looked at, with those that are posted next. */
  async seen(written: Written): Promise<Written> {
    if (!isToBeConfirmed(written)) return written;
    const seen = new Promise<Written>((resolve, reject) => this.#waiting.push({ written, resolve, reject }));
    if (this.#waiting.length >= lookedUpAtOnce) await this.look();
    return seen;
  }

  /** Looks at all that wait for others. */
  async look(): Promise<void> {
    const some = this.#waiting;
    this.#waiting = [];
    if (some.length === 0) return;
    const hits = await this.#hits(some);
    for (const waiting of some) {
      const { row } = waiting.written;
      await this.#judged(waiting.written, hits?.get(row.reference) ?? []).then(waiting.resolve, waiting.reject);
    }
  }

  /** What stands under their references; undefined where the target cannot say: what was answered for stays posted. */
  async #hits(some: readonly Waiting[]): Promise<ReadonlyMap<string, readonly Hit[]> | undefined> {
    const { request, context, stop } = this.#session;
    const rows = new Map(some.map(({ written: { row } }) => [row.reference, row]));
    const dates = [...rows.values()].map(({ date }) => date).toSorted();
    const [from, to] = [dates[0], dates.at(-1)];
    if (from === undefined || to === undefined) return undefined;
    const hits = new Map<string, Hit[]>();
    try {
      await request('look back', async () => {
        for await (const posted of context.service.list?.(from, to) ?? []) {
          const { reference } = posted;
          if (rows.has(reference) && isVoucher(posted))
            hits.set(reference, [...(hits.get(reference) ?? []), toHit(posted)]);
        }
      });
      return hits;
    } catch (error) {
      const problem = problemOf(error, `vouchers from ${from} to ${to}`);
      if (consequences[problem.kind].run === 'stops') stop(problem);
      return undefined;
    }
  }

  async #judged(written: Written, hits: readonly Hit[]): Promise<Written> {
    const { rules, context, run, save, stop } = this.#session;
    const now = context.clock.now();
    const delivery = advance(written.row.delivery, { type: 'looked-up', hits }, rules, now);
    const row = { ...written.row, delivery };
    if (!delivery.isDoubled) return { ...written, row };
    const doubled = { ...row, run, updatedAt: now };
    await save(`save ${delivery.state} ${row.reference}`, [doubled]);
    if (delivery.problem !== null) stop(delivery.problem);
    return { ...written, row: doubled, asksPerson: true };
  }
}

interface Waiting {
  readonly written: Written;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/** It was answered for, and nobody has looked since. */
function isToBeConfirmed({ row: { kind, delivery } }: Written): boolean {
  return kind === 'voucher' && delivery.state === 'posted' && !delivery.isLookedUp;
}
