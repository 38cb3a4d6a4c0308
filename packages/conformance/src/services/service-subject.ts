import type { Secrets, ServiceAdapter } from '@bilag/core';
import type { BackDoor } from './back-door.ts';
import type { ServerReply, ServerRequest } from '@bilag/fault-server';
import type { FaultServer } from '@bilag/fault-server';
import type { KitChart } from '../kit/kit-chart.ts';

/** A fake of the target, with nothing in it yet. Its server is the kit's fault server. */
export interface FakeTarget {
  /** The adapter's config as a config file would have it, pointing at this fake. Keep its timeout short, about a second: some laws wait for it. */
  readonly config: unknown;
  /** What the config's references to credentials lead to. */
  readonly credentials: Readonly<Record<string, Secrets>>;
  readonly server: Pick<FaultServer, 'faults' | 'requests' | 'failures'>;
  readonly backDoor: BackDoor;
  /** Whether a request is the one that writes a voucher: where faults hurt most. Told by method, path and query alone. */
  isPost(request: ServerRequest): boolean;
  /** How this vendor says it, in the shape of its errors: what says anything else is no reply of the target. */
  readonly replies: {
    /** 429 with `retry-after: 7` and no words where nothing is given. */
    readonly busy?: ServerReply;
    readonly unauthorised: ServerReply;
    readonly forbidden: ServerReply;
    /** The refusal of a voucher's content, with these words in it wherever it has a place for words. */
    readonly refused: (words: string) => ServerReply;
  };
  /** The most vouchers that a listing gives at a time; 25 where nothing is said. */
  readonly pageSize?: number;
  close(): Promise<void>;
}

/** The time of a law: it moves when somebody sleeps, and never by itself. */
export interface TargetTime {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A service adapter, and what the laws need to try it. */
export interface ServiceSubject<Config = unknown> {
  readonly adapter: ServiceAdapter<Config>;
  /** The module that exports it, such as `new URL('../index.ts', import.meta.url)`: imported alone, to see that nothing happens. */
  readonly module: URL;
  /** Tells apart the subjects of one adapter: a way to log in, a version of the target. */
  readonly variant?: string;
  /** Where the fake's accounts and codes differ from {@link norwegianChart}. */
  readonly chart?: Partial<KitChart>;
  /** A fresh fake: every law has its own. */
  open(time: TargetTime): Promise<FakeTarget>;
}
