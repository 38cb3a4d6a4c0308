import type { AddCommand } from '../../program/add-command.ts';
import { addOrdersCommand } from './match-orders.ts';

/** `bilag match`: the merchant's own side against the ledger. */
export const addMatchCommand: AddCommand = (match, session, ended) => {
  const orders = match.command('orders').description('hold each order against captures and refunds, by reference');
  addOrdersCommand(orders, session, ended);
};
