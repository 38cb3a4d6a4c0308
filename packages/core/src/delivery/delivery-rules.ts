import type { DeliveryState } from './delivery-state.ts';
import type { ErrorKind } from '../errors.ts';
import type { Dedupe } from '../contracts/service.ts';

/** How a run ends for a scheduler: done, mend the data, mend the set-up, ask a person, or come back later. */
export type DeliveryEnd = 'done' | 'data' | 'usage' | 'person' | 'retry';

/** What an error means: at a write, and for whoever runs the program. */
export interface Consequence {
  /** The state of the voucher in the log. */
  readonly state: DeliveryState;
  /** Whether the next voucher is tried (`goes-on`), this one first after a pause (`tries-again`), or nothing more (`stops`). */
  readonly run: 'goes-on' | 'tries-again' | 'stops';
  readonly ends: Exclude<DeliveryEnd, 'done'>;
}

/**
 * The one table from kinds of errors to what the log says of a write, how the run goes on and how it ends; the exit codes of
 * `bilag` follow from how it ends. Every kind but `unknown-outcome` says that nothing was written (see `Service.post`).
 */
export const consequences: Readonly<Record<ErrorKind, Consequence>> = {
  config: { state: 'planned', run: 'stops', ends: 'usage' },
  rejected: { state: 'rejected', run: 'goes-on', ends: 'data' },
  unauthorised: { state: 'planned', run: 'stops', ends: 'person' },
  forbidden: { state: 'planned', run: 'stops', ends: 'person' },
  'not-found': { state: 'planned', run: 'stops', ends: 'usage' },
  busy: { state: 'planned', run: 'tries-again', ends: 'retry' },
  unavailable: { state: 'planned', run: 'tries-again', ends: 'retry' },
  'unknown-outcome': { state: 'unknown-outcome', run: 'goes-on', ends: 'person' },
  conflict: { state: 'conflict', run: 'goes-on', ends: 'person' },
  blocked: { state: 'blocked', run: 'goes-on', ends: 'person' },
  unsupported: { state: 'rejected', run: 'goes-on', ends: 'usage' },
};

/** How a run ends with a write left in this state, where no error says it. */
export const endOfState: Readonly<Record<DeliveryState, DeliveryEnd>> = {
  planned: 'retry',
  intended: 'retry',
  posted: 'done',
  rejected: 'data',
  conflict: 'person',
  blocked: 'person',
  'unknown-outcome': 'person',
  reversed: 'done',
};

/** What the worst of several ends is: what needs a person before what passes by itself. */
export function worstEnd(ends: Iterable<DeliveryEnd>): DeliveryEnd {
  const all = new Set(ends);
  return (['usage', 'person', 'data', 'retry'] as const).find((end) => all.has(end)) ?? 'done';
}

/** What governs one write. All of it follows from what the adapter declares; the rest are pauses. */
export interface DeliveryRules {
  readonly dedupe: Dedupe;
  /** Whether the target can be asked for a reference. */
  readonly canFind: boolean;
  /**
   * With `search`: what to do when it was not found in the time the target declares. `ask`, the default, never sends a
   * second time by itself: should the target be slower than it declares, a person is asked and nothing is doubled.
   * `send-again` trusts the declaration; where the target proves no absence there is nothing to trust, and it is `ask` all the same.
   */
  readonly whenNotFound: 'send-again' | 'ask';
  /** The longest a request may last. */
  readonly requestTimeoutMs: number;
  /** Pauses between look-ups after a send with an unknown outcome; the last look is when the target has settled. */
  readonly lookAgainMs: readonly number[];
  /** At least this much lies between the first look and the last before anything is sent again. */
  readonly missSpreadMs: number;
  /** Pauses after the target turned us away (`busy`, `unavailable`). */
  readonly tryAgainMs: readonly number[];
  readonly mostRefusals: number;
  /** A target that asks for a longer pause is not waited for: the company is let go, and a later run goes on. */
  readonly longestPauseMs: number;
  /** Sends with an unknown outcome, before a person is asked. */
  readonly mostAttempts: number;
}

/** The rules for a target, by what its adapter declares and can do. */
export function deliveryRules(
  dedupe: Dedupe,
  can: { readonly canFind: boolean },
  changes: Partial<Omit<DeliveryRules, 'dedupe' | 'canFind'>> = {},
): DeliveryRules {
  return {
    dedupe,
    canFind: can.canFind,
    whenNotFound: 'ask',
    requestTimeoutMs: 60_000,
    lookAgainMs: [5_000, 30_000, 120_000],
    missSpreadMs: 10_000,
    tryAgainMs: [1_000, 5_000, 20_000, 60_000],
    mostRefusals: 4,
    longestPauseMs: 120_000,
    mostAttempts: 5,
    ...changes,
    ...(provesNoAbsence(dedupe) && { whenNotFound: 'ask' }),
  };
}

/**
 * Whether a target that can be searched may still get what it does not show: then nothing is ever sent to it again by itself.
 *
 * @example
 * ```ts
 * import { provesNoAbsence } from '@bilag/core';
 *
 * provesNoAbsence({ by: 'search', settlesMs: 60_000, provesAbsence: false }); // => true
 * ```
 */
export function provesNoAbsence(dedupe: Dedupe): boolean {
  return dedupe.by === 'search' && dedupe.provesAbsence === false;
}
