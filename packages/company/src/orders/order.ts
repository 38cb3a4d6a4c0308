import type { Amount, PlainDate } from '@bilag/core';

/** An order of the merchant's own system, or one row of it: the rows of one reference are added up. */
export interface Order {
  /** The reference that the provider was given for it, or the provider's own of the payment. */
  readonly reference: string;
  /** What the customer paid, in minor units. Negative: what was paid back. */
  readonly amount: Amount;
  /** What of `amount` was paid back, where one row says both: in minor units, without a sign. */
  readonly refunded?: Amount;
  /** Where it stands: 1 for the first row of a file, which is the one of the titles in CSV. */
  readonly row?: number;
}

/** How an order and the ledger stand to each other. */
export type OrderOutcome =
  | 'matched'
  | 'amount-differs'
  | 'missing-at-provider'
  | 'missing-in-orders'
  | 'twice-in-orders'
  | 'twice-at-provider';

/** What one side says of a reference, in minor units and without signs. */
export interface OrderSide {
  /** Rows of orders, or entries of the ledger. */
  readonly count: number;
  readonly paid: Amount;
  readonly refunded: Amount;
}

/** A reference, as both sides tell of it. */
export interface MatchedOrder {
  /** Null for entries of the ledger without any reference. */
  readonly reference: string | null;
  readonly outcome: OrderOutcome;
  /** With the first and the last row, where the orders have rows. */
  readonly orders: OrderSide & { readonly firstRow: number | null; readonly lastRow: number | null };
  /** Captures and refunds of the range, with the first and the last ledger date. */
  readonly provider: OrderSide & { readonly firstDate: PlainDate | null; readonly lastDate: PlainDate | null };
  /** The first ledger date beside the range on which the reference stands too. */
  readonly besideRange: PlainDate | null;
}
