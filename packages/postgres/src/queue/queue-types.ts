import type { Company, CompanyStores, Surroundings } from '@bilag/company';
import type { CompanyState, NightRun, OfficeStore, SliceSize } from '@bilag/office';

// The queue's library is not named here: who uses these types need not have its types.

/** The queue of an office, and workers on it. */
export interface OfficeQueue {
  /** For messages. */
  readonly where: string;
  /** What its companies are kept in: the same database, by the same connections. */
  readonly stores: CompanyStores;
  /**
   * Puts the companies of a night into the queue. Safe to run twice, also at the same time: a company that is there, or done with,
   * is not put there again.
   */
  enqueue(
    companies: AsyncIterable<QueuedCompany> | Iterable<QueuedCompany>,
    asked: Parameters<OfficeStore['beginNight']>[0],
  ): Promise<Enqueued>;
  status(): Promise<QueueStatus>;
  /** Puts companies that had failed time after time back into the queue: all of them, or one. Gives how many. */
  redrive(companyId?: string): Promise<number>;
  /** Works until the signal of its surroundings, or until nothing is left. */
  work(options: WorkerOptions): Promise<void>;
  close(): Promise<void>;
}

/** A company as it is put into the queue. */
export interface QueuedCompany {
  readonly id: string;
  /** What a worker makes the company of: JSON, without keys. Absent: what the table of merchants has. */
  readonly input?: unknown;
}

/** What {@link OfficeQueue.enqueue} did. */
export interface Enqueued {
  readonly night: NightRun;
  /** Companies that were put into the queue now. */
  readonly queued: number;
  /** Companies that were there already, or done with. */
  readonly before: number;
}

/** A company whose turns failed time after time. */
export interface DeadCompany {
  /** Of the job, for {@link OfficeQueue.redrive}. */
  readonly id: string;
  readonly companyId: string;
  readonly why: string;
  readonly at: Date;
}

/** How the queue stands. */
export interface QueueStatus {
  /** By state: `waiting`, `later` (put off), `active`. */
  readonly turns: Readonly<Record<'waiting' | 'later' | 'active', number>>;
  readonly dead: readonly DeadCompany[];
  /** Nights that have not ended, with how many of their companies are left. */
  readonly nights: readonly (NightRun & { readonly left: number })[];
}

/** What a worker is given. */
export interface WorkerOptions {
  /** Makes a company of what was put into the queue; undefined where it is nobody any more. */
  readonly companyOf: (id: string, input: unknown) => Company | undefined | Promise<Company | undefined>;
  readonly surroundings: Surroundings;
  /** Turns at the same time; 8 by default. */
  readonly atOnce?: number;
  /** Default 100 dates of each ledger, 200 vouchers. */
  readonly slice?: SliceSize;
  /** Stops when nothing is left to do; by default it waits for more. */
  readonly untilEmpty?: boolean;
  /** Told of each turn that has ended, and of what fails around the turns. */
  readonly onEvent?: (event: WorkerEvent) => void;
}

/** What a worker says of its work. */
export type WorkerEvent =
  | {
      readonly is: 'turn';
      readonly companyId: string;
      readonly ms: number;
      readonly left: 'nothing' | 'more' | 'later';
    }
  | { readonly is: 'done'; readonly state: CompanyState }
  | { readonly is: 'overtaken'; readonly companyId: string }
  | { readonly is: 'failed'; readonly companyId: string; readonly error: unknown }
  | { readonly is: 'unreachable'; readonly error: unknown };
