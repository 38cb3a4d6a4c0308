import { named } from '../named.ts';
import { accountName } from '../policy/account-names.ts';
import type { FeesReading, OrderLine, PostingContext } from '../posting/booked-fact.ts';
import { differ, Follower, possibleVersions, versionFor, type LookUps } from '../posting/follow.ts';
import { currentType, type BankLine, type LedgerEntry } from '../ledger/ledger.ts';
import type { LedgerState } from './ledger-state.ts';
import type { PlainDate } from '../money/plain-date.ts';
import type { PayoutBooking } from '../posting/payouts.ts';
import type { Past } from '../posting/post-entry.ts';
import { accountsOf, type Policy, type PolicyVersion } from '../policy/policy.ts';
import { supplierAccounts } from '../policy/policy-accounts.ts';

/** The facts of a ledger date that may take back or complete earlier ones. */
export interface DateFacts {
  readonly date: PlainDate;
  readonly entries: readonly LedgerEntry[];
  readonly orderLines: ReadonlyMap<string, readonly OrderLine[]> | undefined;
  readonly bankLines: readonly BankLine[];
}

/** Looks back for the facts of a date, on each ledger they name. */
export class Pasts {
  readonly #policy: Policy;
  readonly #stateOf: (ledgerId: string) => LedgerState;
  readonly #follower: Follower;
  readonly #suppliers: PostingContext['suppliers'];

  constructor(policy: Policy, lookUps: LookUps, stateOf: (ledgerId: string) => LedgerState) {
    this.#policy = policy;
    this.#stateOf = stateOf;
    this.#suppliers = suppliersOf(policy);
    this.#follower = new Follower(policy, lookUps, (version, ledgerId) => this.contextOf(version, ledgerId));
  }

  contextOf(
    version: PolicyVersion,
    ledgerId: string,
    fees: FeesReading = this.#stateOf(ledgerId).feesReading,
  ): PostingContext {
    const accounts = accountsOf(version, ledgerId);
    const { provider } = this.#stateOf(ledgerId).profile;
    const name = named(version.accountNames, accounts.suspense) ?? accountName(version.language, 'suspense', provider);
    const suspense = `${accounts.suspense} (${name})`;
    return { version, accounts, fees, suspense, suppliers: this.#suppliers };
  }

  async of({ date, entries, orderLines, bankLines }: DateFacts): Promise<(ledgerId: string) => Past> {
    for (const entry of entries) if (isPayout(entry)) this.#stateOf(entry.ledgerId).payouts.schedule(entry);
    const followed = await this.#follower.follow(date, entries, orderLines, this.#unknownPayouts(entries, bankLines));
    for (const entry of followed.found) {
      const { payouts } = this.#stateOf(entry.ledgerId);
      if (isPayout(entry) && !payouts.isKnown(entry.pspReference ?? entry.id)) payouts.schedule(entry);
    }
    return (ledgerId) => {
      const { payouts, feesOwed } = this.#stateOf(ledgerId);
      const payoutBooking: PayoutBooking = {
        contextOn: (day) => this.contextOf(versionFor(this.#policy, day), ledgerId),
        agree: (by) =>
          !differ(possibleVersions(this.#policy, date), (version) => by(this.contextOf(version, ledgerId))),
      };
      return { followed, payouts, payoutBooking, feesOwed };
    };
  }

  /** The payouts that bank lines and aborted payouts name and nobody told us of. */
  #unknownPayouts(entries: readonly LedgerEntry[], bankLines: readonly BankLine[]): readonly string[] {
    const changes = this.#policy.versions.length > 1;
    const aborted = changes ? entries.filter((entry) => currentType(entry) === 'payout-aborted') : [];
    const told = [
      ...aborted.map(({ ledgerId, pspReference }) => [ledgerId, pspReference] as const),
      ...bankLines.map(({ ledgerId, payoutReference }) => [ledgerId, payoutReference] as const),
    ];
    return told.flatMap(([ledgerId, reference]) =>
      reference === null || this.#stateOf(ledgerId).payouts.isKnown(reference) ? [] : [reference],
    );
  }
}

function suppliersOf(policy: Policy): PostingContext['suppliers'] {
  const { supplier } = policy;
  const accounts = supplier === undefined ? [] : [...supplierAccounts(policy)];
  return new Map(accounts.map((account) => [account, { kind: 'supplier', id: supplier?.id ?? '' }]));
}

function isPayout(entry: LedgerEntry): boolean {
  return entry.account === 'funds' && entry.amount !== 0 && currentType(entry) === 'payout-scheduled';
}
