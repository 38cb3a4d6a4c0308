import { negate, zero, type Amount } from '../money/amount.ts';
import type { AccountRole } from '../policy/chart.ts';
import type { Finding } from '../ledger/finding.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { FeeVat, PolicyVersion, VatTreatment } from '../policy/policy.ts';
import type { PostingKind } from '../policy/texts.ts';
import type { DocumentKind, LineParty } from '../voucher/voucher.ts';

/** VAT as a posting asks for it: the amount is computed per journal line. */
export type PostingVat =
  | ({ readonly kind: 'contained' } & Pick<VatTreatment, 'code' | 'rateBasisPoints'> & {
        readonly account: string | null;
      })
  | (FeeVat & { readonly kind: 'contained' | 'reverse-charge' });

/** One side of what a fact does to the books, before lines are made of it. */
export interface Posting {
  readonly account: string;
  /** Gross, debit +. */
  readonly amount: Amount;
  readonly kind: PostingKind;
  readonly role?: AccountRole | undefined;
  readonly vat?: PostingVat | undefined;
  readonly dimensions?: Readonly<Record<string, string>> | undefined;
  readonly party?: LineParty | undefined;
}

/** What one fact becomes: balanced postings, or none and a reason. */
export interface BookedFact {
  readonly id: string;
  /** The provider's reference, for the line text. */
  readonly reference: string | null;
  readonly document: DocumentKind;
  readonly postings: readonly Posting[];
  /** Facts this one's postings cover too: the twin of retained fees on the fees account. */
  readonly twins?: readonly string[];
  /** What another system has on the clearing account for this fact. */
  readonly preBooked: Amount;
  readonly findings: readonly Finding[];
}

/** A part of a capture with its own VAT: an order line, or several together. */
export interface OrderLine {
  /** Signed like the capture or positive; the lines of an entry add up to its amount. */
  readonly gross: Amount;
  /** The name of the VAT treatment; null where nobody told it, which asks a person. */
  readonly sale: string | null;
}

/** How the fees of a ledger reach us: the provider's fees account, one fee beside each row, or only through funds. */
export type FeesReading = 'ledger' | 'accrued' | 'not-read';

/** What a fact is booked with. */
export interface PostingContext {
  readonly version: PolicyVersion;
  /** The ledger's accounts in this version. */
  readonly accounts: Readonly<Record<AccountRole, string>>;
  readonly fees: FeesReading;
  /** The suspense account with its name. */
  readonly suspense: string;
  /** Account → the supplier whose it is. */
  readonly suppliers: ReadonlyMap<string, LineParty>;
}

/** The other side, by role or by account. */
export interface Contra extends Omit<Posting, 'account' | 'kind'> {
  readonly account?: string;
}

interface FactSource {
  readonly id: string;
  readonly pspReference: string | null;
  /** The order. */
  readonly reference?: string | null;
  readonly amount: Amount;
  readonly ledgerId: string;
  readonly ledgerDate: LedgerEntry['ledgerDate'];
}

const noFindings: readonly Finding[] = [];

/** Collects what one fact becomes; its own side is always the fact's signed amount. */
export class FactBuilder {
  readonly #source: FactSource;
  readonly #context: PostingContext;
  #findings: readonly Finding[] = noFindings;

  constructor(source: FactSource, context: PostingContext) {
    this.#source = source;
    this.#context = context;
  }

  finding(code: string, severity: Finding['severity'], message: string, action: string): void {
    const { ledgerId, ledgerDate, id, pspReference, amount } = this.#source;
    const where = `ledger ${ledgerId}, ${ledgerDate}, ${pspReference ?? 'no reference'}`;
    const order = this.#source.reference ?? pspReference;
    const about = {
      ledgerId,
      date: ledgerDate,
      facts: [id],
      amount,
      ...(order === null ? {} : { references: [order] }),
    };
    this.#findings = [...this.#findings, { code, severity, message, action, where, ...about }];
  }

  /** The suspense account with its name, for what is said of it. */
  get suspense(): string {
    return `account ${this.#context.suspense}`;
  }

  /** What a person does with what was booked against suspense. */
  get reviewSuspense(): string {
    return `find out what it was and move the amount from ${this.suspense}`;
  }

  /** The fact's amount on one role, the opposite on the other side. */
  against(
    own: AccountRole,
    kind: PostingKind,
    contra: Omit<Contra, 'amount'>,
    value: Amount = this.#source.amount,
  ): BookedFact {
    const postings = [this.#ownSide(kind, own, value), this.#posting(kind, contra, negate(value))];
    return this.#fact('journal', postings, zero);
  }

  with(kind: PostingKind, own: AccountRole, contras: readonly Contra[]): BookedFact {
    return this.#fact('journal', this.#postings(kind, own, contras), zero);
  }

  sides(kind: PostingKind, sides: readonly Contra[]): BookedFact {
    const postings = sides.map((side) => this.#posting(kind, side, side.amount));
    return this.#fact('journal', postings, zero);
  }

  sale(kind: PostingKind, contras: readonly Contra[]): BookedFact {
    const isSale = kind === 'capture' && contras.every((side) => side.vat !== undefined);
    return this.#fact(isSale ? 'sale' : 'journal', this.#postings(kind, 'clearing', contras), zero);
  }

  nothing(code: string, severity: Finding['severity'], message: string, action: string): BookedFact {
    this.finding(code, severity, message, action);
    return this.#fact('journal', [], zero);
  }

  preBooked(code: string, message: string): BookedFact {
    this.finding(code, 'info', message, 'nothing to do');
    return this.#fact('journal', [], this.#source.amount);
  }

  #postings(kind: PostingKind, own: AccountRole, contras: readonly Contra[]): Posting[] {
    const side = this.#ownSide(kind, own, this.#source.amount);
    const [contra] = contras;
    // Nearly always there is one, and an array that grows takes room for more.
    if (contra !== undefined && contras.length === 1) return [side, this.#posting(kind, contra, contra.amount)];
    return [side, ...contras.map((each) => this.#posting(kind, each, each.amount))];
  }

  #ownSide(kind: PostingKind, role: AccountRole, amount: Amount): Posting {
    const { suppliers, accounts } = this.#context;
    const account = accounts[role];
    return { account, kind, amount, role, vat: undefined, dimensions: undefined, party: suppliers.get(account) };
  }

  /** Without spreads, and all of one shape: this runs for every side of every entry. */
  #posting(kind: PostingKind, side: Omit<Contra, 'amount'>, amount: Amount): Posting {
    const { role, vat, dimensions } = side;
    const { suppliers, accounts } = this.#context;
    const account = side.account ?? accounts[role as AccountRole];
    const party = side.party ?? suppliers.get(account);
    return { account, kind, amount, role, vat, dimensions, party };
  }

  #fact(document: DocumentKind, postings: readonly Posting[], preBooked: Amount): BookedFact {
    return {
      id: this.#source.id,
      reference: this.#source.pspReference,
      document,
      postings,
      preBooked,
      findings: this.#findings,
    };
  }
}
