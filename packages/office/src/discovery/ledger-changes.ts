/** A ledger as keys see it. */
export interface SeenLedger {
  readonly id: string;
  /** ISO 4217; null where the provider does not tell. */
  readonly currency: string | null;
  /** The organisation that owns it, as the provider writes it. */
  readonly owner: string | null;
  /** What settles into it, such as `api:123455`. */
  readonly units: readonly string[];
  /** The bank account that its payouts go to. */
  readonly payoutAccount: string | null;
}

/** A ledger as these keys saw it last. */
export interface KnownLedger extends SeenLedger {
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Whether the last look did not find it. */
  readonly isGone: boolean;
}

/** What is otherwise than at the look before. */
export interface LedgerChange {
  readonly ledgerId: string;
  /**
   * - `new`: not seen before, so no company may be set up for it yet; `back`: gone before, and seen again.
   * - `gone`: access was withdrawn, or the ledger has ended.
   * - `moved`: a sales unit settles into this ledger now; its older entries stay where they are.
   * - `described`: other units or another currency.
   * - `payout-account`, `owner`: the money goes elsewhere, or it is somebody else's. A person has to confirm that first.
   */
  readonly kind: 'new' | 'back' | 'gone' | 'moved' | 'described' | 'payout-account' | 'owner';
  /** In one sentence. */
  readonly what: string;
  /** `confirm`: nothing of the ledger is delivered before a person has confirmed it. */
  readonly asks: 'nothing' | 'look' | 'confirm';
}

/** Compares what keys see with what they saw last. Pure; what is not told this time is not taken for a change. */
export function changesBetween(known: readonly KnownLedger[], seen: readonly SeenLedger[]): readonly LedgerChange[] {
  const byId = new Map(known.map((ledger) => [ledger.id, ledger]));
  const seenIds = new Set(seen.map(({ id }) => id));
  const unitNow = new Map(seen.flatMap(({ id, units }) => units.map((unit) => [unit, id] as const)));
  const gone = known
    .filter(({ id, isGone }) => !isGone && !seenIds.has(id))
    .map(({ id }): LedgerChange => ({
      ledgerId: id,
      kind: 'gone',
      what: `ledger ${id} is not seen any more: access was withdrawn, or it has ended`,
      asks: 'look',
    }));
  /** Ledgers from which units have come to this one since the last look. */
  const leftBehind = ({ id, units }: SeenLedger): readonly (readonly [string, KnownLedger])[] =>
    units.flatMap((unit) => {
      if (byId.get(id)?.units.includes(unit) === true) return [];
      const before = known.find((ledger) => ledger.id !== id && ledger.units.includes(unit));
      return before === undefined || unitNow.get(unit) !== id ? [] : [[unit, before] as const];
    });
  return [...seen.flatMap((ledger) => changesOf(byId.get(ledger.id), ledger, leftBehind(ledger))), ...gone];
}

function changesOf(
  before: KnownLedger | undefined,
  now: SeenLedger,
  moved: readonly (readonly [unit: string, from: KnownLedger])[],
): readonly LedgerChange[] {
  const { id: ledgerId } = now;
  const changes: LedgerChange[] = moved.map(([unit, from]) => ({
    ledgerId,
    kind: 'moved',
    what: `${unit} settles into ledger ${ledgerId} now, and did into ${from.id}`,
    asks: 'look',
  }));
  if (before === undefined && moved.length === 0)
    changes.push({ ledgerId, kind: 'new', what: `ledger ${ledgerId} is seen for the first time`, asks: 'nothing' });
  if (before?.isGone === true)
    changes.push({ ledgerId, kind: 'back', what: `ledger ${ledgerId} is seen again`, asks: 'nothing' });
  // A unit that has moved is paid out to another account as well, if the ledgers differ in that.
  const accounts = new Set([before, ...moved.map(([, from]) => from)].flatMap((known) => known?.payoutAccount ?? []));
  for (const account of accounts) {
    if (now.payoutAccount === null || now.payoutAccount === account) continue;
    const what = `payouts of ledger ${ledgerId} go to ${now.payoutAccount} now, and went to ${account}`;
    changes.push({ ledgerId, kind: 'payout-account', what, asks: 'confirm' });
  }
  if (before === undefined) return changes;
  if (before.owner !== null && now.owner !== null && before.owner !== now.owner) {
    const what = `ledger ${ledgerId} is owned by ${now.owner} now, and was by ${before.owner}`;
    changes.push({ ledgerId, kind: 'owner', what, asks: 'confirm' });
  }
  const described = [...differences(before, now)];
  if (described.length > 0 && moved.length === 0)
    changes.push({ ledgerId, kind: 'described', what: described.join('; '), asks: 'nothing' });
  return changes;
}

function* differences(before: KnownLedger, now: SeenLedger): Generator<string> {
  const { id } = now;
  if (before.currency !== null && now.currency !== null && before.currency !== now.currency)
    yield `ledger ${id} is in ${now.currency} now, and was in ${before.currency}`;
  const [were, are] = [before.units.toSorted().join(', '), now.units.toSorted().join(', ')];
  if (were !== are) yield `ledger ${id} settles for ${are || 'nothing'} now, and did for ${were || 'nothing'}`;
}

/** What is known after a look. A bank account or an owner that is not told this time is remembered. */
export function knownAfter(
  known: readonly KnownLedger[],
  seen: readonly SeenLedger[],
  at: number,
): readonly KnownLedger[] {
  const byId = new Map(known.map((ledger) => [ledger.id, ledger]));
  const now = seen.map((ledger): KnownLedger => {
    const before = byId.get(ledger.id);
    return {
      ...ledger,
      currency: ledger.currency ?? before?.currency ?? null,
      owner: ledger.owner ?? before?.owner ?? null,
      payoutAccount: ledger.payoutAccount ?? before?.payoutAccount ?? null,
      firstSeen: before?.firstSeen ?? at,
      lastSeen: at,
      isGone: false,
    };
  });
  const seenIds = new Set(seen.map(({ id }) => id));
  return [...now, ...known.filter(({ id }) => !seenIds.has(id)).map((ledger) => ({ ...ledger, isGone: true }))];
}
