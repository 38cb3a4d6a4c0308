import type { BookParty } from '../contracts/contract.ts';
import { add, zero, type Amount } from '../money/amount.ts';
import type { PlainDate } from '../money/plain-date.ts';
import { openingBalances } from '../policy/opening-balances.ts';
import type { Policy } from '../policy/policy.ts';
import { linesOf, type JournalLine, type Voucher } from '../voucher/voucher.ts';

export type PartyAccount = Pick<BookParty, 'kind' | 'id' | 'account'>;

export function partyKey({ kind, id, account }: PartyAccount): string {
  return `${kind} ${account} ${id}`;
}

/** What is known of accounts before a period, as plain data. */
export interface AccountUseState {
  /** The first day of the accounting year that `results` are of. */
  readonly yearStart: PlainDate;
  readonly used: readonly string[];
  readonly balances: SumsState;
  /** Of the accounts that start at zero with each accounting year. */
  readonly results: SumsState;
}

interface SumsState {
  readonly accounts: readonly (readonly [account: string, amount: Amount])[];
  readonly parties: readonly (readonly [key: string, amount: Amount])[];
}

/** Which accounts the books use, and their balances at the start of the period, by account and by party. */
export class AccountUse {
  readonly #from: PlainDate;
  readonly #yearStart: PlainDate;
  readonly #resultAccounts: ReadonlySet<string>;
  readonly #used: Set<string>;
  readonly #balances: Sums;
  readonly #results: Sums;

  constructor(policy: Policy, from: PlainDate, yearStart: PlainDate, before?: AccountUseState) {
    this.#from = from;
    this.#yearStart = yearStart;
    this.#resultAccounts = new Set(
      policy.versions.flatMap((version) => [
        version.accounts.fee,
        ...Object.values(version.ledgers).flatMap(({ accounts }) => accounts.fee ?? []),
        ...Object.values(version.vat).map((vat) => vat.account),
      ]),
    );
    this.#used = new Set(before?.used);
    this.#balances = new Sums(before?.balances);
    this.#results = new Sums(before?.yearStart === yearStart ? before.results : undefined);
    if (before === undefined)
      for (const { account, amount } of openingBalances(policy)) this.#balances.add({ account, amount });
  }

  get state(): AccountUseState {
    const [balances, results] = [this.#balances.state, this.#results.state];
    return { yearStart: this.#yearStart, used: [...this.#used], balances, results };
  }

  take(voucher: Voucher): void {
    // Nearly all vouchers stand in the period, on accounts that others use.
    if (voucher.date >= this.#from && voucher.lines.every((line) => this.#usesAccountsOf(line))) return;
    for (const line of linesOf(voucher, 'explicit')) {
      this.#used.add(line.account);
      if (voucher.date >= this.#from) continue;
      if (!this.#resultAccounts.has(line.account)) this.#balances.add(line);
      else if (voucher.date >= this.#yearStart) this.#results.add(line);
    }
  }

  #usesAccountsOf({ account, vat }: JournalLine): boolean {
    if (!this.#used.has(account)) return false;
    if (vat === undefined) return true;
    const { account: own, deductionAccount: deducted } = vat;
    return (
      (own === null || this.#used.has(own)) && (deducted === null || deducted === undefined || this.#used.has(deducted))
    );
  }

  isUsed(number: string): boolean {
    return this.#used.has(number) || this.openingOf(number) !== 0;
  }

  openingOf(number: string): Amount {
    return add(this.#balances.ofAccount(number), this.#results.ofAccount(number));
  }

  openingOfParty(party: PartyAccount): Amount {
    const key = partyKey(party);
    return add(this.#balances.ofParty(key), this.#results.ofParty(key));
  }
}

class Sums {
  readonly #accounts: Map<string, Amount>;
  readonly #parties: Map<string, Amount>;

  constructor(before?: SumsState) {
    this.#accounts = new Map(before?.accounts);
    this.#parties = new Map(before?.parties);
  }

  get state(): SumsState {
    return { accounts: [...this.#accounts], parties: [...this.#parties] };
  }

  add({ account, amount, party }: Pick<JournalLine, 'account' | 'amount' | 'party'>): void {
    this.#accounts.set(account, add(this.ofAccount(account), amount));
    if (party === undefined) return;
    const key = partyKey({ ...party, account });
    this.#parties.set(key, add(this.ofParty(key), amount));
  }

  ofAccount(number: string): Amount {
    return this.#accounts.get(number) ?? zero;
  }

  ofParty(key: string): Amount {
    return this.#parties.get(key) ?? zero;
  }
}
