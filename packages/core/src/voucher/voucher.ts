import { named } from '../named.ts';
import { hash } from 'node:crypto';
import { add, formatAmount, negate, sum, zero, type Amount } from '../money/amount.ts';
import { BilagError } from '../errors.ts';
import { isPlainDate, type PlainDate } from '../money/plain-date.ts';
import type { AccountRole } from '../policy/chart.ts';

/** What the voucher is to a target: the documentation of a `sale`, or a `journal` entry. */
export type DocumentKind = 'sale' | 'journal';

/** VAT on a base line. Its own posting is not a line of the voucher: {@link linesOf} makes it for targets that need it. */
export interface LineVat {
  /** `contained`: inside the gross amount. `reverse-charge`: on top of it, owed and deducted by the merchant. */
  readonly kind: 'contained' | 'reverse-charge';
  /** The code in the merchant's books, such as the SAF-T standard code `3`. */
  readonly code: string;
  /** Where the VAT amount is posted; null when there is none to post. */
  readonly account: string | null;
  /** Reverse charge only: where the deduction is posted; null when there is no right to deduct. */
  readonly deductionAccount?: string | null;
  readonly rateBasisPoints: number;
  /** Signed like the line. */
  readonly net: Amount;
  /** Signed like the line. For `contained`, net + amount is the line's gross amount. */
  readonly amount: Amount;
}

/** Who a receivable or payable line is owed by or to. */
export interface LineParty {
  readonly kind: 'customer' | 'supplier';
  readonly id: string;
}

/** One posting: an account and a signed gross amount, debit plus and credit minus. */
export interface JournalLine {
  readonly account: string;
  readonly amount: Amount;
  /** The part the account plays for Bilag; absent for revenue. */
  readonly role?: AccountRole;
  readonly vat?: LineVat;
  /** Dimension → value, such as `{ department: '10' }`. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly party?: LineParty;
  /** Short, in the policy's language, without personal data. */
  readonly text: string;
  /** The provider's reference: a PSP reference, a payout number. Never the customer's own text. */
  readonly reference?: string;
  /** Ids of the facts this line is made of. */
  readonly facts: readonly string[];
}

/** One balanced voucher: what is posted in one write. Frozen; made by {@link createVoucher}. */
export interface Voucher {
  /** A pure function of ledger, ledger date or payout, and part; see {@link voucherReference}. */
  readonly key: string;
  /** 1 for the first booking; a correction re-books under the next. */
  readonly revision: number;
  /** The posting date. */
  readonly date: PlainDate;
  readonly ledgerId: string;
  /** The ledger date the facts belong to: earlier than `date` when a locked period moved the booking. */
  readonly ledgerDate: PlainDate;
  readonly series: string;
  readonly document: DocumentKind;
  readonly description: string;
  readonly currency: string;
  readonly lines: readonly JournalLine[];
  /** Ids of every fact booked here. */
  readonly facts: readonly string[];
  /** Of date, accounts, amounts, VAT, dimensions and currency; never of texts. */
  readonly digest: string;
}

/** What a voucher is made from. */
export type VoucherParts = Omit<Voucher, 'digest' | 'revision'> & { readonly revision?: number };

/**
 * Makes a voucher, or throws: one that does not balance, has no line, no fact, no valid date or no key cannot exist.
 *
 * @example
 * ```ts
 * import { amount, createVoucher, plainDate } from '@bilag/core';
 *
 * const voucher = createVoucher({
 *   key: '302321-20221001',
 *   date: plainDate('2022-10-01'),
 *   ledgerId: '302321',
 *   ledgerDate: plainDate('2022-10-01'),
 *   series: 'SALES',
 *   document: 'journal',
 *   description: 'Ledger 302321, 2022-10-01',
 *   currency: 'NOK',
 *   lines: [
 *     { account: '1920', amount: amount(189), text: 'Utbetaling 2000045', facts: ['payout'] },
 *     { account: '1579', amount: amount(-189), text: 'Utbetaling 2000045', facts: ['payout'] },
 *   ],
 *   facts: ['payout'],
 * });
 * voucher.revision; // => 1
 * ```
 */
export function createVoucher(parts: VoucherParts): Voucher {
  const { revision = 1, lines } = parts;
  const problem = problemOf(parts, revision);
  if (problem !== undefined) {
    throw new BilagError('rejected', {
      what: problem,
      where: `voucher ${parts.key || 'without a key'}`,
      action: 'mend the lines that make this voucher; nothing of it was booked',
    });
  }
  for (const line of lines) freezeLine(line);
  Object.freeze(lines);
  Object.freeze(parts.facts);
  const { key, date, ledgerId, ledgerDate, series, document, description, currency, facts } = parts;
  const voucher = { key, date, ledgerId, ledgerDate, series, document, description, currency, lines, facts, revision };
  return Object.freeze(Object.defineProperty(voucher, 'digest', digestWhenAsked)) as Voucher;
}

/** Most of what it costs to make a voucher, and not everybody asks for it. One for all: V8 keeps a shape for each getter. */
const digestWhenAsked = {
  enumerable: true,
  get(this: Voucher): string {
    const known = digests.get(this);
    if (known !== undefined) return known;
    const digest = digestOf(this);
    digests.set(this, digest);
    return digest;
  },
};

const digests = new WeakMap<Voucher, string>();

/**
 * The reference a voucher carries in the target: its key, and its revision from the second on. At most 35 characters of
 * `[A-Z0-9.-]` (SAF-T's ReferenceNumber).
 */
export function voucherReference(voucher: Pick<Voucher, 'key' | 'revision'>): string {
  return voucher.revision === 1 ? voucher.key : `${voucher.key}.R${voucher.revision}`;
}

const keyPattern = /^[A-Z0-9][A-Z0-9.-]*$/;

function problemOf(parts: VoucherParts, revision: number): string | undefined {
  if (
    !keyPattern.test(parts.key) ||
    voucherReference({ key: parts.key, revision: Math.max(revision, 99) }).length > 35
  ) {
    return `the key "${parts.key}" is not at most 31 characters of A-Z, 0-9, point and hyphen`;
  }
  if (!Number.isInteger(revision) || revision < 1 || revision > 99) return `the revision ${revision} is not 1 to 99`;
  if (!isPlainDate(parts.date)) return `"${parts.date}" is not a date`;
  if (parts.facts.length === 0) return 'the voucher names no fact it came from';
  if (parts.lines.length < 2) return 'the voucher has fewer than two lines';
  let balance = zero;
  for (const line of parts.lines) {
    if (line.account === '') return 'a line has no account';
    if (line.amount === 0) return `a line on account ${line.account} has no amount`;
    if (line.vat?.kind === 'contained' && add(line.vat.net, line.vat.amount) !== line.amount) {
      return `net and VAT on account ${line.account} do not add up to the gross amount ${formatAmount(line.amount)}`;
    }
    if (line.vat !== undefined && line.vat.amount !== 0 && line.vat.account === null) {
      return `the VAT on account ${line.account} has no VAT account`;
    }
    balance = add(balance, line.amount);
  }
  return balance === 0 ? undefined : `debit and credit differ by ${formatAmount(balance)}`;
}

function freezeLine(line: JournalLine): void {
  Object.freeze(line.vat);
  Object.freeze(line.dimensions);
  Object.freeze(line.party);
  Object.freeze(line.facts);
  Object.freeze(line);
}

/** What a digest is made of: a voucher, or what was read back from a target. */
export interface DigestParts {
  readonly date: PlainDate;
  readonly currency: string;
  readonly lines: readonly Pick<JournalLine, 'account' | 'amount' | 'vat' | 'dimensions'>[];
}

/** The digest of a booking: equal for equal books whatever the texts and the order of lines. */
export function digestOf(parts: DigestParts): string {
  const lines = parts.lines.map(lineFingerprint).sort();
  return hash('sha256', [parts.date, parts.currency, ...lines].join('\n'));
}

/** Parts are set apart by a tab, which no account, code or dimension may hold unescaped. */
function lineFingerprint({ account, amount, vat, dimensions }: DigestParts['lines'][number]): string {
  let text = `${escaped(account)}\t${amount}`;
  if (vat !== undefined) {
    const { kind, code, account: vatAccount, deductionAccount } = vat;
    text += `\t${kind}\t${escaped(code)}\t${escaped(vatAccount ?? '')}\t${escaped(deductionAccount ?? '')}\t${vat.amount}`;
  }
  if (dimensions === undefined) return text;
  for (const name of Object.keys(dimensions).sort())
    text += `\t${escaped(name)}=${escaped(named(dimensions, name) ?? '')}`;
  return text;
}

function escaped(text: string): string {
  // By hand: most are four digits, and a pattern would take longer to start than to look at them.
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === tab || unit === lineFeed || unit === equals || unit === backslash)
      return JSON.stringify(text).replaceAll('=', '\\u003d');
  }
  return text;
}

const [tab, lineFeed, equals, backslash] = [0x09, 0x0a, 0x3d, 0x5c];

/**
 * How a target takes VAT. `gross`: gross amount and code. `net`: net amount and code, the target adds the VAT.
 * `explicit`: a net line with the code and a line of its own for the VAT.
 */
export type VatView = 'gross' | 'net' | 'explicit';

/** A line as a target with one {@link VatView} takes it. */
export interface ViewedLine extends Omit<JournalLine, 'role'> {
  /** `vat` on the lines that {@link linesOf} adds for VAT in the explicit view. */
  readonly role?: AccountRole | 'vat';
}

/**
 * A voucher's lines as a target takes them. The explicit view balances by itself; lines that come to zero are left out.
 *
 * @example
 * ```ts
 * import { amount, linesOf, type JournalLine } from '@bilag/core';
 *
 * const sale: JournalLine = {
 *   account: '3000',
 *   amount: amount(-900),
 *   vat: { kind: 'contained', code: '3', account: '2700', rateBasisPoints: 2500, net: amount(-720), amount: amount(-180) },
 *   text: 'Salg',
 *   facts: ['capture'],
 * };
 * linesOf({ lines: [sale] }, 'explicit').map((line) => [line.account, line.amount]); // => [['3000', -720], ['2700', -180]]
 * ```
 */
export function linesOf(voucher: Pick<Voucher, 'lines'>, view: VatView): readonly ViewedLine[] {
  if (view === 'gross') return voucher.lines;
  if (view === 'net') return voucher.lines.map((line) => (line.vat ? withAmount(line, line.vat.net) : line));
  const lines: ViewedLine[] = [];
  const put = (line: ViewedLine): void => void (line.amount !== 0 && lines.push(line));
  for (const line of voucher.lines) {
    const { vat } = line;
    if (vat === undefined) put(line);
    else putExplicit(line, vat, put);
  }
  return lines;
}

/** A base line, and what is posted of its VAT. */
function putExplicit(line: JournalLine, vat: LineVat, put: (line: ViewedLine) => void): void {
  const account = vat.account ?? '';
  if (vat.kind === 'contained') {
    put(withAmount(line, vat.net));
    put(vatLine(line, account, vat.amount));
    return;
  }
  // Reverse charge: the VAT is owed (the other sign of the cost) and deducted, or becomes part of the cost.
  if (vat.deductionAccount === null || vat.deductionAccount === undefined) {
    put(withAmount(line, add(line.amount, vat.amount)));
  } else {
    put(line);
    put(vatLine(line, vat.deductionAccount, vat.amount));
  }
  put(vatLine(line, account, negate(vat.amount)));
}

function withAmount(line: JournalLine, amount: Amount): ViewedLine {
  return { ...line, amount };
}

function vatLine({ text, reference, facts }: JournalLine, account: string, amount: Amount): ViewedLine {
  return reference === undefined
    ? { account, amount, role: 'vat', text, facts }
    : { account, amount, role: 'vat', text, reference, facts };
}

/** Debit total of lines: the sum of their positive amounts. */
export function debitOf(lines: readonly Pick<JournalLine, 'amount'>[]): Amount {
  return sum(lines.filter((line) => line.amount > 0).map((line) => line.amount));
}
