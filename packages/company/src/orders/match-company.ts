import {
  addDays,
  amount,
  gatherFindings,
  isClosed,
  zero,
  type Amount,
  type Finding,
  type PlainDate,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import { checkRange, type Period } from '../dates/period.ts';
import type { MatchedOrder, Order, OrderOutcome } from './order.ts';
import { OrderMatching } from './order-matching.ts';

export interface MatchOrdersOptions {
  /** The first ledger date that is compared; default: the cut-over. */
  readonly from?: PlainDate | undefined;
  /** The last; default: the last date there is anything of. */
  readonly to?: PlainDate | undefined;
  /** Takes each order that is not as the ledger says, in the order of references. The next one waits until it is done. */
  readonly onDifference?: (order: MatchedOrder) => Promise<void> | void;
  readonly onDate?: (date: PlainDate) => void;
}

/** How many references came to an outcome, and what both sides say they came to: paid − paid back. */
export interface OrderTotal {
  readonly references: number;
  readonly orders: Amount;
  readonly provider: Amount;
}

/** What matching orders came to. */
export interface OrderReport {
  readonly period: Period;
  readonly currency: string;
  readonly totals: Readonly<Record<OrderOutcome, OrderTotal>>;
  /** Every order is as the ledger says, to the minor unit, and no date of the range is missing. */
  readonly agrees: boolean;
  /** Dates of the range to which the provider may still add. */
  readonly openDates: number;
  /** What is wrong with the dates of the range: one that was not fetched may hold what is missing. */
  readonly findings: readonly Finding[];
}

/** Holds orders against the captures and refunds of a range of ledger dates, by reference. Nothing is written. */
export async function matchCompanyOrders(
  company: Company,
  dates: CompanyDates,
  orders: AsyncIterable<Order> | Iterable<Order>,
  options: MatchOrdersOptions = {},
): Promise<OrderReport> {
  if (dates.last === undefined) throw nothingToBook(company);
  const cutOver = company.policy.versions[0].from;
  const period = { from: options.from ?? cutOver, to: options.to ?? dates.last };
  checkRange(period.from, period.to);
  using matching = new OrderMatching();
  for await (const order of orders) matching.takeOrder(order);
  const findings: Finding[] = period.from < cutOver ? [beforeCutOver(period.from, cutOver)] : [];
  let openDates = 0;
  for await (const date of dates.until(period.to)) {
    const isInRange = date.date >= period.from && date.date <= period.to;
    options.onDate?.(date.date);
    for (const entry of date.entries) matching.takeEntry(entry, isInRange);
    if (!isInRange) continue;
    if (!isClosed(date)) openDates += 1;
    findings.push(...(date.findings ?? []).filter(({ severity }) => severity === 'error'));
  }
  const totals = await totalsOf(matching, options);
  const areMatched = Object.entries(totals).every(([name, { references }]) => name === 'matched' || references === 0);
  const { currency } = company;
  const agrees = areMatched && findings.length === 0;
  return { period, currency, totals, agrees, openDates, findings: gatherFindings(findings) };
}

async function totalsOf(
  matching: OrderMatching,
  { onDifference }: MatchOrdersOptions,
): Promise<Record<OrderOutcome, OrderTotal>> {
  const none: OrderTotal = { references: 0, orders: zero, provider: zero };
  const totals: Record<OrderOutcome, OrderTotal> = {
    matched: none,
    'amount-differs': none,
    'missing-at-provider': none,
    'missing-in-orders': none,
    'twice-in-orders': none,
    'twice-at-provider': none,
  };
  for (const order of matching.matched()) {
    const { references, orders, provider } = totals[order.outcome];
    totals[order.outcome] = {
      references: references + 1,
      orders: amount(orders + order.orders.paid - order.orders.refunded),
      provider: amount(provider + order.provider.paid - order.provider.refunded),
    };
    if (order.outcome !== 'matched') await onDifference?.(order);
  }
  return totals;
}

function beforeCutOver(from: PlainDate, cutOver: PlainDate): Finding {
  return {
    code: 'orders-before-cut-over',
    severity: 'error',
    message: `no date before the cut-over ${cutOver} is read, and the range begins on ${from}`,
    where: `${from} to ${addDays(cutOver, -1)}`,
    action: `begin the range on ${cutOver}, with orders since then`,
    date: from,
  };
}
