import { expect, test } from 'vitest';
import { amount, ledgerEntry, plainDate, type EntryFacts } from '../src/index.ts';

const facts: EntryFacts = {
  ledgerId: '302321',
  account: 'funds',
  ledgerDate: plainDate('2026-03-02'),
  type: 'capture',
  amount: amount(900),
  currency: 'NOK',
  pspReference: 'p1',
  reference: 'order-1',
  salesUnit: 'api:1',
  time: '2026-03-02T12:00:00Z',
  balanceBefore: amount(100),
  balanceAfter: amount(1000),
};
const idOf = (more: Partial<EntryFacts> = {}): string => ledgerEntry({ ...facts, ...more }).id;

test('an entry is known by what the provider says of it, and stays known as the log has it', () => {
  expect(idOf()).toBe('302321/funds/2026-03-02/capture/p1/2026-03-02T12:00:00Z/900/100/1000');
  const { balanceBefore: _before, balanceAfter: _after, ...untold } = facts;
  expect(ledgerEntry({ ...untold, pspReference: null, time: null }).id).toBe('302321/funds/2026-03-02/capture///900//');
});

test.each<[string, Partial<EntryFacts>]>([
  ['ledger', { ledgerId: '302322' }],
  ['account', { account: 'fees' }],
  ['date', { ledgerDate: plainDate('2026-03-03') }],
  ['type', { type: 'refund' }],
  ['amount', { amount: amount(901) }],
  ['reference of the provider', { pspReference: 'p2' }],
  ['time', { time: '2026-03-02T12:00:01Z' }],
  ['balance before', { balanceBefore: amount(101) }],
  ['balance after', { balanceAfter: amount(1001) }],
])('another %s is another entry', (_, more) => {
  expect(idOf(more)).not.toBe(idOf());
});
