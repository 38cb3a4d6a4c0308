import type {
  Attachment,
  DeliveryEnd,
  DeliveryProblem,
  DeliveryRules,
  DeliveryState,
  Finding,
  Service,
  ServiceAdapter,
  ServiceContext,
  Voucher,
} from '@bilag/core';
import type { DeliveryStore, WriteKind } from '../log/delivery-store.ts';

/** What apply, undo, verify and rebuild need: a company, its log, and a connection to its target. */
export interface DeliveryContext {
  readonly companyId: string;
  readonly store: DeliveryStore;
  readonly adapter: Pick<ServiceAdapter, 'id' | 'vat' | 'vatCodes' | 'dedupe' | 'limits' | 'reversal'>;
  readonly service: Service;
  readonly clock: Pick<ServiceContext, 'now' | 'sleep' | 'signal'>;
  /** Who runs this, for the message another process gets. By default the process number. */
  readonly holder?: string;
  /** How long a lease lasts without renewal; 60 seconds. */
  readonly leaseMs?: number;
  /** The longest a request to the target may take; 60 seconds. */
  readonly requestTimeoutMs?: number;
  /** Changes to the pauses and bounds that follow from the adapter's declaration. */
  readonly rules?: Partial<Omit<DeliveryRules, 'dedupe' | 'canFind'>>;
  /** Told before and after every durable write and every request, so that a test can stop the process exactly there. */
  readonly onStep?: (name: string) => void | Promise<void>;
  readonly onProgress?: (progress: DeliveryProgress) => void;
  /** How long to wait for another process that delivers for the company; 0: throw `busy` at once. */
  readonly waitForLeaseMs?: number;
  /** Told before a wait that a person may wonder about, again and again while it lasts. */
  readonly onWait?: (wait: DeliveryWait) => void;
}

/** A wait before anything is sent. */
export interface DeliveryWait {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly why: string;
}

export interface DeliveryProgress {
  readonly done: number;
  readonly total: number;
  readonly outcome: DeliveryOutcome;
}

/** What became of one write, in the order of the plan. */
export interface DeliveryOutcome {
  readonly key: string;
  readonly revision: number;
  readonly kind: WriteKind;
  readonly reference: string;
  readonly date: string;
  readonly state: DeliveryState;
  /** Whether the target was written to in this run, held it already, or nothing was done. */
  readonly did: 'posted' | 'found' | 'nothing';
  /** Whether a person is asked to look for it in the target. */
  readonly asksPerson: boolean;
  readonly targetId: string | null;
  readonly number: string | null;
  readonly problem: DeliveryProblem | null;
}

/** What a run came to. */
export interface DeliveryResult {
  readonly run: string;
  /** One per write, in the order of the plan, also for those that were not tried. */
  readonly outcomes: readonly DeliveryOutcome[];
  readonly findings: readonly Finding[];
  /** `nothing`: there was nothing to do. */
  readonly end: DeliveryEnd | 'nothing';
  /** Why the run stopped before its end, if it did. */
  readonly stoppedBy: DeliveryProblem | null;
}

/** Gives the file that goes with a voucher, such as the entries it is made of; see `sourceAttachment`. */
export type AttachmentSource = (voucher: Voucher) => Promise<Attachment | undefined> | Attachment | undefined;
