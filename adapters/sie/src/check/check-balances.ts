import { shown } from '../amount.ts';
import type { Findings } from './findings.ts';

interface Balance {
  opening: bigint;
  openedAt: string | undefined;
  movement: bigint;
  closing: { readonly label: string; readonly amount: bigint; readonly where: string } | undefined;
}

/** Whether the closing balances of a year follow from its opening balances and its vouchers, and a year from the one before. */
export class BalanceCheck {
  readonly #findings: Findings;
  /** Year (0, -1 …) → account → its balance. */
  readonly #years: Map<string, Map<string, Balance>> = new Map();
  readonly #withVouchers: Set<string> = new Set();
  readonly #withClosings: Set<string> = new Set();
  /** Whether everything could be read: else nothing follows from anything. */
  isWhole = true;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  opening(year: string, account: string, amount: bigint, where: string): void {
    const balance = this.#of(year, account);
    balance.opening += amount;
    balance.openedAt = where;
  }

  closing(label: string, year: string, account: string, amount: bigint, where: string): void {
    this.#withClosings.add(year);
    this.#of(year, account).closing = { label, amount, where };
  }

  post(year: string, account: string, amount: bigint): void {
    this.#withVouchers.add(year);
    this.#of(year, account).movement += amount;
  }

  end(): void {
    if (!this.isWhole) return;
    for (const [year, accounts] of this.#years) {
      this.#mustGoOn(year, accounts, this.#years.get(String(Number(year) - 1)));
      // The years before are told in balances alone, and a file may have vouchers alone.
      if (!this.#withVouchers.has(year) || !this.#withClosings.has(year)) continue;
      for (const [account, balance] of accounts) this.#mustFollow(account, year, balance);
    }
  }

  /** A year before that was not closed yet when the file was made leaves a difference that is nobody's fault: a warning. */
  #mustGoOn(
    year: string,
    accounts: ReadonlyMap<string, Balance>,
    before: ReadonlyMap<string, Balance> | undefined,
  ): void {
    if (before === undefined || ![...before.values()].some(({ closing }) => closing?.label === '#UB')) return;
    for (const account of new Set([...accounts.keys(), ...before.keys()])) {
      const closing = before.get(account)?.closing;
      const opening = accounts.get(account);
      const due = closing?.label === '#UB' ? closing.amount : 0n;
      if (due === (opening?.opening ?? 0n)) continue;
      const message = `account ${account}: year ${Number(year) - 1} ends with ${shown(due)}, and year ${year} begins with ${shown(opening?.opening ?? 0n)}`;
      const action = 'see whether the year before is closed, and export again when it is';
      this.#findings.add('sie-opening', 'warning', opening?.openedAt ?? closing?.where ?? 'the file', message, action);
    }
  }

  #mustFollow(account: string, year: string, { opening, movement, closing }: Balance): void {
    const due = opening + movement;
    if (due === (closing?.amount ?? 0n)) return;
    const told = closing === undefined ? 'no #UB and no #RES tells it' : `${closing.label} is ${shown(closing.amount)}`;
    const message = `account ${account}, year ${year}: #IB ${shown(opening)} and vouchers ${shown(movement)} give ${shown(due)}, and ${told}`;
    const action = 'see whether a voucher is missing or there twice, or export the whole year again';
    this.#findings.add('sie-balance', 'error', closing?.where ?? 'the file', message, action);
  }

  #of(year: string, account: string): Balance {
    const accounts = this.#years.get(year) ?? new Map<string, Balance>();
    this.#years.set(year, accounts);
    const balance = accounts.get(account) ?? { opening: 0n, openedAt: undefined, movement: 0n, closing: undefined };
    accounts.set(account, balance);
    return balance;
  }
}
