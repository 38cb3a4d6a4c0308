import {
  addDays,
  BilagError,
  decimalsOf,
  formatAmount,
  lastDayOfMonth,
  linesOf,
  negate,
  sum,
  voucherReference,
  voucherTexts,
  type Amount,
  type Book,
  type OutputFile,
  type PlainDate,
  type RenderContext,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { beancount } from './beancount.ts';
import type { JournalConfig } from './config.ts';
import type { Dialect, JournalHead, JournalPosting, JournalTransaction, Tag } from './dialect.ts';
import { hledger, ledger } from './ledger-like.ts';
import { nameAccounts, type AccountNames } from './name-accounts.ts';

const dialects: Readonly<Record<JournalConfig['dialect'], Dialect>> = { hledger, ledger, beancount };

type Period = Book['period'];

/** Everything the parts of a journal are written with. */
interface Journal {
  readonly book: Book;
  readonly dialect: Dialect;
  readonly names: AccountNames;
  readonly accountWidth: number;
  readonly decimals: number;
}

/** The journal of a book in one dialect: one file, or a main file and those it includes. Vouchers are streamed. */
export async function* render(book: Book, config: JournalConfig, context: RenderContext): AsyncGenerator<OutputFile> {
  const dialect = dialects[config.dialect];
  const names = nameAccounts(book, config, dialect);
  const accountWidth = Math.max(...[...names.byNumber.values(), names.opening].map((name) => name.length));
  const journal: Journal = { book, dialect, names, accountWidth, decimals: decimalsOf(book.company.currency) };
  const start = startOf(journal, context);
  if (config.split === 'none') {
    yield fileOf(journal, book.period, contentOf(journal, book.period, start));
    return;
  }
  const parts = partsOf(book.period, config.split);
  const includes = parts.map((part) => dialect.include(fileName(journal, part)));
  yield fileOf(journal, book.period, [start, ...includes], 'main-');
  for (const part of parts) {
    const title = dialect.comment(
      `${part.from} to ${part.to}; read it through the main file, which names the accounts`,
    );
    yield fileOf(journal, part, contentOf(journal, part, `${title}\n`));
  }
}

function fileOf(journal: Journal, period: Period, content: OutputFile['content'], prefix = ''): OutputFile {
  return { name: fileName(journal, period, prefix), mediaType: 'text/plain; charset=utf-8', period, content };
}

/** Of numbers, dates and the currency alone: no customer and no company is named in a file name. */
function fileName({ book, dialect }: Journal, { from, to }: Period, prefix = ''): string {
  const { organisationNumber, currency } = book.company;
  return `${prefix}${organisationNumber}-${currency}-${from}-${to}.${dialect.extension}`;
}

async function* contentOf(journal: Journal, part: Period, start: string): AsyncGenerator<string> {
  yield start;
  yield* voucherTexts(journal.book, (voucher) => {
    checkVoucher(voucher, journal.book);
    const isIn = voucher.date >= part.from && voucher.date <= part.to;
    return isIn ? write(journal, toTransaction(voucher, journal)) : '';
  });
}

/** Declarations and opening balances. */
function startOf(journal: Journal, { createdAt }: RenderContext): string {
  const { company, period, dimensions } = journal.book;
  const { names, dialect, decimals } = journal;
  const dimensionTags = new Set(dimensions.map((dimension) => dimensionTag(dimension.type)));
  const head: JournalHead = {
    comments: [
      `${company.name}, ${company.organisationNumber}`,
      `${period.from} to ${period.to}, ${company.currency}`,
      `Written by Bilag, ${createdAt}`,
    ],
    title: company.name,
    currency: company.currency,
    decimals,
    from: period.from,
    accounts: [...names.byNumber.values(), names.opening],
    tags: [...voucherTags, ...lineTags, ...dimensionTags],
  };
  const opening = openingTransaction(journal);
  return dialect.head(head) + (opening === undefined ? '' : write(journal, opening));
}

function write({ dialect, book, accountWidth }: Journal, transaction: JournalTransaction): string {
  return dialect.transaction(transaction, book.company.currency, accountWidth);
}

function openingTransaction(journal: Journal): JournalTransaction | undefined {
  const { book, names, decimals } = journal;
  const open = book.accounts.filter((account) => account.opening !== 0);
  if (open.length === 0) return undefined;
  const posting = (account: string, amount: Amount): JournalPosting => ({
    account,
    amount: formatAmount(amount, decimals),
    text: '',
    tags: [],
  });
  const rest = negate(sum(open.map((account) => account.opening)));
  return {
    date: book.period.from,
    reference: 'OPENING',
    description: 'Opening balances',
    tags: [],
    postings: [
      ...open.map((account) => posting(fullName(account.number, journal), account.opening)),
      ...(rest === 0 ? [] : [posting(names.opening, rest)]),
    ],
  };
}

const voucherTags = ['series', 'ledger', 'ledger-date', 'document', 'facts'];
const lineTags = ['vat', 'reference', 'customer', 'supplier'];

function toTransaction(voucher: Voucher, journal: Journal): JournalTransaction {
  const tags: Tag[] = [
    ['series', voucher.series],
    ['ledger', voucher.ledgerId],
    // Told where a locked period moved the booking away from the day of the facts.
    ...(voucher.ledgerDate === voucher.date ? [] : [['ledger-date', voucher.ledgerDate] as const satisfies Tag]),
    ['document', voucher.document],
    ['facts', String(voucher.facts.length)],
  ];
  return {
    date: voucher.date,
    reference: voucherReference(voucher),
    description: voucher.description,
    tags,
    postings: linesOf(voucher, 'explicit').map((line) => toPosting(line, voucher, journal)),
  };
}

function toPosting(line: ViewedLine, voucher: Voucher, journal: Journal): JournalPosting {
  const { vat, reference, dimensions = {}, party } = line;
  const tags: Tag[] = [];
  if (vat !== undefined) tags.push(['vat', vat.code]);
  if (reference !== undefined) tags.push(['reference', reference]);
  if (party !== undefined) tags.push([party.kind, party.id]);
  for (const [type, id] of Object.entries(dimensions)) tags.push([dimensionTag(type), id]);
  return {
    account: fullName(line.account, journal, voucher),
    amount: formatAmount(line.amount, journal.decimals),
    text: line.text,
    tags,
  };
}

/** A prefix keeps a dimension the merchant calls `date` from being taken for one. */
function dimensionTag(type: string): string {
  return `dimension-${type.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.replace(/-+$/, '');
}

function fullName(number: string, { names }: Journal, voucher?: Voucher): string {
  const name = names.byNumber.get(number);
  if (name !== undefined) return name;
  throw unfitVoucher(`account ${number} is not among the accounts of the book`, voucher?.key ?? 'opening');
}

function checkVoucher(voucher: Voucher, { company, period }: Book): void {
  if (voucher.currency !== company.currency) {
    throw unfitVoucher(`it is in ${voucher.currency}, the book in ${company.currency}`, voucher.key);
  }
  if (voucher.date < period.from || voucher.date > period.to) {
    throw unfitVoucher(`its date ${voucher.date} lies outside ${period.from} to ${period.to}`, voucher.key);
  }
}

function unfitVoucher(problem: string, key: string): BilagError {
  return new BilagError('rejected', {
    what: `the voucher does not belong to the book: ${problem}`,
    where: `voucher ${key}`,
    action: 'prepare the book anew from the same policy and period',
  });
}

/** The months or years of a period; the first and the last may be cut short. */
function partsOf({ from, to }: Period, split: 'month' | 'year'): Period[] {
  const parts: Period[] = [];
  for (let start = from; start <= to;) {
    const end = split === 'month' ? lastDayOfMonth(start) : (`${start.slice(0, 4)}-12-31` as PlainDate);
    parts.push({ from: start, to: end < to ? end : to });
    start = addDays(end, 1);
  }
  return parts;
}
