import type { Handler } from './exchange.ts';
import { createFaultServer, type FaultServer } from './fault-server.ts';
import type { SimulatorOptions } from './simulator.ts';

/** What a simulator is told whose lists may show what is new only after a while. */
export interface ListingOptions extends SimulatorOptions {
  /** Real time by default. */
  readonly now?: () => Date;
  /** How long lists do not show what is new; 0 by default. */
  readonly listedAfterMs?: number;
}

/** A running simulator whose lists may show what is new only after a while. */
export interface ListingSimulator extends Omit<FaultServer, 'backDoor'> {
  /** Changes how long lists do not show what is new. */
  listAfter(ms: number): void;
}

/** What the fake system behind it may ask. */
export interface Listing {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether lists show by now what was made then, and `more` milliseconds later. */
  readonly isShown: (since: number, more?: number) => boolean;
}

/**
 * Starts a simulator: the server with the fake system on it, and whatever else it has for its tests.
 *
 * @example
 * ```ts
 * import { jsonReply, startListing } from '@bilag/fault-server';
 *
 * const made = 1_000;
 * const simulator = await startListing({ now: () => new Date(3_000), listedAfterMs: 5_000 }, ({ isShown }) => ({
 *   handler: () => jsonReply(200, isShown(made) ? ['voucher 1'] : []),
 *   parts: { credentials: { token: 'simulated' } },
 * }));
 * const before = await (await fetch(simulator.url)).json();
 * simulator.listAfter(0);
 * const after = await (await fetch(simulator.url)).json();
 * await simulator.close();
 * [before, after, simulator.credentials.token]; // => [[], ['voucher 1'], 'simulated']
 * ```
 */
export async function startListing<Parts extends object>(
  { now: clock, listedAfterMs = 0, port, sleep }: ListingOptions,
  make: (listing: Listing) => { readonly handler: Handler; readonly parts: Parts },
): Promise<ListingSimulator & Parts> {
  const now = (): number => (clock?.() ?? new Date()).getTime();
  let lagMs = listedAfterMs;
  const { handler, parts } = make({ now, isShown: (since, more = 0) => since + lagMs + more <= now() });
  const { url, faults, requests, failures, ...server } = await createFaultServer({ handler, port, sleep });
  const close = (): Promise<void> => server.close();
  const listAfter = (ms: number): void => void (lagMs = ms);
  return { ...parts, url, faults, requests, failures, listAfter, close, [Symbol.asyncDispose]: close };
}
