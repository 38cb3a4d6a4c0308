import type { ServerReply, ServerRequest } from './exchange.ts';

/**
 * Something that goes wrong between a client and a system.
 *
 * `strikes` says on which side of the handler: `before` (default), so that nothing was done, or `after`, so that the
 * work was done and only the reply went missing. For a write the second is the dangerous one.
 *
 * | kind | the client sees |
 * |---|---|
 * | `refuse` | nothing listens: connection refused. No request is seen, so it can neither be matched nor counted; it lasts until disarmed |
 * | `hang` | no reply, until it gives up |
 * | `cut` | the connection closed without a reply; `midway`: after half of the body |
 * | `status` | another status than the handler's; without `body` an empty one |
 * | `slow` | the handler's reply, later |
 * | `malformed` | the handler's reply with half of its body, as if that were all |
 * | `answer` | what the function makes of it: for faults only the fake knows how to make |
 */
export type Fault =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'hang'; readonly strikes?: Strikes }
  | { readonly kind: 'cut'; readonly strikes?: Strikes | 'midway' }
  | ({ readonly kind: 'status'; readonly strikes?: Strikes } & ServerReply)
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'answer'; readonly answer: Answer };

/** On which side of the handler a fault strikes. */
export type Strikes = 'before' | 'after';

/** Stands between the client and the handler: may alter the request, the reply, or both. */
export type Answer = (
  request: ServerRequest,
  handle: (request: ServerRequest) => Promise<ServerReply>,
) => ServerReply | Promise<ServerReply>;

/** Which requests a fault strikes. */
export interface FaultAim {
  /** Absent: every request. */
  readonly match?: (request: ServerRequest) => boolean;
  /** How many matching requests pass before the first is struck; 0 by default. */
  readonly skip?: number;
  /** How many are struck; 1 by default, `Infinity` for all. */
  readonly times?: number;
}

/** A fault waiting for its request. */
export interface ArmedFault {
  /** How many requests it has struck. */
  readonly strikes: number;
  /** Takes it away. Of `refuse`: resolves when the server listens again, on the same port. */
  disarm(): Promise<void>;
}

/** The faults of a server. Of several that match a request the one armed first strikes, alone. */
export interface Faults {
  arm(fault: Fault & FaultAim): ArmedFault;
  disarmAll(): Promise<void>;
}

/** The line of faults waiting for requests. */
export class FaultQueue {
  readonly #armed: Waiting[] = [];

  add(fault: Fault & FaultAim): ArmedFault {
    const waiting: Waiting = { fault, skip: fault.skip ?? 0, left: fault.times ?? 1, strikes: 0 };
    this.#armed.push(waiting);
    return {
      get strikes() {
        return waiting.strikes;
      },
      disarm: async () => void (waiting.left = 0),
    };
  }

  /** The fault that strikes this request, if any; counts it. */
  next(request: ServerRequest): Fault | undefined {
    for (const waiting of this.#armed) {
      if (waiting.left <= 0 || waiting.fault.match?.(request) === false) continue;
      if (waiting.skip > 0) {
        waiting.skip -= 1;
        continue;
      }
      waiting.left -= 1;
      waiting.strikes += 1;
      return waiting.fault;
    }
    return undefined;
  }

  clear(): void {
    for (const waiting of this.#armed) waiting.left = 0;
    this.#armed.length = 0;
  }
}

interface Waiting {
  readonly fault: Fault & FaultAim;
  skip: number;
  left: number;
  strikes: number;
}
