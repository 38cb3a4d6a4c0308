import type { Amount } from '../money/amount.ts';
import type {
  BookCompany,
  BookDimension,
  BookVatCode,
  ConfigSchema,
  contractVersion,
  VoucherShape,
} from './contract.ts';
import type { CredentialStore } from './credentials.ts';
import type { Finding } from '../ledger/finding.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { DocumentKind, VatView, Voucher } from '../voucher/voucher.ts';

/**
 * What the target itself does against duplicates. Declared by the adapter, proved by the conformance kit.
 *
 * - `server-key`: it remembers an idempotency key for `keptMs`.
 * - `server-reference`: it refuses a second voucher with our reference, for ever.
 * - `search`: it accepts duplicates, but can be searched for our reference, and shows a commit within `settlesMs`. With
 *   `provesAbsence: false` nobody vouches for that time: what is not found in it is asked of a person, whatever is chosen.
 * - `none`: neither; an unknown outcome always needs a person.
 */
export type Dedupe =
  | { readonly by: 'server-key'; readonly keptMs: number }
  | { readonly by: 'server-reference' }
  | { readonly by: 'search'; readonly settlesMs: number; readonly provesAbsence?: false }
  | { readonly by: 'none' };

/** What an adapter may not exceed, per credential. */
export interface ServiceLimits {
  readonly concurrency: number;
  readonly perSecond: number;
}

/** Time and everything else a service takes from outside. Tests run it in virtual time. */
export interface ServiceContext {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
  readonly credentials: CredentialStore;
  readonly signal: AbortSignal;
  /**
   * Waits for a turn under the adapter's declared limits, across everything that uses the same credential (other
   * companies, other processes), and runs the work in it. Every request to the target is made inside a turn; pauses are not.
   *
   * A turn has its time: who is asked by `isMissed`, right before the first byte, whether it is over by now, and hears yes, sends
   * nothing and takes another. Otherwise requests that were late together would come in one moment.
   */
  readonly turn: <Result>(credential: string, work: (isMissed?: () => boolean) => Promise<Result>) => Promise<Result>;
  /**
   * Tells everything else that uses the credential that the target asked for a pause: no turn of it begins before it is over.
   * Absent where turns are not shared.
   */
  readonly pause?: (credential: string, ms: number) => Promise<void>;
  /** Told of every request and answer, redacted. */
  readonly onEvent?: (event: unknown) => void;
}

/**
 * Asked right before the first byte of every write, inside its turn, with the longest the request may take. It makes durable
 * that something is about to be sent, and renews the hold on the company for that long. When it rejects (another process has
 * taken over), nothing is sent and its error is thrown. What is read for a write is read before it is asked.
 */
export type BeforeWrite = (longestMs: number) => Promise<void>;

/** Who we are talking to. `id` is pinned at set-up: another company behind the same credential is refused. */
export interface CompanyInfo extends BookCompany {
  readonly id: string;
}

export interface ServiceAccount {
  readonly number: string;
  readonly name: string;
  readonly isActive: boolean;
  /** The VAT codes the target allows on it; absent where it does not say. */
  readonly vatCodes?: readonly string[];
  /** What else the target asks of its lines, such as `customer`, `supplier`, `department`. */
  readonly requires?: readonly string[];
}

/** What the target's books offer. */
export interface ServiceChart {
  readonly accounts: readonly ServiceAccount[];
  readonly vatCodes: readonly BookVatCode[];
  readonly dimensions: readonly BookDimension[];
  /** Nothing can be posted on or before this date, where the target says so. */
  readonly lockedThrough?: PlainDate;
}

/** A line as the target holds it, in the adapter's VAT view: what {@link viewDigest} compares. */
export interface PostedLine {
  readonly account: string;
  /** Debit +. */
  readonly amount: Amount;
  readonly vatCode?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** A voucher the target holds. */
export interface Posted {
  /** The target's id. */
  readonly id: string;
  /** Our reference, exactly. */
  readonly reference: string;
  readonly state: 'live' | 'reversed' | 'deleted';
  readonly document: DocumentKind;
  readonly date: PlainDate;
  readonly currency: string;
  readonly lines: readonly PostedLine[];
  /**
   * It waits outside of the books, in a target that takes a voucher in two steps: `post` of the same voucher brings it in, and
   * makes no other. Absent where it is as it is meant to be, a draft too where drafts are what was asked for.
   */
  readonly isUnfinished?: true;
  /** Set on a reversal: the target's id of what it reverses. */
  readonly reverses?: string;
  /** The number people see, where it has one. */
  readonly number?: string;
  /** What the target shows as its text: for people to know it by. May hold what a person typed: it is not kept. */
  readonly description?: string;
}

/** Whether it is a voucher that counts in the books: not a deleted or reversed one, nor the target's own reversal of one. */
export function isLiveVoucher({ state, reverses }: Pick<Posted, 'state' | 'reverses'>): boolean {
  return state === 'live' && reverses === undefined;
}

/** What the target says it holds after a write, read back. */
export interface Receipt {
  /** `exists`: the target refused a second one and holds the first. */
  readonly outcome: 'created' | 'exists';
  readonly id: string;
  /** Of what was read back; see {@link viewDigest}. */
  readonly digest: string;
  readonly number?: string;
}

/** A file that goes with a voucher. */
export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/**
 * A connection to one company in a target. Capabilities are the methods present. Writes are attempted once: no adapter
 * retries them, and one that got no answer throws `unknown-outcome`. Each asks {@link BeforeWrite} right before it is sent;
 * who calls without one keeps everybody else from writing to the company by means of his own.
 */
export interface Service {
  identify(): Promise<CompanyInfo>;
  chart(): Promise<ServiceChart>;
  /**
   * What else there is to say of a target before anything is posted to it: settings that would refuse every voucher (`error`) or
   * mislead (`warning`), and what the chosen way of posting means (`info`). Sends no write.
   */
  inspect?(): Promise<readonly Finding[]>;
  /** All that `post` does before it sends: throws what it would refuse the voucher with. Sends no write. */
  rehearse?(voucher: Voucher, reference: string): Promise<void>;
  /**
   * One write, or two where the target drafts a voucher before it books it. Throws `unknown-outcome` when it may have been made, any
   * other kind only when it certainly was not: then nothing of it is in the books.
   */
  post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt>;
  /** Everything with exactly this reference: live, reversed and the reversals themselves. */
  find?(reference: string): Promise<readonly Posted[]>;
  /** Everything between two dates, both included, that carries a reference of ours or touches the clearing account. */
  list?(from: PlainDate, to: PlainDate): AsyncIterable<Posted>;
  /** The target's own reversal, on an open date, under a reference of its own. */
  reverse?(id: string, date: PlainDate, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt>;
  /** Adds a file to a posted voucher; does nothing when a file of that name is there. */
  attach?(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void>;
  close?(): Promise<void>;
}

/** A service that can be searched. */
export type SearchableService = Service & Required<Pick<Service, 'find'>>;

/** What a service adapter says of itself, apart from duplicates and the connection. */
export interface ServiceDeclaration<Config> {
  readonly contract: typeof contractVersion;
  readonly kind: 'service';
  /** Short and lower-case, such as `fiken`. */
  readonly id: string;
  readonly title: string;
  readonly config: ConfigSchema<Config>;
  readonly vat: VatView;
  /**
   * Whether the target's lines carry VAT codes. `not-kept`: they have none, so that none is read back and the amounts on the
   * accounts alone are compared; only with `vat: 'explicit'`. Absent: kept.
   */
  readonly vatCodes?: 'kept' | 'not-kept';
  readonly shape: VoucherShape;
  readonly limits: ServiceLimits;
  /** Where requests go. A target on this machine is a simulator: it is not given the time that the real one may need. */
  addressOf?(config: Config): string;
  /** Dates the target's own reversal can stand on; absent: any. On others a mirrored voucher takes the posted one back. */
  readonly reversal?: 'any-date' | 'own-date';
}

/**
 * A target we talk to. Nothing happens at import or at `connect`: the first request is made by the first method. Declaring
 * `search` without `find` does not compile.
 */
export type ServiceAdapter<Config = unknown> = ServiceDeclaration<Config> &
  (
    | {
        readonly dedupe: Extract<Dedupe, { by: 'search' }>;
        connect(config: Config, context: ServiceContext): SearchableService;
      }
    | {
        readonly dedupe: Exclude<Dedupe, { by: 'search' }>;
        connect(config: Config, context: ServiceContext): Service;
      }
  );
