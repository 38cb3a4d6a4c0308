import { named } from '../named.ts';
import { accountName, policyAccounts, treatmentName, type Providers } from '../policy/account-names.ts';
import type { Book, BookAccount, BookCompany, BookDimension, BookParty, BookVatCode } from '../contracts/contract.ts';
import { AccountUse, partyKey, type AccountUseState } from './account-use.ts';
import { book, type BookOptions } from './book.ts';
import { isDeliverable, type BookedDate } from './booked-date.ts';
import type { BookCheckpoint } from './checkpoint.ts';
import { BilagError } from '../errors.ts';
import type { LedgerDate } from '../ledger/ledger.ts';
import { fiscalYearStart } from '../policy/fiscal-year.ts';
import { addDays, type PlainDate } from '../money/plain-date.ts';
import type { Policy, PolicyVersion } from '../policy/policy.ts';
import { accountsOfRole, supplierAccounts } from '../policy/policy-accounts.ts';
import type { Voucher } from '../voucher/voucher.ts';
import type { VoucherSpool } from '../voucher/voucher-spool.ts';
import { notingLast, withMonthEnds, type DateHead } from '../ledger/weave.ts';

/** What a book is made of. */
export interface BookSource {
  /** Whose books; results start at zero with its accounting year. */
  readonly company: BookCompany;
  readonly period: { readonly from: PlainDate; readonly to: PlainDate };
  readonly policy: Policy;
  /**
   * Every ledger date from the cut-over to the end of the period, again at each call: earlier dates make the opening
   * balances. Dates of one ledger ascend; a file reads best when all of them do.
   */
  readonly dates: () => AsyncIterable<LedgerDate> | Iterable<LedgerDate>;
  /**
   * Whether the source gives every date, also quiet ones, as reading by date does. Then a missing date is refused: a
   * period that was not read to its end must not look complete.
   */
  readonly everyDate?: boolean;
  readonly options?: Omit<BookOptions, 'from' | 'checkpoint'>;
  /**
   * Where the vouchers of the period are kept. The book is read from it, and only as long as it is open; without one, each
   * reading books everything again.
   */
  readonly spool?: VoucherSpool;
  /** Told of every booked date up to the period's end, for findings, totals and balances. */
  readonly onBooked?: (booked: BookedDate) => void;
  /** Where to go on from: then `dates` gives only what comes after it. Throws `config` where it is not before the period. */
  readonly opening?: BookOpening;
  /** Told, once, what a later book goes on from: where everything stands that comes before the period. It takes dates side by side. */
  readonly keepOpening?: (opening: BookOpening) => void;
}

/**
 * What a book knows of the dates before its period, to go on from for the same period or a later one. Plain data, which may be kept as
 * JSON. It holds for the dates, the policy and the shape that it was made of, as {@link BookCheckpoint} says, for the same start of the
 * accounting year, and where none of its vouchers is dated in the period: their keeper has to know.
 */
export interface BookOpening {
  readonly books: BookCheckpoint;
  readonly use: AccountUseState;
  /** The last date of each ledger, in the order in which they came first. */
  readonly lastDates: readonly DateHead[];
}

/**
 * Books everything, to know the opening balances and that nothing forbids delivery, and gives a book that a file adapter
 * can iterate as often as it needs. Throws `blocked` when a date of the period may not be delivered.
 *
 * @example
 * ```ts
 * import { definePolicy, plainDate, prepareBook } from '@bilag/core';
 *
 * const book = await prepareBook({
 *   company: { name: 'Kafé AS', organisationNumber: '999999999', country: 'NO', currency: 'NOK' },
 *   period: { from: plainDate('2026-01-01'), to: plainDate('2026-12-31') },
 *   policy: definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] }),
 *   dates: () => [],
 * });
 * book.vatCodes.find(({ code }) => code === '3')?.rateBasisPoints; // => 2500
 * ```
 */
export async function prepareBook(source: BookSource): Promise<Book> {
  const { policy, period, company, spool } = source;
  const { from, to } = period;
  if (to < from) throw periodError(`the period ends before it begins (${from} to ${to})`, 'give an earlier from');
  const cutOver = policy.versions[0].from;
  if (from < cutOver) throw periodError(`the period begins before the cut-over ${cutOver}`, 'begin it there or later');
  const { opening, keepOpening } = source;
  if (opening !== undefined && opening.books.through >= from)
    throw periodError(
      `the period begins on ${from}, and the book goes on from ${opening.books.through}`,
      'begin it later, or book everything',
    );
  const use = new AccountUse(policy, from, fiscalYearStart(from, company.fiscalYearStartMonth ?? 1), opening?.use);
  const last = lastDatesOf(opening);
  const lastBooked = new Map(Array.from(last, ([ledgerId, { date }]) => [ledgerId, date]));
  const keep = (books: BookCheckpoint): void => keepOpening?.({ books, use: use.state, lastDates: [...last.values()] });
  const options = {
    ...optionsOf(source),
    ...(keepOpening === undefined ? {} : { checkpoint: { after: addDays(from, -1), keep } }),
  };
  await letGoOfEach(book(datesOf(source, last), policy, options), (booked) => {
    if (source.everyDate === true) refuseGap(booked, lastBooked.get(booked.ledgerId), to, company);
    lastBooked.set(booked.ledgerId, booked.date);
    // A later date may still bring a voucher of this period: what a month left behind after its last payout.
    if (booked.date > to && booked.vouchers.every((voucher) => voucher.date > to)) return;
    source.onBooked?.(booked);
    refuseUndeliverable(booked, company);
    for (const voucher of booked.vouchers) {
      if (voucher.date > to) continue;
      use.take(voucher);
      if (voucher.date >= from) spool?.add(voucher);
    }
  });
  if (source.everyDate === true) refuseUnread(lastBooked, to, company);
  return {
    company,
    period,
    ...mastersOf(policy, use, providersOf(last)),
    ...(spool === undefined ? {} : { keepsVouchers: true }),
    vouchers: () => spool?.vouchers() ?? vouchersOf(source),
  };
}

/** `for await` holds an item until the next one is there, and a booked date may be most of what is in memory. */
async function letGoOfEach(dates: AsyncGenerator<BookedDate>, take: (booked: BookedDate) => void): Promise<void> {
  const takeNext = async (): Promise<boolean> => {
    const next = await dates.next();
    if (next.done === true) return false;
    take(next.value);
    return true;
  };
  try {
    while (await takeNext());
  } finally {
    await dates.return(undefined);
  }
}

type LastDates = Map<string, DateHead>;

function lastDatesOf(opening: BookOpening | undefined): LastDates {
  return new Map(opening?.lastDates.map((date) => [date.ledgerId, date]));
}

/** What the books call the provider of each ledger. */
function providersOf(last: LastDates): Providers {
  return new Map(
    [...last].flatMap(([ledgerId, { profile }]) => (profile === undefined ? [] : [[ledgerId, profile.provider]])),
  );
}

/** A source that leaves quiet days out is taken to be complete through the period. */
function datesOf({ dates, everyDate, period }: BookSource, last: LastDates): ReturnType<BookSource['dates']> {
  return everyDate === true ? notingLast(dates(), last) : withMonthEnds(dates(), period.to, last);
}

function optionsOf({ options, opening }: BookSource): BookOptions {
  return { ...options, ...(opening === undefined ? {} : { from: opening.books }) };
}

async function* vouchersOf(source: BookSource): AsyncGenerator<Voucher> {
  const { policy, opening, period } = source;
  for await (const { vouchers } of book(datesOf(source, lastDatesOf(opening)), policy, optionsOf(source))) {
    for (const voucher of vouchers) if (voucher.date >= period.from && voucher.date <= period.to) yield voucher;
  }
}

function periodError(what: string, action: string): BilagError {
  return new BilagError('config', { what, where: 'the period of the book', action });
}

function refuseGap(booked: BookedDate, previous: PlainDate | undefined, to: PlainDate, company: BookCompany): void {
  if (previous === undefined || previous >= to || booked.date <= addDays(previous, 1)) return;
  throw notRead(booked.ledgerId, addDays(previous, 1), company);
}

function refuseUnread(lastDates: ReadonlyMap<string, PlainDate>, to: PlainDate, company: BookCompany): void {
  for (const [ledgerId, last] of lastDates) if (last < to) throw notRead(ledgerId, addDays(last, 1), company);
}

function notRead(ledgerId: string, date: PlainDate, company: BookCompany): BilagError {
  return new BilagError('blocked', {
    what: `ledger ${ledgerId} was not read on ${date}`,
    where: `${company.name}, ledger ${ledgerId}, ${date}`,
    action: 'fetch it, or end the period before this date',
  });
}

function refuseUndeliverable(booked: BookedDate, company: BookCompany): void {
  if (isDeliverable(booked)) return;
  const first = booked.findings.find((finding) => finding.severity === 'error');
  throw new BilagError('blocked', {
    what: first === undefined ? `ledger ${booked.ledgerId} is still open on ${booked.date}` : first.message,
    where: `${company.name}, ledger ${booked.ledgerId}, ${booked.date}`,
    action:
      first === undefined ? 'end the period before this date, or wait until the provider closes it' : first.action,
  });
}

/** What the vouchers refer to, over all versions of the policy: an account that was never used is not asked about. */
function mastersOf(
  policy: Policy,
  use: AccountUse,
  providers: Providers,
): Pick<Book, 'accounts' | 'vatCodes' | 'dimensions' | 'parties'> {
  const accounts: BookAccount[] = policyAccounts(policy, providers)
    .filter(({ number }) => use.isUsed(number))
    .map((account) => ({ ...account, opening: use.openingOf(account.number) }));
  const vatCodes = new Map<string, BookVatCode>();
  const dimensions = new Map<string, BookDimension>();
  for (const version of policy.versions) {
    for (const code of vatCodesIn(version)) {
      const key = `${code.code} ${code.rateBasisPoints}`;
      vatCodes.set(key, { ...code, from: vatCodes.get(key)?.from ?? version.from });
    }
    for (const unit of [version.sales, ...Object.values(version.salesUnits)]) {
      for (const [type, id] of Object.entries(unit.dimensions)) {
        dimensions.set(`${type} ${id}`, { type, id, name: named(named(policy.dimensionNames, type) ?? {}, id) ?? id });
      }
    }
  }
  return {
    accounts: accounts.sort((a, b) => (a.number < b.number ? -1 : 1)),
    vatCodes: [...vatCodes.values()],
    dimensions: [...dimensions.values()],
    parties: partiesIn(policy, use),
  };
}

function vatCodesIn(version: PolicyVersion): BookVatCode[] {
  const revenue = accountName(version.language, 'revenue');
  const codes: BookVatCode[] = Object.entries(version.vat).map(([name, { code, rateBasisPoints }]) => ({
    code,
    rateBasisPoints,
    kind: 'output',
    description: `${revenue} ${treatmentName(version.language, name, rateBasisPoints)}`,
  }));
  const { vat } = version.fees;
  if (vat !== null) {
    const kind = vat.kind === 'contained' ? 'input' : vat.kind;
    codes.push({
      code: vat.code,
      rateBasisPoints: vat.rateBasisPoints,
      kind,
      description: accountName(version.language, 'fee'),
    });
  }
  return codes;
}

function partiesIn(policy: Policy, use: AccountUse): BookParty[] {
  const parties = new Map<string, BookParty>();
  const keep = (party: Omit<BookParty, 'opening'>): void => {
    if (!use.isUsed(party.account)) return;
    parties.set(partyKey(party), { ...party, opening: use.openingOfParty(party) });
  };
  for (const version of policy.versions) {
    for (const { customer, account } of Object.values(version.invoices)) {
      keep({ kind: 'customer', id: customer, name: named(policy.customers, customer)?.name ?? customer, account });
    }
    for (const { customer } of [version.sales, ...Object.values(version.salesUnits)]) {
      if (customer === undefined) continue;
      const name = named(policy.customers, customer)?.name ?? customer;
      for (const account of accountsOfRole(version, 'receivable'))
        keep({ kind: 'customer', id: customer, name, account });
    }
  }
  if (policy.supplier !== undefined) {
    const { registrationNumber, ...supplier } = policy.supplier;
    const registered = registrationNumber === undefined ? {} : { registrationNumber };
    for (const account of supplierAccounts(policy)) keep({ kind: 'supplier', ...supplier, ...registered, account });
  }
  return [...parties.values()];
}
