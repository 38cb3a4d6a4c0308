import {
  book,
  isDeliverable,
  openingBalances,
  sum,
  zero,
  type Finding,
  type LedgerDate,
  type Posted,
  type VoucherShape,
} from '@bilag/core';
import { expectedPayouts } from '../bank/expected-payouts.ts';
import type { Company } from '../config/company.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import type { Period } from '../dates/period.ts';
import { invoicesOf } from '../invoices/company-invoices.ts';
import { withBookedDates } from '../books/booked-dates.ts';
import { arrivedDifference, bankTables, nothingOfBank } from './bank-tables.ts';
import { feesTable } from './fees-table.ts';
import { fundsTable } from './ledger-tables.ts';
import type { Proof } from './proof.ts';
import { ProofTally } from './proof-tally.ts';
import { targetTables, WantedPostings } from './target-table.ts';
import { transitByDate, transitTable } from './transit-table.ts';

/** A target whose accounts are read back. */
export interface ReadTarget {
  readonly title: string;
  /** Everything it holds that is ours or moves the clearing account. */
  readonly list: (period: Period) => AsyncIterable<Posted>;
}

export interface ProveOptions {
  readonly period: Period;
  readonly targets: readonly ReadTarget[];
  /** What the target takes in one voucher: vouchers are compared as they are there. */
  readonly shape?: VoucherShape | undefined;
  readonly onDate?: (date: LedgerDate['date']) => void;
}

/**
 * Proves a period: what the provider's entries come to, what the books made of them, what is under way, what came to the bank, and
 * what the targets hold, each against the next. Nothing is written.
 */
export async function proveCompany(company: Company, dates: CompanyDates, options: ProveOptions): Promise<Proof> {
  const { period, shape } = options;
  if (dates.last === undefined) throw nothingToBook(company);
  const tally = new ProofTally(company.policy, period);
  const wanted = new WantedPostings(period.to);
  const bank = await dates.bank();
  await withBookedDates(company, async (bookedOn) => {
    for await (const booked of book(noted(dates.until(period.to), tally), company.policy, {
      ...dates.lookUps,
      bookedOn,
      ...(shape === undefined ? {} : { shape }),
    })) {
      tally.take(booked);
      options.onDate?.(booked.date);
      if (isDeliverable(booked)) for (const voucher of booked.vouchers) wanted.take(voucher);
    }
  });
  const { payouts, calendar } = bank ?? (await expectedPayouts(company, dates.until(period.to), () => []));
  const books = sum(tally.ledgers.map(({ balances }) => balances?.inTransit ?? zero));
  const invoices = await invoicesOf(company);
  const ledgers = tally.ledgers.flatMap((ledger) =>
    [fundsTable(ledger, period), feesTable(ledger, period, invoices) ?? []].flat(),
  );
  const transit = transitTable({ policy: company.policy, period, payouts, bank, bankDays: calendar.count, books });
  const banks = bank === undefined ? { tables: [], findings: [nothingOfBank()] } : bankTables(bank, period);
  const isInTransit = company.policy.versions.every(({ payouts: how }) => how === 'in-transit');
  const inTransit = new Map(tally.ledgers.map((ledger) => [ledger.ledgerId, ledger.inTransit]));
  const read = await readTargets(company, wanted, options);
  const findings: readonly Finding[] = [
    ...tally.findings,
    ...ledgers.flatMap((ledger) => ledger.findings),
    ...transit.findings,
    ...banks.findings,
    ...(isInTransit
      ? [...arrivedDifference(bank, tally.arrived, period), ...transitByDate(inTransit, { payouts, bank })]
      : []),
    ...read.findings,
  ];
  const tables = [...ledgers.map(({ table }) => table), transit.table, ...banks.tables, ...read.tables];
  const { id, name, organisationNumber, currency } = company;
  const dateCount = tally.ledgers.reduce((total, ledger) => total + ledger.dates, 0);
  return {
    company: { id, name, organisationNumber },
    currency,
    period,
    isProved:
      findings.every(({ severity }) => severity !== 'error') &&
      tables.every(({ lines }) => lines.every((line) => line.is !== 'difference' || line.amount === 0)),
    tables,
    dates: dateCount,
    provedDates: tally.ledgers.reduce((total, ledger) => total + ledger.provedDates, 0),
    balances: tally.balances(),
    findings,
  };
}

async function* noted(
  dates: AsyncIterable<LedgerDate>,
  tally: ProofTally,
): AsyncGenerator<LedgerDate, void, undefined> {
  for await (const date of dates) {
    tally.read(date);
    yield date;
  }
}

/** What the policy opens with is in the target's books by another hand: it is taken to be there. */
async function readTargets(
  { policy }: Company,
  wanted: WantedPostings,
  { targets, period }: ProveOptions,
): Promise<Pick<Proof, 'tables' | 'findings'>> {
  const openings = new Map(openingBalances(policy).map(({ account, amount }) => [account, amount]));
  const since = { from: policy.versions[0].from, to: period.to };
  const read = [];
  for (const { title, list } of targets)
    read.push(targetTables(title, wanted, await Array.fromAsync(list(since)), { period, openings }));
  return { tables: read.flatMap(({ tables }) => tables), findings: read.flatMap(({ findings }) => findings) };
}
