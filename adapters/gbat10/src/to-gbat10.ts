import {
  BilagError,
  encodeWindows1252,
  formatAmount,
  linesOf,
  named,
  toWindows1252Text,
  voucherReference,
  voucherTexts,
  zero,
  type Amount,
  type Book,
  type ErrorKind,
  type JournalLine,
  type OutputFile,
  type PlainDate,
  type Voucher,
} from '@bilag/core';
import type { Gbat10Config } from './config.ts';

/**
 * The file of a book: a row for each posting, in the columns of Mamut's description of GBAT10. The book is read once;
 * memory holds one voucher.
 */
export async function* toGbat10(book: Book, config: Gbat10Config): AsyncGenerator<OutputFile> {
  mustBeKroner(book);
  const { organisationNumber, currency } = book.company;
  yield {
    name: `${organisationNumber}-${currency}-${book.period.from}-${book.period.to}-gbat10.csv`,
    mediaType: `text/csv; charset=${config.encoding}; header=absent`,
    content: encoded(book, config),
  };
}

async function* encoded(book: Book, config: Gbat10Config): AsyncGenerator<string | Uint8Array> {
  const numbers = new VoucherNumbers();
  const texts = voucherTexts(book, (voucher) => {
    mustBelongTo(book, voucher);
    return rowsOf(voucher, numbers.next(voucher), config);
  });
  for await (const text of texts) yield config.encoding === 'utf-8' ? text : encodeWindows1252(text);
}

/**
 * Eight digits: month, day, and which voucher of the date it is. The same book gives the same numbers, and a number is not
 * used twice in a year, which is as long as a series of the receiving systems.
 */
class VoucherNumbers {
  readonly #counts = new Map<PlainDate, number>();

  next({ date, key }: Voucher): string {
    const count = (this.#counts.get(date) ?? 0) + 1;
    if (count > 9_999) {
      const remedy = 'choose another "grouping" in the policy, or export fewer ledgers at a time';
      throw refusal(
        'unsupported',
        `${date} has more than 9,999 vouchers, and their numbers have four digits`,
        key,
        remedy,
      );
    }
    this.#counts.set(date, count);
    return `${date.slice(5, 7)}${date.slice(8)}${String(count).padStart(4, '0')}`;
  }
}

function rowsOf(voucher: Voucher, number: string, config: Gbat10Config): string {
  const reference = voucherReference(voucher);
  const rows = voucher.lines.flatMap((line) => {
    const views = linesOf({ lines: [line] }, 'explicit');
    const base = views.find(({ role }) => role !== 'vat');
    const code = line.vat === undefined ? config.codeWithoutVat : vatCodeOf(line.vat.code, config, voucher.key);
    const own = rowOf(voucher, number, config, line, {
      account: line.account,
      code,
      net: base?.amount ?? zero,
      gross: line.amount,
      takesVat: true,
      text: `${reference} ${line.text}`,
    });
    const ofVat = views
      .filter(({ role }) => role === 'vat')
      .map(({ account, amount: net, text }) => {
        const posting = { account, code: config.codeWithoutVat, net, gross: zero, takesVat: false };
        return rowOf(voucher, number, config, line, { ...posting, text: `${reference} ${text}` });
      });
    return [own, ...ofVat];
  });
  return rows.join('');
}

interface Posting {
  readonly account: string;
  readonly code: string;
  /** Without VAT. */
  readonly net: Amount;
  /** With VAT; zero on a row of VAT, which is in the gross amount of the row before. */
  readonly gross: Amount;
  /** False on a row of VAT: a system that computes VAT by itself skips it. */
  readonly takesVat: boolean;
  readonly text: string;
}

/** The columns in their order; the numbers are those of the vendor's page, from 0. */
function rowOf(voucher: Voucher, number: string, config: Gbat10Config, line: JournalLine, posting: Posting): string {
  const where = `voucher ${voucher.key}`;
  const { customer, supplier } = partyOf(line, where);
  const { department, project } = dimensionsOf(line, config, where);
  const date = voucher.date.replaceAll('-', '');
  const columns = [
    'GBAT10', // 0
    number,
    date,
    String(config.voucherType),
    String(Number(date.slice(4, 6))),
    date.slice(0, 4),
    digits(posting.account, 4, 'account', where),
    posting.code,
    formatAmount(posting.net), // 8
    customer,
    supplier,
    ';;;;;;;;', // 11–19: name, address, postcode, city, invoice number, KID, due date, not used, bank account
    shortText(posting.text, config), // 20
    '', // 21: text for the customer's or supplier's account
    '', // 22: interest
    project, // 23
    department,
    '', // 25: terms of payment
    posting.takesVat ? 'T' : 'F', // 26
    formatAmount(posting.gross),
  ];
  return `${columns.join(';')}\r\n`;
}

function vatCodeOf(code: string, { vatCodes }: Gbat10Config, key: string): string {
  const known = named(vatCodes, code) ?? code;
  if (/^\d{1,5}$/.test(known)) return known;
  throw refusal(
    'config',
    `the VAT code "${code}" is not one to five digits`,
    `voucher ${key}`,
    `give its number in the receiving system: "vatCodes": { "${code}": "…" }`,
  );
}

function partyOf({ party }: JournalLine, where: string): { readonly customer: string; readonly supplier: string } {
  if (party === undefined) return { customer: '', supplier: '' };
  const id = digits(party.id, 9, party.kind, where);
  return party.kind === 'customer' ? { customer: id, supplier: '' } : { customer: '', supplier: id };
}

/** A dimension without a column would be lost without a word. */
function dimensionsOf(
  { dimensions = {} }: JournalLine,
  { department, project }: Gbat10Config,
  where: string,
): { readonly department: string; readonly project: string } {
  const lost = Object.keys(dimensions).find((type) => type !== department && type !== project);
  if (lost !== undefined) {
    const remedy = 'name it as "department" or "project" in the config of this target, or use another target';
    throw refusal('unsupported', `the dimension "${lost}" has no column`, where, remedy);
  }
  const valueOf = (type: string | undefined, longest: number): string => {
    const value = type === undefined ? undefined : named(dimensions, type);
    return value === undefined ? '' : digits(value, longest, `${type}`, where);
  };
  return { department: valueOf(department, 4), project: valueOf(project, 6) };
}

/** What names something in the books is written as it is, or not at all. */
function digits(value: string, longest: number, what: string, where: string): string {
  if (new RegExp(`^\\d{1,${longest}}$`).test(value)) return value;
  const problem = `the ${what} "${value.slice(0, 40)}" is not a number of at most ${longest} digits`;
  throw refusal('unsupported', problem, where, 'name it by its number in the receiving system');
}

/** A hundred characters, without what would end the field or the row; the reference stands first and survives. */
function shortText(text: string, { encoding }: Gbat10Config): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(';', ',')
    .replaceAll('"', "'");
  return [...(encoding === 'utf-8' ? line : toWindows1252Text(line))].slice(0, 100).join('').trimEnd();
}

function mustBeKroner({ company: { currency } }: Book): void {
  if (currency === 'NOK') return;
  const problem = `the book is in ${currency}, and GBAT10 names no currency: its amounts would be taken for kroner`;
  throw refusal('unsupported', problem, 'company.currency', 'choose another target for this ledger');
}

function mustBelongTo({ company, period }: Book, { key, currency, date }: Voucher): void {
  if (currency === company.currency && date >= period.from && date <= period.to) return;
  throw refusal(
    'rejected',
    `it is of ${date} in ${currency}, and the file of ${period.from} to ${period.to} in ${company.currency}`,
    `voucher ${key}`,
    'prepare the book anew from the same policy and period, one currency at a time',
  );
}

function refusal(kind: ErrorKind, what: string, where: string, remedy: string): BilagError {
  return new BilagError(kind, { what, where, action: `${remedy}; the file was not finished` });
}
