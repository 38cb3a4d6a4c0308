import { isPlainDate, named } from '@bilag/core';
import { minorUnitsOf, shown } from '../amount.ts';
import { BalanceCheck } from './check-balances.ts';
import type { Findings } from './findings.ts';
import type { Field, Row } from '../rows.ts';

/** A voucher that is being read. */
interface OpenVoucher {
  readonly where: string;
  readonly name: string;
  /** The accounting year it is in, as #RAR numbers them. */
  readonly year: string;
  isOpen: boolean;
  rows: number;
  /** Whole minor units; exact, however large. */
  sum: bigint;
  /** Whether every amount could be read. */
  isWhole: boolean;
}

/** Vouchers: each balances, is dated in a year of the file, and uses what the file declares. */
export class VoucherCheck {
  readonly #findings: Findings;
  readonly #accounts: Set<string> = new Set();
  readonly #objects: Set<string> = new Set();
  readonly #years: { readonly number: string; readonly from: string; readonly to: string }[] = [];
  readonly #balances: BalanceCheck;
  readonly #lastNumbers: Map<string, number> = new Map();
  #voucher: OpenVoucher | undefined;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#balances = new BalanceCheck(findings);
  }

  row({ label, fields }: Row, where: string): void {
    const voucher = this.#voucher;
    if (voucher !== undefined && !voucher.isOpen && label !== '{') this.#close(`${voucher.name} has no rows in braces`);
    if (label === '#VER') this.#begin(fields, where);
    else if (label === '{' || label === '}') this.#brace(label, where);
    else if (label === '#TRANS') this.#posting(fields, where);
    else if (label === '#RAR') this.#year(fields, where);
    else if (label === '#KONTO' && this.#has(fields, 2, label, where)) this.#accounts.add(String(fields[0]));
    else if (label === '#OBJEKT' && this.#has(fields, 3, label, where)) this.#objects.add(`${fields[0]} ${fields[1]}`);
    else if (label === '#DIM') this.#has(fields, 2, label, where);
    else if (label === '#GEN' || label === '#OMFATTN') this.#optionalDate(fields[0], label, where);
    else this.#balance(label, fields, where);
  }

  /** A row could not be read: whether its voucher balances cannot be said. */
  lost(): void {
    this.#balances.isWhole = false;
    if (this.#voucher !== undefined) this.#voucher.isWhole = false;
  }

  end(): void {
    const voucher = this.#voucher;
    if (voucher === undefined) {
      this.#balances.end();
      return;
    }
    const message = `the file ends within ${voucher.name}`;
    this.#findings.add('sie-cut-off', 'error', voucher.where, message, 'get the file again: its end is missing');
  }

  #begin(fields: readonly Field[], where: string): void {
    if (this.#voucher !== undefined) this.#close(`${this.#voucher.name} is not closed`);
    if (!this.#has(fields, 3, '#VER', where)) return;
    const [series = '', number = '', date = ''] = fields.map(String);
    const name = `voucher ${[series, number].filter(Boolean).join(' ') || `of ${date}`}`;
    const day = this.#date(date, '#VER', where);
    this.#optionalDate(fields[4], '#VER', where);
    const year = this.#years.find(({ from, to }) => day !== undefined && day >= from && day <= to);
    this.#voucher = { where, name, year: year?.number ?? '0', isOpen: false, rows: 0, sum: 0n, isWhole: true };
    this.#mustAscend(series, number, where);
    if (day === undefined || this.#years.length === 0 || year !== undefined) return;
    const message = `${name}, ${date}, is in no accounting year of the file (#RAR)`;
    const action = 'see whether it belongs in these books';
    this.#findings.add('sie-date-outside-year', 'warning', where, message, action);
  }

  #brace(label: string, where: string): void {
    const voucher = this.#voucher;
    if (label === '{' && voucher !== undefined && !voucher.isOpen) {
      voucher.isOpen = true;
      return;
    }
    if (label === '{' || voucher === undefined) {
      const action = 'look for a brace too many or too few';
      this.#findings.add('sie-row', 'error', where, `a ${label} that belongs to no #VER`, action);
      return;
    }
    if (voucher.rows === 0) {
      const action = 'see whether it was meant to be cancelled';
      this.#findings.add('sie-voucher-empty', 'warning', voucher.where, `${voucher.name} has no #TRANS`, action);
    } else if (voucher.isWhole && voucher.sum !== 0n) {
      const message = `${voucher.name} does not balance: its rows come to ${shown(voucher.sum)}`;
      const action = 'import nothing of it; find the row that is missing or wrong where the file was made';
      this.#findings.add('sie-voucher-unbalanced', 'error', voucher.where, message, action);
    }
    this.#voucher = undefined;
  }

  #posting(fields: readonly Field[], where: string): void {
    const voucher = this.#voucher;
    if (voucher === undefined) {
      const action = 'look for a brace too many or too few';
      this.#findings.add('sie-row', 'error', where, 'a #TRANS that belongs to no #VER', action);
      return;
    }
    voucher.rows += 1;
    const [account, objects, amount, date] = fields;
    if (typeof account === 'string' && !this.#has(fields, 3, '#TRANS', where)) {
      voucher.isWhole = false;
      this.#balances.isWhole = false;
      return;
    }
    if (typeof account !== 'string' || !/^\d+$/.test(account)) {
      const problem =
        account === '' || typeof account !== 'string' ? 'without an account' : 'on no number of an account';
      this.#unreadable(voucher, `a #TRANS ${problem}`, 'name the account by its number', where);
      return;
    }
    if (!Array.isArray(objects)) {
      const action = 'write {} after the account where there are none';
      this.#unreadable(voucher, 'a #TRANS without its list of objects', action, where);
      return;
    }
    const minor = this.#amount(String(amount), where);
    if (minor === undefined) voucher.isWhole = false;
    else {
      voucher.sum += minor;
      this.#balances.post(voucher.year, account, minor);
    }
    this.#optionalDate(date, '#TRANS', where);
    this.#mustBeDeclared(account, objects as readonly string[], where);
  }

  #unreadable(voucher: OpenVoucher, message: string, action: string, where: string): void {
    voucher.isWhole = false;
    this.#balances.isWhole = false;
    this.#findings.add('sie-row', 'error', where, message, action);
  }

  /** Opening and closing balances, and other amounts of an account. */
  #balance(label: string, fields: readonly Field[], where: string): void {
    const place = named(placeOfAmount, label);
    if (place === undefined) return;
    if (!this.#has(fields, place + 1, label, where)) {
      this.#balances.isWhole = false;
      return;
    }
    const amount = this.#amount(String(fields[place]), where);
    const [year, account] = fields.map(String);
    if (amount === undefined || year === undefined || account === undefined) return;
    if (label === '#IB') this.#balances.opening(year, account, amount, where);
    else if (label === '#UB' || label === '#RES') this.#balances.closing(label, year, account, amount, where);
  }

  #amount(text: string, where: string): bigint | undefined {
    const minor = minorUnitsOf(text);
    if (minor !== undefined) return minor;
    this.#balances.isWhole = false;
    const message = `"${text.slice(0, 40)}" is not an amount`;
    const action = 'write it with a point, at most two decimals, and a minus where it is credit';
    this.#findings.add('sie-amount', 'error', where, message, action);
    return undefined;
  }

  /** A 4I file may leave the chart to the receiver; one that declares some has to declare all. */
  #mustBeDeclared(account: string, objects: readonly string[], where: string): void {
    if (this.#accounts.size > 0 && !this.#accounts.has(account)) {
      const message = `account ${account} has no #KONTO`;
      this.#findings.add(
        'sie-account-undeclared',
        'warning',
        where,
        message,
        'declare it, or open it before the import',
      );
      this.#accounts.add(account);
    }
    for (let at = 0; at < objects.length; at += 2) {
      const object = `${objects[at]} ${objects[at + 1] ?? ''}`;
      if (this.#objects.has(object)) continue;
      this.#objects.add(object);
      const message = `object ${objects[at + 1] ?? '(none)'} of dimension ${objects[at]} has no #OBJEKT`;
      this.#findings.add(
        'sie-object-undeclared',
        'warning',
        where,
        message,
        'declare it, or make it before the import',
      );
    }
  }

  /** Numbers are unique and ascend in their series; in a 4I file they may be empty. */
  #mustAscend(series: string, number: string, where: string): void {
    if (!/^\d{1,15}$/.test(number) || number === '0') return;
    const last = this.#lastNumbers.get(series) ?? 0;
    this.#lastNumbers.set(series, Math.max(last, Number(number)));
    if (Number(number) > last) return;
    const message = `voucher ${number} of series "${series}" comes after ${last}`;
    const action = 'see whether a voucher is there twice';
    this.#findings.add('sie-voucher-number', 'warning', where, message, action);
  }

  #year(fields: readonly Field[], where: string): void {
    const [number = '', from = '', to = ''] = fields.map(String);
    if (from === '' && to === '') return;
    const days = [from, to].map((day) => this.#date(day, '#RAR', where));
    if (days[0] !== undefined && days[1] !== undefined) {
      this.#years.push({ number, from: days[0], to: days[1] });
    }
  }

  #date(text: string, label: string, where: string): string | undefined {
    const [, year, month, dayOfMonth] = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? [];
    const day = `${year}-${month}-${dayOfMonth}`;
    if (isPlainDate(day)) return day;
    const message = `"${text.slice(0, 20)}" in ${label} is not a date`;
    this.#findings.add('sie-date', 'error', where, message, 'write an existing day as YYYYMMDD');
    return undefined;
  }

  #optionalDate(field: Field | undefined, label: string, where: string): void {
    if (typeof field === 'string' && field !== '') this.#date(field, label, where);
  }

  #has(fields: readonly Field[], count: number, label: string, where: string): boolean {
    if (fields.length >= count) return true;
    const message = `${label} has ${fields.length} of at least ${count} fields`;
    this.#findings.add('sie-row', 'error', where, message, 'get the file again, or mend the row');
    return false;
  }

  #close(problem: string): void {
    const where = this.#voucher?.where ?? '';
    this.#voucher = undefined;
    this.#findings.add('sie-row', 'error', where, problem, 'look for a brace too many or too few');
  }
}

/** Where the amount stands among the fields of a label. */
const placeOfAmount: Readonly<Record<string, number>> = {
  '#IB': 2,
  '#UB': 2,
  '#RES': 2,
  '#OIB': 3,
  '#OUB': 3,
  '#PSALDO': 4,
  '#PBUDGET': 4,
};
