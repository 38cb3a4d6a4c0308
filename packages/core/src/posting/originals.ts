import type { OrderLine } from '../posting/booked-fact.ts';
import { currentType, factIdentity, type LedgerEntry } from '../ledger/ledger.ts';
import { yearOf, type PlainDate } from '../money/plain-date.ts';
import type { SaleFacts } from './sale-posting.ts';
import { normaliseSalesUnit } from '../policy/sales-unit.ts';

/**
 * Gives entries of the company's ledgers by reference: every one up to a date whose `pspReference` or `reference` is among
 * those asked for. More than that does no harm.
 */
export type OriginalsLookUp = (
  references: readonly string[],
  through: PlainDate,
) => readonly LedgerEntry[] | Promise<readonly LedgerEntry[]>;

/**
 * Gives the order lines of entries, by entry id, where there are some. An empty list says that there should be some: a refund
 * then follows its sale alone, and where that is not known, as for a sale without lines, a person is asked.
 */
export type OrderLinesLookUp = (
  entries: readonly LedgerEntry[],
) => ReadonlyMap<string, readonly OrderLine[]> | Promise<ReadonlyMap<string, readonly OrderLine[]>>;

/** What has to be known of an entry that a later one may take back. */
export interface Original extends SaleFacts {
  readonly ledgerId: string;
  readonly ledgerDate: PlainDate;
  readonly type: string;
  readonly pspReference: string | null;
  readonly orderLines?: readonly OrderLine[];
}

/** Originals by their references. */
class ReferenceIndex {
  readonly #byReference = new Map<string, Original[]>();

  add(original: Original): void {
    for (const reference of referencesOf(original)) {
      const list = this.#byReference.get(reference);
      if (list === undefined) this.#byReference.set(reference, [original]);
      else list.push(original);
    }
  }

  with(reference: string): readonly Original[] {
    return this.#byReference.get(reference) ?? [];
  }
}

/** Originals of this and the two years before, which is as far as anything is taken back ({@link mostDaysBack}). */
export class SeenOriginals {
  readonly #years = new Map<number, ReferenceIndex>();

  remember(entry: LedgerEntry, orderLines: readonly OrderLine[] | undefined): void {
    const year = yearOf(entry.ledgerDate);
    let index = this.#years.get(year);
    if (index === undefined) {
      index = new ReferenceIndex();
      this.#years.set(year, index);
      for (const old of this.#years.keys()) if (old < year - 2) this.#years.delete(old);
    }
    index.add(originalOf(entry, orderLines));
  }

  /**
   * The sales or disputes of a type that an entry names, earliest first. A dispute has both ids of its capture; a refund has
   * an id of its own and the order reference of its capture (Report API, entry types). Order references are unique to a
   * sales unit alone.
   */
  of(entry: Omit<Original, 'type'>, type: string): readonly Original[] {
    const { ledgerId, ledgerDate, salesUnit, pspReference, reference } = entry;
    const named = (name: string | null, fits: (original: Original) => boolean): Original[] =>
      name === null
        ? []
        : [...this.#years.values()]
            .flatMap((year) => year.with(name))
            .filter((original) => original.type === type && original.ledgerDate <= ledgerDate && fits(original))
            .sort(compareDates);
    const samePayment = named(pspReference, (original) => original.pspReference === pspReference);
    if (samePayment.length > 0) return samePayment;
    return named(
      reference,
      (original) =>
        original.reference === reference &&
        (original.ledgerId === ledgerId || isSameUnit(salesUnit, original.salesUnit)),
    );
  }
}

/** What a look-up found beside the entries of the date, each once, with the order lines of those that have some. */
export async function foundOriginals(
  entries: readonly LedgerEntry[],
  ofDate: readonly LedgerEntry[],
  orderLines: OrderLinesLookUp | undefined,
): Promise<SeenOriginals> {
  const seen = new SeenOriginals();
  const byIdentity = new Map(entries.filter(isOriginal).map((entry) => [factIdentity(entry.id), entry]));
  for (const { id } of ofDate) byIdentity.delete(factIdentity(id));
  const found = [...byIdentity.values()];
  const lines = await orderLines?.(found);
  for (const entry of found.sort((a, b) => compareDates(a, b))) seen.remember(entry, lines?.get(entry.id));
  return seen;
}

/** Whether a later entry may take this one back, or shows that another did. */
export function isOriginal(entry: LedgerEntry): boolean {
  return entry.account === 'funds' && entry.amount !== 0 && originalTypes.has(currentType(entry));
}

/** A disputed capture that was held back, and one that came back. */
export const heldType = 'retained-disputed-capture';
export const returnedType = 'returned-disputed-capture';
const originalTypes: ReadonlySet<string> = new Set(['capture', heldType, returnedType]);

function compareDates(a: Pick<Original, 'ledgerDate'>, b: Pick<Original, 'ledgerDate'>): number {
  return a.ledgerDate < b.ledgerDate ? -1 : Number(a.ledgerDate > b.ledgerDate);
}

/** Without the identity, which is long: many are remembered. */
function originalOf(entry: LedgerEntry, orderLines: readonly OrderLine[] | undefined): Original {
  const { ledgerId, ledgerDate, amount, pspReference, reference, salesUnit } = entry;
  const type = currentType(entry);
  const original = { ledgerId, ledgerDate, type, amount, pspReference, reference, salesUnit };
  return orderLines === undefined ? original : { ...original, orderLines };
}

function isSameUnit(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && normaliseSalesUnit(one) === normaliseSalesUnit(other);
}

/** Both references of an entry, where it has them. */
export function referencesOf({
  pspReference,
  reference,
}: Pick<LedgerEntry, 'pspReference' | 'reference'>): readonly string[] {
  if (pspReference === null) return reference === null ? [] : [reference];
  return reference === null || reference === pspReference ? [pspReference] : [pspReference, reference];
}
