import { entryId, factIdentity, type Finding, type LedgerEntry } from '@bilag/core';

/** Entries that were read together: of one file, or of all pages of one reading. */
export interface EntriesOfPlace {
  /** The name of the file. */
  readonly where: string;
  readonly entries: readonly LedgerEntry[];
  /** Of a fee that came with a row, the row's own entry. */
  readonly besides: ReadonlyMap<LedgerEntry, LedgerEntry>;
}

/**
 * The entries of several places, every fact under one id, that of the place that had it first. What two places both have
 * is one fact, however its time is spelt; `book()` counts it once and says so. What one place has twice without an id of
 * the provider is two facts: a row is only known to be another's copy by what it says. Where two places differ in nothing
 * but time or id, and no balances tell, nobody can know: both stay, with a warning that names the places.
 */
export function factsOnce(places: readonly EntriesOfPlace[]): {
  readonly entries: LedgerEntry[];
  readonly findings: Finding[];
} {
  const known = new Map<string, LedgerEntry>();
  const takenIds = new Set<string>();
  const entries: LedgerEntry[] = [];
  const findings: Finding[] = [];
  const earlier: PlaceFacts[] = [];
  for (const { where, entries: own, besides } of places) {
    const count = new Map<string, number>();
    const factsOf = new Map<LedgerEntry, string>();
    const facts = new Map<string, LedgerEntry>();
    const fresh: FreshEntry[] = [];
    for (const entry of own) {
      const row = besides.get(entry);
      // A fee is its row's: another row's may be the same in all that it says.
      const fact = row === undefined ? factOf(entry, count) : `${factsOf.get(row)}\n${factIdentity(entryId(entry))}`;
      factsOf.set(entry, fact);
      let kept = known.get(fact);
      if (kept === undefined) {
        kept = isBare(entry) || row !== undefined ? withFreeId(entry, takenIds) : entry;
        known.set(fact, kept);
        fresh.push({ entry: kept, row: row === undefined ? undefined : facts.get(factsOf.get(row) ?? '') });
      }
      facts.set(fact, kept);
      entries.push(kept);
    }
    for (const place of earlier) findings.push(...perhapsTwice(fresh, facts, place, where));
    // One place alone is compared with nothing.
    if (places.length > 1) earlier.push({ where, facts });
  }
  return { entries, findings };
}

/** An entry that no earlier place had; of a fee, with its row. */
interface FreshEntry {
  readonly entry: LedgerEntry;
  readonly row: LedgerEntry | undefined;
}

interface PlaceFacts {
  readonly where: string;
  readonly facts: ReadonlyMap<string, LedgerEntry>;
}

/** What a fact is known by across places: its identity, and where that has no id of the provider, all else that tells. */
function factOf(entry: LedgerEntry, count: Map<string, number>): string {
  const identity = factIdentity(entryId(entry));
  if (!isBare(entry)) return identity;
  const fact = `${identity}\n${entry.reference ?? ''}`;
  if (entry.reference !== null && entry.time !== null) return fact;
  const nth = (count.get(fact) ?? 0) + 1;
  count.set(fact, nth);
  return `${fact}\n${nth}`;
}

/** Whether neither an id of the provider nor balances tell it apart. */
function isBare(entry: LedgerEntry): boolean {
  return entry.pspReference === null && !hasBalances(entry);
}

/** The first keeps the id that entries have had since ever; those that would share it are numbered. */
function withFreeId(entry: LedgerEntry, takenIds: Set<string>): LedgerEntry {
  const id = entryId(entry);
  let free = id;
  for (let nth = 2; takenIds.has(factIdentity(free)); nth++) free = `${id}/${nth}`;
  takenIds.add(factIdentity(free));
  return free === entry.id ? entry : { ...entry, id: free };
}

function hasBalances({ balanceBefore, balanceAfter }: LedgerEntry): boolean {
  return balanceBefore !== undefined && balanceAfter !== undefined;
}

/** What a place brought that may be an earlier place's, one finding for each ledger date. */
function perhapsTwice(
  fresh: readonly FreshEntry[],
  facts: ReadonlyMap<string, LedgerEntry>,
  earlier: PlaceFacts,
  where: string,
): Finding[] {
  const others = new Lookalikes([...earlier.facts].flatMap(([fact, entry]) => (facts.has(fact) ? [] : [entry])));
  const likeOthers = new Set<LedgerEntry>();
  const pairs = fresh.flatMap(({ entry, row }) => {
    // A fee is another's copy where its row is.
    if (hasBalances(entry) || (row !== undefined && !likeOthers.has(row))) return [];
    const other = others.of(entry);
    if (other === undefined) return [];
    likeOthers.add(entry);
    return [[other, entry] as const];
  });
  const byDate = Map.groupBy(pairs, ([, { ledgerId, ledgerDate }]) => `${ledgerId} ${ledgerDate}`);
  return [...byDate.values()].map((alike) => {
    const [[first, second]] = alike as [(typeof alike)[number]];
    const { ledgerId, ledgerDate } = second;
    return {
      code: 'perhaps-twice',
      severity: 'warning',
      message: `${where} has ${alike.length === 1 ? 'an entry' : `${alike.length} entries`} that ${earlier.where} has with another time or id (such as ${nameOf(first)} there and ${nameOf(second)} here), and no balances tell whether they are the same: all are booked`,
      where: `ledger ${ledgerId}, ${ledgerDate}, ${earlier.where} and ${where}`,
      action: 'compare the two files; if they overlap, leave one out of source.files',
      ledgerId,
      date: ledgerDate,
      facts: alike.flat().map(({ id }) => id),
    };
  });
}

function nameOf({ type, pspReference, time }: LedgerEntry): string {
  return `${type} ${pspReference ?? 'without an id'} ${time === null ? 'without a time' : `at ${time}`}`;
}

/** Entries without balances, found by what another one shares with them. */
class Lookalikes {
  readonly #bySharedId = new Map<string, LedgerEntry>();
  readonly #bySharedTime = new Map<string, LedgerEntry>();
  readonly #incomplete: ReadonlyMap<string, readonly LedgerEntry[]>;
  readonly #all: ReadonlyMap<string, readonly LedgerEntry[]>;

  constructor(entries: readonly LedgerEntry[]) {
    const untold = entries.filter((entry) => !hasBalances(entry));
    for (const entry of untold) {
      if (entry.pspReference !== null) this.#bySharedId.set(withoutTime(entry), entry);
      if (entry.time !== null) this.#bySharedTime.set(withoutId(entry), entry);
    }
    this.#all = Map.groupBy(untold, withoutBoth);
    this.#incomplete = Map.groupBy(
      untold.filter(({ pspReference, time }) => pspReference === null || time === null),
      withoutBoth,
    );
  }

  /** The same but for its time, the same but for its id, or the same as far as one of them tells. */
  of(entry: LedgerEntry): LedgerEntry | undefined {
    const shared =
      (entry.pspReference === null ? undefined : this.#bySharedId.get(withoutTime(entry))) ??
      (entry.time === null ? undefined : this.#bySharedTime.get(withoutId(entry)));
    if (shared !== undefined) return shared;
    const isComplete = entry.pspReference !== null && entry.time !== null;
    const candidates = (isComplete ? this.#incomplete : this.#all).get(withoutBoth(entry));
    return candidates?.find((other) => {
      const isIdOpen = entry.pspReference === null || other.pspReference === null;
      const isTimeOpen = entry.time === null || other.time === null;
      const isOrderOpen = entry.reference === null || other.reference === null || entry.reference === other.reference;
      return isIdOpen && isTimeOpen && isOrderOpen;
    });
  }
}

const withoutTime = (entry: LedgerEntry): string => entryId({ ...entry, time: null });
const withoutId = (entry: LedgerEntry): string => factIdentity(entryId({ ...entry, pspReference: null }));
const withoutBoth = (entry: LedgerEntry): string => entryId({ ...entry, pspReference: null, time: null });
