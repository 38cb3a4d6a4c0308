import type { Delivery, DeliveryState, Finding, PlainDate, Voucher } from '@bilag/core';

/** A voucher, or the reversal of one: both are one write under one reference. */
export type WriteKind = 'voucher' | 'reversal';

/** What the log says of one write, without the voucher itself. */
export interface RowHead {
  readonly companyId: string;
  /** The key of the voucher, also for the reversal of one. */
  readonly key: string;
  /** The revision of the voucher, also for the reversal of one. */
  readonly revision: number;
  readonly kind: WriteKind;
  /** What the target knows it by; unique in the company. */
  readonly reference: string;
  /** The posting date in the target. */
  readonly date: PlainDate;
  /** The voucher's digest, see `digestOf` of core. */
  readonly digest: string;
  readonly delivery: Delivery;
  /** The run that touched it last. */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Whether its source data lies with it in the target. */
  readonly isAttached: boolean;
  /** Of a voucher: a person took it back or keeps it back, and it is not posted again before it is released. */
  readonly isHeld: boolean;
}

/** Where a row stands in the order of a log: to go on after it. */
export type RowPlace = Pick<RowHead, 'date' | 'key' | 'revision' | 'kind'>;

/** One write as the log knows it. */
export interface DeliveryRow extends RowHead {
  /** What was written, so that it can be compared, reversed and explained under any later policy. */
  readonly voucher: Voucher;
}

/** Which rows; what is absent does not limit, an empty list leaves nothing. Both dates are included. */
export interface RowFilter {
  readonly from?: PlainDate;
  readonly to?: PlainDate;
  readonly run?: string;
  readonly key?: string;
  readonly keys?: readonly string[];
  readonly reference?: string;
  readonly references?: readonly string[];
  /** What the target calls them. */
  readonly targetIds?: readonly string[];
  readonly states?: readonly DeliveryState[];
}

/** A writer's hold on a company. `token` fences: a writer who lost the lease cannot write to the log any more. */
export interface Lease {
  readonly companyId: string;
  readonly token: string;
  /** Who holds it, for people: a process number, a host. */
  readonly holder: string;
  readonly since: number;
  readonly expiresAt: number;
}

/** What is asked for with a lease. */
export interface LeaseRequest {
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly leaseMs: number;
  /** How long a request of the last holder may still be under way after its lease ended. */
  readonly requestTimeoutMs: number;
}

/** What a log knows of its own past with a company. */
export interface LogPast {
  /**
   * - `new`: it has not sent anything for the company yet. Another log may have: what that wrote last need not show yet.
   * - `whole`: the target was looked through, and holds nothing of ours that the log does not know.
   * - `forgetful`: something outside the log remembers deliveries that it does not. Nothing is sent until a rebuild.
   */
  readonly is: 'new' | 'whole' | 'forgetful';
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
}

/** One run: what was done to the log, and when. */
export interface RunRow {
  readonly companyId: string;
  readonly id: string;
  readonly kind: 'apply' | 'undo' | 'rebuild' | 'verify' | 'settle' | 'hold' | 'release';
  readonly startedAt: number;
  /** Null while it runs, or when it was cut off. */
  readonly endedAt: number | null;
}

/** Which of the runs; what is absent does not limit. */
export interface RunPart {
  readonly after?: Pick<RunRow, 'startedAt' | 'id'>;
  readonly most?: number;
}

/** What `verify` found and nobody has settled: it stays said until the target is as it should be again, or a person decides. */
export interface KeptFinding {
  readonly companyId: string;
  /** The voucher in the target. One has a finding of each code at most. */
  readonly reference: string;
  readonly finding: Finding;
  /** The first and the last time it was seen, in milliseconds since the epoch. */
  readonly foundAt: number;
  readonly seenAt: number;
}

/** What a company is in the target: pinned by the first run. */
export interface PinnedTarget {
  readonly adapterId: string;
  readonly targetCompanyId: string;
}

/**
 * Where deliveries are remembered. Every method that writes is one transaction, durable when it resolves. A store on
 * another database keeps the laws of `@bilag/engine/store-laws`: run them in its tests.
 *
 * Facts: a row whose state is `intended`, `posted`, `unknown-outcome` or `conflict` holds its facts, and a fact is held by
 * one voucher of a company at most. `save` throws `conflict`, and writes nothing, where it would be two.
 */
export interface DeliveryStore {
  /** For messages. */
  readonly where: string;
  /**
   * Throws `busy`, with who holds it and since when, and `conflict` where a lease is from the future: see
   * {@link refuseHeldLease}. The first lease of a company begins its past: `new`, since then.
   */
  takeLease(companyId: string, request: LeaseRequest): Promise<Lease>;
  /** Throws `busy` when the lease was lost meanwhile. */
  renewLease(lease: Lease, now: number, leaseMs: number): Promise<Lease>;
  releaseLease(lease: Lease): Promise<void>;
  /** Who holds the company now, if anybody. */
  leaseOf(companyId: string): Promise<Lease | undefined>;
  /**
   * Ends a lease whose holder is dead: the holder can write nothing any more, and the company is free when its longest request
   * is over. Throws `conflict` when another lease, or none, is there by now.
   */
  endLease(held: Lease, now: number): Promise<void>;
  pastOf(companyId: string): Promise<LogPast | undefined>;
  /** The target was looked through: the past is `whole` from now on. Throws `busy` when the lease was lost. */
  markWhole(lease: Lease): Promise<void>;
  /**
   * Deliveries go on in another log, to which this one was copied: the past is `forgetful` from now on. Throws `busy` when the lease
   * was lost.
   */
  markForgetful(lease: Lease, now: number): Promise<void>;
  /** Pins at the first call; throws `conflict` when another company or target is given later. */
  pinTarget(lease: Lease, target: PinnedTarget): Promise<void>;
  pinnedTarget(companyId: string): Promise<PinnedTarget | undefined>;
  /** Writes rows, all or none. Throws `busy` when the lease was lost, `conflict` when a fact would be in two vouchers. */
  save(lease: Lease, rows: readonly DeliveryRow[]): Promise<void>;
  /** In the order date, key, revision, kind. */
  rows(companyId: string, filter?: RowFilter): Promise<readonly DeliveryRow[]>;
  /**
   * The same rows in the same order without their vouchers, one at a time: what a log holds after years need not fit into
   * memory. Rows may be saved meanwhile; those that are not touched are told once. With a place only what comes after it is
   * told, also where its row is gone by now.
   */
  heads(companyId: string, filter?: RowFilter, after?: RowPlace): AsyncIterable<RowHead>;
  /** Which voucher holds each of these facts; facts nobody holds are absent. */
  holdersOf(companyId: string, facts: readonly string[]): Promise<ReadonlyMap<string, string>>;
  saveRun(lease: Lease, run: RunRow): Promise<void>;
  /** Puts these findings in the place of everything that is kept of these references. Throws `busy` when the lease was lost. */
  saveFindings(lease: Lease, references: readonly string[], findings: readonly KeptFinding[]): Promise<void>;
  /** In the order reference, code. */
  findings(companyId: string): Promise<readonly KeptFinding[]>;
  /** The latest first: all of them, or so many of those that come after a run in this order. */
  runs(companyId: string, part?: RunPart): Promise<readonly RunRow[]>;
  /** Those whose target is pinned. */
  companies(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** States in which a voucher may be live in the target: it holds its facts. */
export const holdingStates: readonly DeliveryState[] = ['intended', 'posted', 'unknown-outcome', 'conflict'];
