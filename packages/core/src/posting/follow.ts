import { amount } from '../money/amount.ts';
import type { OrderLine, PostingContext } from '../posting/booked-fact.ts';
import { currentType, type LedgerEntry } from '../ledger/ledger.ts';
import {
  foundOriginals,
  heldType,
  isOriginal,
  referencesOf,
  returnedType,
  SeenOriginals,
  type Original,
  type OriginalsLookUp,
  type OrderLinesLookUp,
} from './originals.ts';
import { addDays, type PlainDate } from '../money/plain-date.ts';
import { versionOn, type Policy, type PolicyVersion } from '../policy/policy.ts';
import { saleTreatments, type SaleFacts } from './sale-posting.ts';

/** A counter-entry, or a part of it, with what it takes back: booked as that was, in its context. */
export interface FollowedSale {
  readonly sale: SaleFacts;
  readonly context: PostingContext;
  readonly orderLines: readonly OrderLine[] | undefined;
}

/** `unknown`: no original was found; `unclear`: several, booked differently, and nothing says which part is whose. */
export type SaleToFollow = readonly FollowedSale[] | 'unknown' | 'unclear';

/** A returned dispute follows the dispute; where that took back a sale, it follows the sale. */
export type DisputeToFollow = { readonly context: PostingContext; readonly sale?: SaleToFollow } | 'unknown';

/** By entry id. What is not in here follows the version of its own date: every version would book it so. */
export interface Followed {
  readonly sales: ReadonlyMap<string, SaleToFollow>;
  readonly disputes: ReadonlyMap<string, DisputeToFollow>;
  /** What the look-up gave. */
  readonly found: readonly LedgerEntry[];
}

/**
 * A payment is refunded within 365 days (knowledge base, refunds), and card schemes take disputes up to 540 days later: an
 * original is never older.
 */
const mostDaysBack = 731;

/** The versions that may have booked what an entry of this date takes back or completes. */
export function possibleVersions(policy: Policy, date: PlainDate): readonly PolicyVersion[] {
  const { versions } = policy;
  if (versions.length === 1) return versions;
  const first = addDays(date, -mostDaysBack);
  return versions.filter(({ from }, index) => {
    const next = versions[index + 1];
    return from <= date && (next === undefined || next.from > first);
  });
}

/** The version that booked a date; what is older than the cut-over counts as booked by the first. */
export function versionFor(policy: Policy, date: PlainDate): PolicyVersion {
  return versionOn(policy, date) ?? policy.versions[0];
}

export function differ<Item>(items: readonly Item[], by: (item: Item) => string): boolean {
  const [first, ...others] = items;
  if (first === undefined || others.length === 0) return false;
  const expected = by(first);
  return others.some((item) => by(item) !== expected);
}

type OrderLinesOf = ReadonlyMap<string, readonly OrderLine[]>;

/** What may be asked for beside the dates. */
export interface LookUps {
  readonly originals?: OriginalsLookUp;
  readonly orderLines?: OrderLinesLookUp;
}

/**
 * Finds what refunds and disputes take back. Only where versions of the policy would book it differently, or where order
 * lines may, is anything looked up. Without a look-up, what was seen is remembered where it may be needed.
 */
export class Follower {
  readonly #policy: Policy;
  readonly #lookUps: LookUps;
  readonly #contextOf: (version: PolicyVersion, ledgerId: string) => PostingContext;
  readonly #seen = new SeenOriginals();
  readonly #unitDiffers = new Map<string, boolean>();

  constructor(
    policy: Policy,
    lookUps: LookUps,
    contextOf: (version: PolicyVersion, ledgerId: string) => PostingContext,
  ) {
    this.#policy = policy;
    this.#lookUps = lookUps;
    this.#contextOf = contextOf;
  }

  /** What a date's entries follow; other references are looked up with theirs. */
  async follow(
    date: PlainDate,
    entries: readonly LedgerEntry[],
    orderLines: OrderLinesOf | undefined,
    others: readonly string[],
  ): Promise<Followed> {
    const { originals: lookUp, orderLines: linesOf } = this.#lookUps;
    const sales = new Map<string, SaleToFollow>();
    const disputes = new Map<string, DisputeToFollow>();
    const mayMatter = this.#policy.versions.length > 1 || linesOf !== undefined;
    const counters = mayMatter ? entries.filter((entry) => this.#isCounter(entry, orderLines?.get(entry.id))) : [];
    const references = [...new Set([...counters.flatMap(referencesOf), ...others])];
    const given = references.length === 0 ? [] : ((await lookUp?.(references, date)) ?? []);
    // What is still to come is not known yet, though a look-up that was asked for later dates before may give it.
    const found = given.filter(({ ledgerDate }) => ledgerDate <= date);
    if (!mayMatter || (lookUp !== undefined && counters.length === 0)) return { sales, disputes, found };
    const originals = lookUp === undefined ? this.#seen : await foundOriginals(found, entries, linesOf);
    // A refund may stand before its capture; what returns is counted one by one.
    this.#remember(
      entries.filter((entry) => !isReturned(entry)),
      orderLines,
      originals,
    );
    const mayFollow = new Set(counters);
    for (const entry of entries) {
      const own = orderLines?.get(entry.id);
      if (isReturned(entry)) {
        const dispute = mayFollow.has(entry) ? this.#dispute(entry, own, originals) : undefined;
        if (dispute !== undefined) disputes.set(entry.id, dispute);
        this.#remember([entry], orderLines, originals);
      } else if (mayFollow.has(entry)) {
        const sale = this.#sale(entry, own, originals);
        if (sale !== undefined) sales.set(entry.id, sale);
      }
    }
    return { sales, disputes, found };
  }

  /** Whether an entry takes back one that may have been booked otherwise. */
  #isCounter(entry: LedgerEntry, own: readonly OrderLine[] | undefined): boolean {
    if (entry.account !== 'funds' || entry.amount === 0) return false;
    const { disputes } = versionFor(this.#policy, entry.ledgerDate);
    switch (currentType(entry)) {
      case 'refund':
        return this.#saleMatters(entry, own);
      case heldType:
        return disputes === 'refund' && this.#saleMatters(entry, own);
      case returnedType:
        return this.#disputesDiffer(entry) || (disputes === 'refund' && this.#saleMatters(entry, own));
      default:
        return false;
    }
  }

  #saleMatters(entry: LedgerEntry, own: readonly OrderLine[] | undefined): boolean {
    return this.#saleDiffers(entry, own) || (this.#lookUps.orderLines !== undefined && (own ?? []).length === 0);
  }

  #saleDiffers(entry: Omit<Original, 'type'>, own: readonly OrderLine[] | undefined): boolean {
    return differ(possibleVersions(this.#policy, entry.ledgerDate), (version) =>
      saleTreatments(entry, this.#contextOf(version, entry.ledgerId), own).join(),
    );
  }

  #disputesDiffer(entry: LedgerEntry): boolean {
    return differ(possibleVersions(this.#policy, entry.ledgerDate), (version) =>
      version.disputes === 'refund' ? 'refund' : this.#contextOf(version, entry.ledgerId).accounts.disputed,
    );
  }

  #sale(
    entry: Omit<Original, 'type'>,
    given: readonly OrderLine[] | undefined,
    originals: SeenOriginals,
  ): SaleToFollow | undefined {
    // Lines that should be there and are not: what is taken back says them, or a person.
    const isAsked = given?.length === 0;
    const own = isAsked ? undefined : given;
    const taken = originals.of(entry, 'capture');
    if (taken.length === 0) return isAsked || this.#saleDiffers(entry, own) ? 'unknown' : undefined;
    const parts = taken.map((original): FollowedSale => ({
      sale: {
        amount: original.amount,
        salesUnit: original.salesUnit ?? entry.salesUnit,
        reference: original.reference ?? entry.reference,
      },
      context: this.#contextAt(original),
      orderLines: own ?? original.orderLines,
    }));
    const [first] = parts as [FollowedSale, ...FollowedSale[]];
    const whole = { ...first, sale: { ...first.sale, amount: entry.amount } };
    const treatmentsOf = (part: FollowedSale): readonly string[] =>
      saleTreatments(part.sale, part.context, part.orderLines);
    const byOwnDate = saleTreatments(entry, this.#contextAt(entry), own).join();
    if (!isAsked && parts.every((part) => treatmentsOf(part).join() === byOwnDate)) return undefined;
    if (own !== undefined) return differ(parts, (part) => treatmentsOf(part).join()) ? 'unclear' : [whole];
    if (new Set(parts.flatMap(treatmentsOf)).size === 1) {
      const line = first.orderLines?.[0];
      return [line === undefined ? whole : { ...whole, orderLines: [{ ...line, gross: entry.amount }] }];
    }
    // When all of it goes back, each part goes back as it came. Of a part of it nobody says which.
    const total = parts.reduce((sum, { sale }) => sum + sale.amount, 0);
    if (Math.abs(total) !== Math.abs(entry.amount)) return 'unclear';
    const sign = total === entry.amount ? 1 : -1;
    return parts.map((part) => ({ ...part, sale: { ...part.sale, amount: amount(sign * part.sale.amount) } }));
  }

  #dispute(
    entry: LedgerEntry,
    own: readonly OrderLine[] | undefined,
    originals: SeenOriginals,
  ): DisputeToFollow | undefined {
    // The cycle may repeat, and the policy may change within it: the first that was held is the first to return.
    const held = originals.of(entry, heldType);
    const same = held.filter((each) => each.amount === -entry.amount);
    const before = originals.of(entry, returnedType).filter((each) => each.amount === entry.amount);
    const dispute = same[before.length] ?? same.at(-1) ?? held.at(-1);
    if (dispute === undefined && this.#disputesDiffer(entry)) return 'unknown';
    const context = this.#contextAt(dispute ?? entry);
    if (context.version.disputes === 'receivable') return { context };
    const back = { ...(dispute ?? entry), amount: entry.amount };
    const sale = this.#sale(back, own ?? dispute?.orderLines, originals);
    return { context, sale: sale ?? [{ sale: back, context, orderLines: own ?? dispute?.orderLines }] };
  }

  #contextAt({ ledgerId, ledgerDate }: Pick<Original, 'ledgerId' | 'ledgerDate'>): PostingContext {
    return this.#contextOf(versionFor(this.#policy, ledgerDate), ledgerId);
  }

  #remember(entries: readonly LedgerEntry[], orderLines: OrderLinesOf | undefined, originals: SeenOriginals): void {
    for (const entry of entries) {
      if (!isOriginal(entry)) continue;
      const own = orderLines?.get(entry.id);
      if (own !== undefined || currentType(entry) !== 'capture' || this.#everDiffers(entry))
        originals.remember(entry, own);
    }
  }

  /** Whether any version books a sale otherwise than another. Units are asked about once, single orders each time. */
  #everDiffers(entry: LedgerEntry): boolean {
    const { versions } = this.#policy;
    const ask = (): boolean =>
      differ(versions, (version) => saleTreatments(entry, this.#contextOf(version, entry.ledgerId), undefined).join());
    const { reference } = entry;
    if (reference !== null && versions.some(({ invoices }) => Object.hasOwn(invoices, reference))) return ask();
    const unit = `${entry.ledgerId} ${entry.salesUnit ?? ''}`;
    let known = this.#unitDiffers.get(unit);
    if (known === undefined) this.#unitDiffers.set(unit, (known = ask()));
    return known;
  }
}

function isReturned(entry: LedgerEntry): boolean {
  return currentType(entry) === returnedType;
}
