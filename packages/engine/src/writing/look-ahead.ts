import type { PlainDate, Posted } from '@bilag/core';
import type { DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import type { Plan, PlanItem } from '../planning/plan.ts';

/**
 * Looks for many vouchers at once before they are sent for the first time: a list of their dates shows what stands under their
 * references, as a look-up of each would. What a list cannot say is looked up by itself: whatever it showed, a next revision,
 * and everything that was ever sent.
 *
 * A list is believed for a minute. Between it and the send nobody else writes under our references: not another process with
 * this log, which would need the lease that is checked before every first byte, nor an earlier one, whose last request was over
 * before the lease was given and whose intents are in the log. Another installation, with another log, could write right after
 * any look, also a look for one voucher; whoever lists next sees what it wrote.
 */
export class LookAhead {
  readonly #session: DeliverySession;
  /** What is to be sent for the first time, in the order of the plan. */
  readonly #wanted: readonly PlanItem[];
  readonly #places: ReadonlyMap<string, number>;
  #last: Look | undefined;
  #looking: Promise<void> | undefined;

  constructor(plan: Plan, session: DeliverySession) {
    this.#session = session;
    this.#wanted = plan.items.filter(
      ({ isToBeSent, posted, voucher }) => isToBeSent && posted === null && voucher?.revision === 1,
    );
    // The reference of a first revision is its key.
    this.#places = new Map(this.#wanted.map(({ key }, place) => [key, place]));
  }

  /** Notes what a list shows, from its first posting to its last. */
  async *noted(from: PlainDate, to: PlainDate): AsyncGenerator<Posted, void, undefined> {
    const { service, clock } = this.#session.context;
    const at = clock.now();
    const shown = new Set<string>();
    for await (const posted of service.list?.(from, to) ?? []) {
      if (this.#places.has(posted.reference)) shown.add(posted.reference);
      yield posted;
    }
    this.#last = { at, from, to, shown };
  }

  /** Whether a list shows that there is nothing under the reference of a write. */
  async showsNothing({ reference, date, revision, delivery }: DeliveryRow): Promise<boolean> {
    const place = this.#places.get(reference);
    const isFirst = revision === 1 && delivery.state === 'planned' && delivery.attempts === 0;
    if (!isFirst || place === undefined || this.#session.context.service.list === undefined) return false;
    if (!this.#tellsOf(date)) await (this.#looking ??= this.#look(place));
    return this.#tellsOf(date) && this.#last?.shown.has(reference) === false;
  }

  #tellsOf(date: PlainDate): boolean {
    const last = this.#last;
    const now = this.#session.context.clock.now();
    return last !== undefined && now - last.at <= believedMs && date >= last.from && date <= last.to;
  }

  async #look(place: number): Promise<void> {
    const some = this.#wanted.slice(place, place + lookedUpAtOnce);
    const dates = some.map(({ date }) => date).toSorted();
    const [from, to] = [dates[0], dates.at(-1)];
    try {
      if (from === undefined || to === undefined) return;
      await this.#session.request('look ahead', async () => {
        for await (const _ of this.noted(from, to));
      });
    } finally {
      this.#looking = undefined;
    }
  }
}

/** What a list showed. */
interface Look {
  /** When it was begun. */
  readonly at: number;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** The references of what is to be sent that stand there, in whatever state. */
  readonly shown: ReadonlySet<string>;
}

const believedMs = 60_000;

/** So many are posted in about the time that a list is believed. */
export const lookedUpAtOnce = 50;
