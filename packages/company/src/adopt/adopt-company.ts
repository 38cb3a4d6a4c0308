import {
  accountsOf,
  addDays,
  book,
  isDeliverable,
  type Amount,
  type FileLine,
  type Finding,
  type LedgerBalances,
  type PlainDate,
  type Policy,
  type PolicyVersion,
  type SalesUnitPolicy,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import { compareLines, daysApart, type AdoptDifference, type AdoptedDay } from './compare-lines.ts';
import { FeesOwed } from './fees-owed.ts';

/** What a policy would say to take over after the existing books, or why none can be proposed. */
export type ProposedCutOver =
  | {
      /** `versions[0].from`. */
      readonly from: PlainDate;
      /** `openings`, in minor units. */
      readonly openings: Readonly<Record<string, Record<'funds' | 'fees' | 'inTransit', Amount>>>;
    }
  | { readonly why: string; readonly action: string };

/** What existing books have of a company's ledgers. */
export interface Adoption {
  readonly company: string;
  readonly currency: string;
  /** The dates that were compared: from the cut-over of the config to the last that the existing books have. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly accounts: readonly string[];
  /** Each date and account that the ledger or the existing books move. */
  readonly days: readonly AdoptedDay[];
  readonly differences: readonly AdoptDifference[];
  /** Lines of the existing books before {@link from}: they were not compared. */
  readonly earlierLines: number;
  readonly cutOver: ProposedCutOver;
}

/** Reads the lines that existing books have on some accounts. */
export type ReadBooks = (accounts: ReadonlySet<string>) => AsyncIterable<FileLine>;

/**
 * Holds existing books against the ledger on the accounts that mirror it, and proposes where to take over: the day after the
 * last line. Writes nothing. Throws `not-found` where the archive is empty.
 */
export async function adoptBooks(company: Company, dates: CompanyDates, read: ReadBooks): Promise<Adoption> {
  if (dates.last === undefined) throw nothingToBook(company);
  const { from } = company.policy.versions[0];
  const accounts = mirrorAccounts(company);
  const books: FileLine[] = [];
  let earlierLines = 0;
  for await (const line of read(accounts)) {
    if (line.date < from) earlierLines += 1;
    else books.push(line);
  }
  const to = books.reduce((last, { date }) => (date > last ? date : last), addDays(from, -1));
  const ledger = await ledgerOf(company, dates, to, accounts);
  // What cannot be judged yet is not called wrong.
  const judged = ledger.through < to ? ledger.through : to;
  const { days, differences } = compareLines(
    ledger.lines,
    books.filter(({ date }) => date <= judged),
    judged,
  );
  return {
    company: company.id,
    currency: company.currency,
    from,
    to: judged,
    accounts: [...accounts].toSorted(),
    days,
    differences,
    earlierLines,
    cutOver: cutOverAfter(company, to, ledger, differences),
  };
}

/** Accounts that are the ledger's alone: others move the bank, the fees' cost and suspense too. */
export function mirrorAccounts({ policy: { versions } }: Company): ReadonlySet<string> {
  return new Set(
    versions.flatMap((version) =>
      [version.accounts, ...Object.keys(version.ledgers).map((ledgerId) => accountsOf(version, ledgerId))].flatMap(
        ({ clearing, feesPayable, inTransit }) => [
          clearing,
          feesPayable,
          ...(version.payouts === 'in-transit' ? [inTransit] : []),
        ],
      ),
    ),
  );
}

interface AdoptedLedger {
  readonly lines: readonly FileLine[];
  /** The last date through which every ledger is closed and booked without an error. */
  readonly through: PlainDate;
  /** Why no later one. */
  readonly stop: Finding | undefined;
  /** Of each ledger at the end of the last date that the existing books have. */
  readonly balances: ReadonlyMap<string, LedgerBalances>;
  /** Of each ledger what is owed in fees then: negative. */
  readonly feesOwed: (ledgerId: string) => Amount;
}

async function ledgerOf(
  company: Company,
  dates: CompanyDates,
  to: PlainDate,
  accounts: ReadonlySet<string>,
): Promise<AdoptedLedger> {
  const [lines, balances]: [FileLine[], Map<string, LedgerBalances>] = [[], new Map()];
  const wanted = addDays(to, daysApart);
  const asked = dates.last !== undefined && dates.last < wanted ? dates.last : wanted;
  let through = asked;
  let stop: Finding | undefined;
  const owed = new FeesOwed(company, to);
  for await (const booked of book(owed.watch(dates.until(asked)), asLedger(company.policy), dates.lookUps)) {
    const { date, vouchers, findings } = booked;
    if (date > asked) continue;
    if (!isDeliverable(booked) && date <= through) {
      through = addDays(date, -1);
      stop = findings.find(({ severity }) => severity === 'error');
    }
    for (const each of booked.balances) if (date <= to) balances.set(each.ledgerId, each);
    for (const { key, ledgerDate, lines: own } of vouchers) {
      for (const { account, amount } of own)
        if (accounts.has(account)) lines.push({ account, date: ledgerDate, amount, voucher: key });
    }
  }
  const feesOwed = (ledgerId: string): Amount => owed.of(ledgerId);
  return { lines: lines.filter(({ date }) => date <= through), through, stop, balances, feesOwed };
}

/** Existing books know the ledger's dates and all of its entries, and nothing of how we would post which of them. */
function asLedger({ versions: [first, ...later], ...policy }: Policy): Policy {
  return { ...policy, versions: [wholeByDate(first), ...later.map(wholeByDate)] };
}

function wholeByDate(version: PolicyVersion): PolicyVersion {
  const units = Object.entries(version.salesUnits).map(([unit, sales]) => [unit, whole(sales)] as const);
  return { ...version, grouping: 'date', sales: whole(version.sales), salesUnits: Object.fromEntries(units) };
}

/** What another system books is among what is looked for. */
function whole(sales: SalesUnitPolicy): SalesUnitPolicy {
  return sales.revenue === 'already-booked' ? { ...sales, revenue: 'receivable', refunds: 'book' } : sales;
}

function cutOverAfter(
  { policy }: Company,
  to: PlainDate,
  { through, stop, balances, feesOwed }: AdoptedLedger,
  differences: readonly AdoptDifference[],
): ProposedCutOver {
  if (through < to) {
    const next = addDays(through, 1);
    return stop === undefined
      ? {
          why: `the existing books reach to ${to}, and the ledger is known and closed to ${through} only`,
          action: `fetch or import the ledger through ${to}, and ask again`,
        }
      : { why: `${next} cannot be booked: ${stop.message}`, action: stop.action };
  }
  const ahead = differences.find(({ kind, ledgerDate = '' }) => kind === 'other-date' && ledgerDate > to);
  if (ahead !== undefined) {
    return {
      why: `vouchers ${ahead.vouchers.join(', ')} of ${ahead.date} are of the ledger date ${ahead.ledgerDate}, which would be booked again`,
      action: `move them to ${ahead.ledgerDate} in the existing books, or reverse them, and ask again`,
    };
  }
  const told = [...balances.values()].map(({ ledgerId, funds, inTransit }) => {
    return [ledgerId, { funds: funds.provider, fees: feesOwed(ledgerId), inTransit }] as const;
  });
  return { from: addDays(to, 1), openings: { ...policy.openings, ...Object.fromEntries(told) } };
}
