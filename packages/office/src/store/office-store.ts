import type { Standing } from '@bilag/company';
import type { PlainDate } from '@bilag/core';
import type { KnownLedger, LedgerChange, SeenLedger } from '../discovery/ledger-changes.ts';

/** A change that is kept, and who has confirmed it. */
export interface KeptChange extends LedgerChange {
  readonly id: string;
  /** Which keys these are, never the keys. */
  readonly keys: string;
  /** Milliseconds since the epoch, here and everywhere in the store. */
  readonly at: number;
  /** Null while nobody has, and for ever where nobody is asked to. */
  readonly confirmed: Confirmation | null;
}

/** A person who has looked. */
export interface Confirmation {
  readonly by: string;
  readonly at: number;
}

/** How far one topic of a ledger is, such as `funds`. */
export interface TopicState {
  readonly ledgerId: string;
  readonly topic: string;
  /** The last date up to which everything since the cut-over is closed. */
  readonly closedThrough: PlainDate | null;
}

/** Something that a person has to do, or that another night may bring. */
export interface Reason {
  readonly what: string;
  readonly where: string;
  readonly action: string;
}

/** Something that a person has to do, kept from the night that found it until one that has looked at everything does not. */
export interface KeptReason extends Reason {
  readonly companyId: string;
  readonly target: string;
  /** The first and the last time it was found. */
  readonly foundAt: number;
  readonly seenAt: number;
}

/** What a person did to a company: written down before it is done, and never changed but by how it ended. */
export interface Act {
  readonly id: string;
  readonly companyId: string;
  /** Such as `settle` or `undo`. */
  readonly kind: string;
  /** Which voucher, line or plan, in words for whoever reads it later; no names of customers. */
  readonly what: string;
  /** The person, as they called themselves. */
  readonly by: string;
  readonly at: number;
  /** Null while it is done, or where the program ended meanwhile. */
  readonly ended: { readonly at: number; readonly how: string; readonly isDone: boolean } | null;
}

/** How a company stood when its last night ended. */
export interface CompanyState {
  readonly companyId: string;
  readonly target: string;
  readonly at: number;
  readonly asksFor: 'nothing' | 'retry' | 'person';
  /** The worst first, and at most a few. */
  readonly reasons: readonly Reason[];
  /** Whether the night ended before everything was looked at, or found more than the reasons tell: what was found before may still be. */
  readonly isPartial?: boolean;
  /** Ledger dates that were asked for, and vouchers that were posted. */
  readonly fetched: number;
  readonly posted: number;
  readonly topics: readonly TopicState[];
  /** What the provider owed as it tells and as the books have it, when last looked; absent before a night came so far. */
  readonly standing?: Standing | undefined;
  /** ISO 4217; absent of nights before this was kept. */
  readonly currency?: string | undefined;
  /** What the night worked by: `settingMarks` of the company. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** Which companies; what is absent does not limit. */
export interface CompaniesFilter {
  readonly asksFor?: CompanyState['asksFor'];
  /** The id of a company: it and those before it are left out. */
  readonly after?: string;
}

/** A night, which may have been cut off. */
export interface NightRun {
  readonly id: string;
  readonly target: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/**
 * What an office remembers from one night to the next: what its keys could see, what has changed, and how each company
 * stands. Every method that writes is one transaction, durable when it resolves. A store on another database keeps the laws
 * of `@bilag/office/store-laws`: run them in its tests.
 */
export interface OfficeStore {
  /** For messages. */
  readonly where: string;
  /** What these keys saw last, by id, also what is gone. */
  ledgers(keys: string): Promise<readonly KnownLedger[]>;
  /**
   * Keeps what keys see now, with what has changed since the last look (`changesBetween`, `knownAfter`); gives the changes.
   * Of two looks at once each change is kept once.
   */
  look(keys: string, seen: readonly SeenLedger[], at: number): Promise<readonly KeptChange[]>;
  /** The changes, the latest first: of some ledgers, or those alone that a person has to confirm and nobody has. */
  changes(filter?: {
    readonly ledgerIds?: readonly string[];
    readonly isOpen?: boolean;
    /** Only those found then or later. */
    readonly since?: number;
  }): Promise<readonly KeptChange[]>;
  /** A person confirms all that is open of a ledger; gives what that was. */
  confirm(ledgerId: string, confirmation: Confirmation): Promise<readonly KeptChange[]>;
  /** Begins a night; the last one of the target is gone on with when it has not ended and began at `goesOnSince` or later. */
  beginNight(night: { readonly target: string; readonly at: number; readonly goesOnSince: number }): Promise<NightRun>;
  /** The companies of a night that are done with. */
  companiesOf(night: NightRun): Promise<ReadonlySet<string>>;
  endNight(night: NightRun, at: number): Promise<void>;
  /** The last nights, the latest first. */
  nights(most: number): Promise<readonly NightRun[]>;
  /** Keeps how a company stands, in the place of how it stood, as a part of a night, and what waits for a person (`reasonsAfter`). */
  saveCompany(night: NightRun, state: CompanyState): Promise<void>;
  /** How companies stand, by id and target: all of them, those alone that ask for something, or those after a company. */
  companies(filter?: CompaniesFilter): AsyncIterable<CompanyState>;
  /** What waits for a person, of one company or of all, in the order of companies and then of when it was found. */
  reasons(filter?: { readonly companyId?: string }): AsyncIterable<KeptReason>;
  /** Writes down what a person is about to do. */
  beginAct(act: Omit<Act, 'id' | 'ended'>): Promise<Act>;
  /** How it ended: once, whatever comes later. */
  endAct(id: string, ended: NonNullable<Act['ended']>): Promise<void>;
  /** What was done, the latest first, of one company or of all; `before` is the id of the last that was read. */
  acts(filter: {
    readonly companyId?: string;
    readonly before?: string;
    readonly most: number;
  }): Promise<readonly Act[]>;
  /** May be called again. */
  close(): Promise<void>;
}
