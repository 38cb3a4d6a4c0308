import type { MatchedOrder, OrderOutcome } from '@bilag/company';
import { toMoney } from '../../output/money.ts';

/** A difference in one line: `A-1001: amount-differs: orders 120.00 (row 14); provider 100.00 (2026-07-03)`. */
export function toDifference({ reference, outcome, orders, provider }: MatchedOrder, currency: string): string {
  const side = ({ count, paid, refunded }: MatchedOrder['orders'] | MatchedOrder['provider'], where: string): string =>
    count === 0
      ? 'nothing'
      : `${toMoney(paid, currency)}${refunded === 0 ? '' : ` and paid back ${toMoney(refunded, currency)}`}${where}`;
  const rows = between('row', orders.firstRow, orders.lastRow);
  const dates = between('', provider.firstDate, provider.lastDate);
  return `${reference ?? 'without a reference'}: ${outcome}: orders ${side(orders, rows)}; provider ${side(provider, dates)}`;
}

function between(what: string, first: string | number | null, last: string | number | null): string {
  if (first === null || last === null) return '';
  const named = what === '' ? '' : `${what}${first === last ? '' : 's'} `;
  return ` (${named}${first === last ? first : `${first} to ${last}`})`;
}

/** What to do with an order that is not as the ledger says. */
export function toDo({ outcome, besideRange }: MatchedOrder): string {
  const beside =
    besideRange === null ? '' : `the provider has it on ${besideRange} too, beside the range: widen the range, or `;
  return beside + actions[outcome];
}

const actions: Readonly<Record<OrderOutcome, string>> = {
  matched: 'nothing',
  'amount-differs': 'look at the order on both sides, and correct the one that is wrong',
  'missing-at-provider': 'see whether it was paid in another way, is not captured yet, or was never paid',
  'missing-in-orders': 'look for the sale in your own system; if it is none of yours, ask the provider',
  'twice-in-orders': 'take the order that is there once too often out of your own system',
  'twice-at-provider': 'see whether the customer was charged or paid back twice, and put it right at the provider',
};
