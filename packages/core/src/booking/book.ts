import { BilagError } from '../errors.ts';
import { add } from '../money/amount.ts';
import { checkBalanceLaw, followBalances, nothingNew, sayGap, type ChainProgress } from './balance-check.ts';
import type { BookedDate, LedgerTotals } from './booked-date.ts';
import { checkpointFit, checkpointOf, statesOf, type BookCheckpoint } from './checkpoint.ts';
import { retainedTwins } from '../posting/fees-retained.ts';
import { FindingList } from '../ledger/finding-list.ts';
import { freshEntries, freshFacts } from './fresh-facts.ts';
import { groupFacts, openGroupCode } from './grouping.ts';
import {
  currentType,
  isClosed,
  type BankLine,
  type LedgerAccount,
  type LedgerDate,
  type LedgerEntry,
} from '../ledger/ledger.ts';
import { balancesOf, openLedger, type LedgerState } from './ledger-state.ts';
import { totalsOf } from './ledger-totals.ts';
import { versionOn, type Policy, type PolicyVersion } from '../policy/policy.ts';
import type { PlainDate } from '../money/plain-date.ts';
import { postBankLine, postDocument } from '../posting/post-other-facts.ts';
import { Pasts } from './past.ts';
import { postEntry, type Past } from '../posting/post-entry.ts';
import type { BookedFact, PostingContext } from '../posting/booked-fact.ts';
import type { OrderLinesLookUp, OriginalsLookUp } from '../posting/originals.ts';
import { makeVouchers } from './voucher-making.ts';
import { dateStem, shortHash } from '../voucher/voucher-key.ts';
import type { VoucherShape } from '../contracts/contract.ts';
import type { Voucher } from '../voucher/voucher.ts';

/** What a booking may take besides dates and policy. */
export interface BookOptions {
  /**
   * The order lines of captures and refunds with several VAT rates, by entry id; asked once per ledger date. The Report
   * API has no VAT data: the lines come from the web shop, the till or the Sales API.
   */
  readonly orderLines?: OrderLinesLookUp;
  /**
   * What a refund, a returned dispute or an aborted payout takes back, by reference: for books that begin in the middle,
   * and to remember nothing. Asked at most once per ledger date, and only where versions of the policy (or order lines)
   * would book it otherwise than its original. Without it `book()` remembers what it saw and may need: two years of the
   * sales that its versions book differently.
   */
  readonly originals?: OriginalsLookUp;
  /** What the target takes in one voucher. */
  readonly shape?: VoucherShape;
  /**
   * The date under which the voucher of a key is in the books already, by a file that was handed over: a period that is
   * locked later does not move it. Where there is none, it is booked on the other.
   */
  readonly bookedOn?: (key: string, otherwise: PlainDate) => PlainDate | undefined;
  /** Where to go on from: then only dates after it are given. Throws `conflict` where it does not fit. */
  readonly from?: BookCheckpoint;
  /**
   * Told where the books stand after a date, once: for books whose ledgers come side by side, in the order of dates. Where versions
   * of the policy or order lines may differ, it takes `originals`: what would be remembered without is not in a checkpoint.
   */
  readonly checkpoint?: { readonly after: PlainDate; readonly keep: (checkpoint: BookCheckpoint) => void };
}

/**
 * Books ledger dates by a policy: pure but for the look-ups it may be given. The dates of one ledger ascend; ledgers may
 * follow one another or alternate. Memory is bounded by the largest voucher, and by two dates of a ledger whose balance
 * chain is interrupted; without `originals`, also by two years of the sales that versions of the policy book differently.
 * Nothing is dropped: a fact is in exactly one voucher, or in a finding that says why not.
 *
 * @example
 * ```ts
 * import { amount, book, definePolicy, ledgerEntry, plainDate, type EntryFacts } from '@bilag/core';
 *
 * const date = plainDate('2022-10-01');
 * const shared = { ledgerId: '302321', account: 'funds', ledgerDate: date, currency: 'NOK', reference: null, time: null } as const;
 * const facts: EntryFacts[] = [
 *   { ...shared, type: 'capture', amount: amount(900), pspReference: '3343121302', salesUnit: 'NO:57860' },
 *   { ...shared, type: 'payout-scheduled', amount: amount(-900), pspReference: '302321-2000045', salesUnit: null },
 * ];
 * const dates = [{ ledgerId: '302321', date, currency: 'NOK', accounts: { funds: { closed: true } }, entries: facts.map(ledgerEntry) }];
 * const policy = definePolicy({ versions: [{ from: '2022-01-01', market: 'NO', sales: { sale: '25' } }] });
 *
 * const [booked] = await Array.fromAsync(book(dates, policy));
 * booked?.vouchers.map((voucher) => voucher.key); // => ['302321-20221001']
 * booked?.vouchers[0]?.lines.map((line) => [line.account, line.amount]); // => [['1579', 900], ['3000', -900], ['1579', -900], ['1920', 900]]
 * ```
 */
export async function* book(
  dates: AsyncIterable<LedgerDate> | Iterable<LedgerDate>,
  policy: Policy,
  options: BookOptions = {},
): AsyncGenerator<BookedDate> {
  const bookkeeper = new Bookkeeper(policy, options);
  for await (const date of dates) {
    bookkeeper.passTo(date);
    const booked = await bookkeeper.take(date);
    // One by one out of the list: what has been handed on is not held while the next is booked.
    for (let next = booked.shift(); next !== undefined; next = booked.shift()) yield next;
  }
  bookkeeper.passTo(undefined);
  yield* bookkeeper.finish();
}

const both: readonly LedgerAccount[] = ['funds', 'fees'];

class Bookkeeper {
  readonly #policy: Policy;
  readonly #options: BookOptions;
  readonly #ledgers: Map<string, LedgerState>;
  readonly #pasts: Pasts;
  readonly #fits: string;
  /** No date up to this one may come any more, but a quiet end of a month: they are in a checkpoint. */
  #through: PlainDate | undefined;

  constructor(policy: Policy, options: BookOptions) {
    const { from, checkpoint, shape, originals, orderLines } = options;
    const remembers = originals === undefined && (policy.versions.length > 1 || orderLines !== undefined);
    if (remembers && (from !== undefined || checkpoint !== undefined)) throw needsOriginals();
    this.#policy = policy;
    this.#options = options;
    this.#fits = from === undefined && checkpoint === undefined ? '' : checkpointFit(policy, shape);
    this.#ledgers = from === undefined ? new Map() : statesOf(from, policy, this.#fits);
    this.#through = from?.through;
    this.#pasts = new Pasts(policy, options, (ledgerId) => this.#stateOf(ledgerId));
  }

  /** Before a date is taken, or when there are no more. */
  passTo(date: LedgerDate | undefined): void {
    const { checkpoint } = this.#options;
    const isLeft = checkpoint !== undefined && (this.#through === undefined || this.#through < checkpoint.after);
    if (isLeft && (date === undefined || date.date > checkpoint.after)) {
      this.#through = checkpoint.after;
      checkpoint.keep(checkpointOf(this.#ledgers.values(), checkpoint.after, this.#fits));
    }
    if (date !== undefined && this.#through !== undefined && date.date <= this.#through && !this.#isQuietEnd(date))
      throw isInCheckpoint(date.date, this.#through);
  }

  /** The end of the last month of a ledger that has ended comes after everything else, and brings no fact. */
  #isQuietEnd(date: LedgerDate): boolean {
    const { entries, bankLines = [], documents = [], findings = [] } = date;
    const lastDate = this.#ledgers.get(date.ledgerId)?.lastDate;
    const isQuiet = [entries, bankLines, documents, findings].every((each) => each.length === 0);
    return isQuiet && isClosed(date) && lastDate !== undefined && lastDate < date.date;
  }

  async take(date: LedgerDate): Promise<BookedDate[]> {
    const state = this.#stateOf(date.ledgerId);
    const findings = new FindingList(date.ledgerId, date.date, date.findings);
    const version = versionOn(this.#policy, date.date);
    if (version !== undefined && !(state.lastDate !== undefined && date.date < state.lastDate)) {
      return this.#bookDate(date, version, state, findings);
    }
    const ids = [...date.entries, ...(date.bankLines ?? []), ...(date.documents ?? [])].map(({ id }) => id);
    if (version === undefined) {
      const message = `the cut-over is ${this.#policy.versions[0].from}; nothing earlier is booked`;
      findings.add('before-cut-over', 'info', message, 'nothing to do', ids);
    } else {
      const message = `this date came after ${state.lastDate}; the dates of a ledger must ascend`;
      findings.add('dates-out-of-order', 'error', message, 'give the dates in order', ids);
    }
    return [this.#booked(date, version ?? this.#policy.versions[0], state, [], findings, [], [])];
  }

  /** Dates still waiting for a gap to close when there are no more: the next is needed. */
  *finish(): Generator<BookedDate> {
    for (const state of this.#ledgers.values()) yield* this.#release(state, { broken: both, tooEarly: both });
  }

  async #bookDate(
    date: LedgerDate,
    version: PolicyVersion,
    state: LedgerState,
    findings: FindingList,
  ): Promise<BookedDate[]> {
    if (date.accounts.fees !== undefined)
      state.feesReading = date.accounts.fees.accrued === true ? 'accrued' : 'ledger';
    else if (date.entries.length > 0) state.feesReading = 'not-read';
    state.profile = date.profile ?? state.profile;
    const isRepeat = state.lastDate === date.date;
    const entries = freshEntries(date, state, (ledgerId) => this.#stateOf(ledgerId), findings);
    const isOwn = ({ ledgerId }: LedgerEntry): boolean => ledgerId === date.ledgerId;
    const own = entries.every(isOwn) ? entries : entries.filter(isOwn);
    const progress = isRepeat ? nothingNew : followBalances(date, state, own, this.#policy, findings);
    if (progress.broken.length > 0 && state.group !== undefined) state.group.isBlocked = true;
    if (!isClosed(date))
      findings.add('date-open', 'info', 'the provider may still add entries', 'a preview; book it when it is closed');

    const facts = await this.#bookFacts(date, version, state, entries, findings);
    const vouchers = this.#makeVouchers(date, version, state, facts, findings);
    for (const voucher of vouchers) this.#postToBalances(voucher);
    checkBalanceLaw(state, version, findings);
    const others = [...facts.keys()].filter((ledgerId) => ledgerId !== date.ledgerId);
    const booked = this.#booked(date, version, state, vouchers, findings, entries, others);

    if ((isRepeat || progress.isWaiting) && state.held !== undefined) {
      state.held = { ...state.held, following: [...state.held.following, booked] };
      return [];
    }
    const released = [...this.#release(state, progress)];
    if (progress.interrupted.length === 0) return [...released, booked];
    const { interrupted, split } = progress;
    state.held = { booked, interrupted, split, following: [] };
    return released;
  }

  /** What each fact becomes, by the ledger it is booked on; the date's own ledger first. */
  async #bookFacts(
    date: LedgerDate,
    version: PolicyVersion,
    state: LedgerState,
    entries: readonly LedgerEntry[],
    findings: FindingList,
  ): Promise<Map<string, BookedFact[]>> {
    const orderLines = await this.#options.orderLines?.(entries.filter(mayHaveOrderLines));
    const accruesFees = state.feesReading === 'ledger' && version.fees.invoiced === 'accrue';
    const twins = accruesFees ? retainedTwins(entries, findings) : new Map<string, readonly string[]>();
    const carried = new Set([...twins.values()].flat());
    const facts = new Map<string, BookedFact[]>([[date.ledgerId, []]]);
    const keep = (ledgerId: string, fact: BookedFact): void => {
      findings.merge(fact.findings);
      const list = facts.get(ledgerId);
      if (list === undefined) facts.set(ledgerId, [fact]);
      else list.push(fact);
    };
    const others = freshFacts(date, state, findings);
    const bankLines = others.filter((fact): fact is BankLine => !('kind' in fact));
    const pastOf = await this.#pasts.of({ date: date.date, entries, orderLines, bankLines });
    const contexts = new Map<string, { readonly context: PostingContext; readonly past: Past }>();
    const withOf = (ledgerId: string): { readonly context: PostingContext; readonly past: Past } => {
      let known = contexts.get(ledgerId);
      if (known === undefined) {
        const context = this.#pasts.contextOf(version, ledgerId, state.feesReading);
        known = { context, past: pastOf(ledgerId) };
        contexts.set(ledgerId, known);
      }
      return known;
    };
    for (const entry of entries) {
      // An identity is long, and seldom is one looked for: where there is nothing to find, none is.
      if (carried.size > 0 && carried.has(entry.id)) continue;
      if (entry.ledgerId !== date.ledgerId) this.#noteOtherLedger(entry, date, findings);
      const { context, past } = withOf(entry.ledgerId);
      const booked = postEntry(entry, context, orderLines?.get(entry.id), past);
      past.feesOwed.book(booked);
      const own = twins.size === 0 ? undefined : twins.get(entry.id);
      keep(entry.ledgerId, own === undefined ? booked : { ...booked, twins: own });
    }
    const { context, past } = withOf(date.ledgerId);
    for (const fact of others) {
      const booked = 'kind' in fact ? postDocument(fact, context, past) : postBankLine(fact, context, past);
      past.feesOwed.book(booked);
      keep(date.ledgerId, booked);
    }
    return facts;
  }

  #noteOtherLedger(entry: LedgerEntry, date: LedgerDate, findings: FindingList): void {
    const message = `an item read from ledger ${date.ledgerId} names ledger ${entry.ledgerId} and is booked there`;
    findings.add('other-ledger', 'warning', message, 'check with the provider which ledger it belongs to', [entry.id]);
    const account = this.#stateOf(entry.ledgerId)[entry.account];
    account.provider = add(account.provider, entry.amount);
  }

  #makeVouchers(
    date: LedgerDate,
    version: PolicyVersion,
    state: LedgerState,
    facts: ReadonlyMap<string, readonly BookedFact[]>,
    findings: FindingList,
  ): Voucher[] {
    const { bookedOn, shape } = this.#options;
    const { lockedThrough } = this.#policy;
    const common = { currency: date.currency, profile: state.profile, shape, lockedThrough, bookedOn };
    const vouchers: Voucher[] = [];
    for (const [ledgerId, all] of facts) {
      const target = this.#stateOf(ledgerId);
      const booked: BookedFact[] = [];
      for (const fact of all) {
        if (fact.preBooked !== 0) target.preBooked = add(target.preBooked, fact.preBooked);
        if (fact.postings.length > 0) booked.push(fact);
      }
      // The other ledger's own read may bring a voucher of the same date: the part keeps the two keys apart.
      const other = {
        facts: booked,
        stem: dateStem(date.date),
        part: `X${shortHash(date.ledgerId, 5)}`,
        ledgerDate: date.date,
        version,
      };
      const groups = ledgerId === date.ledgerId ? groupFacts(date, version, state, booked, findings) : [other];
      for (const group of groups) vouchers.push(...makeVouchers({ ...common, ...group, ledgerId }, findings));
    }
    return vouchers;
  }

  #postToBalances(voucher: Voucher): void {
    const state = this.#stateOf(voucher.ledgerId);
    for (const { role, amount } of voucher.lines) {
      if (role === 'clearing') state.funds.books = add(state.funds.books, amount);
      else if (role === 'feesPayable') state.fees.books = add(state.fees.books, amount);
      else if (role === 'inTransit') state.inTransit = add(state.inTransit, amount);
    }
  }

  *#release(state: LedgerState, progress: Pick<ChainProgress, 'broken' | 'tooEarly'>): Generator<BookedDate> {
    if (state.held === undefined) return;
    const { held } = state;
    const { booked, following } = held;
    state.held = undefined;
    const findings = new FindingList(booked.ledgerId, booked.date, booked.findings);
    sayGap(held, progress, findings);
    yield { ...booked, findings: findings.all() };
    yield* following;
  }

  #booked(
    date: LedgerDate,
    version: PolicyVersion,
    state: LedgerState,
    vouchers: readonly Voucher[],
    findings: FindingList,
    entries: readonly LedgerEntry[],
    others: readonly string[],
  ): BookedDate {
    const totals = (ledgerId: string): LedgerTotals => {
      const its = others.length === 0 ? entries : entries.filter((entry) => entry.ledgerId === ledgerId);
      return totalsOf(ledgerId, its, state.feesReading);
    };
    const { lockedThrough } = this.#policy;
    return {
      ledgerId: date.ledgerId,
      date: date.date,
      currency: date.currency,
      provider: state.profile.provider,
      ...(lockedThrough === undefined ? {} : { lockedThrough }),
      bookable: isClosed(date) && !findings.has(openGroupCode),
      vouchers,
      findings: findings.all(),
      balances: [balancesOf(state, version), ...others.map((id) => balancesOf(this.#stateOf(id), version))],
      totals: [totals(date.ledgerId), ...others.map(totals)],
    };
  }

  #stateOf(ledgerId: string): LedgerState {
    let state = this.#ledgers.get(ledgerId);
    if (state === undefined) {
      state = openLedger(this.#policy, ledgerId);
      this.#ledgers.set(ledgerId, state);
    }
    return state;
  }
}

function needsOriginals(): BilagError {
  return new BilagError('config', {
    what: 'a checkpoint does not hold the sales that a refund may take back',
    where: 'book()',
    action: 'give the look-up originals, or book without a checkpoint',
  });
}

function isInCheckpoint(date: PlainDate, through: PlainDate): BilagError {
  return new BilagError('config', {
    what: `${date} came after ${through} had been passed by all ledgers`,
    where: 'book(), checkpoint',
    action: 'give the dates of all ledgers side by side, in order, and after a checkpoint only what comes after it',
  });
}

function mayHaveOrderLines(entry: LedgerEntry): boolean {
  return entry.account === 'funds' && /capture$|^refund$/.test(currentType(entry));
}
