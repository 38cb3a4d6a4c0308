import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount, book, definePolicy, factIdentity, ledgerEntry, plainDate, type EntryFacts } from '../src/index.ts';
import { entryIdentity } from '../src/ledger/ledger.ts';

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

test.each([
  ['without the colon in the zone', '2026-03-02T13:00:00+0100'],
  ['with the colon in the zone', '2026-03-02T13:00:00+01:00'],
  ['in another zone', '2026-03-01T23:30:00-12:30'],
  ['with zeros after the point', '2026-03-02T12:00:00.000Z'],
])('one entry delivered twice, the second time %s, is booked once under its first id', async (_, time) => {
  expect(factIdentity(idOf({ time }))).toBe(factIdentity(idOf()));
  const { ledgerId, ledgerDate: date, currency } = facts;
  const entries = [ledgerEntry(facts), ledgerEntry({ ...facts, time })];
  const policy = definePolicy({
    versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }],
    openings: { [ledgerId]: { funds: 100 } },
  });
  const dates = [{ ledgerId, date, currency, accounts: { funds: { closed: true } }, entries }];
  const [booked] = await Array.fromAsync(book(dates, policy));
  expect(booked?.vouchers.map((voucher) => voucher.facts)).toEqual([[idOf()]]);
  expect(booked?.findings.map(({ code }) => code)).toEqual(['delivered-twice']);
});

test.each([
  ['another instant', '2026-03-02T12:00:00.000001Z'],
  ['a time without a zone, which is no instant', '2026-03-02T12:00:00'],
])('%s is not the same', (_, time) => {
  expect(factIdentity(idOf({ time }))).not.toBe(factIdentity(idOf()));
});

test('a reference that looks like a time is a reference', () => {
  const id = (pspReference: string) => factIdentity(idOf({ pspReference, time: null }));
  expect(id('2026-03-02T12:00:00Z')).not.toBe(id('2026-03-02T13:00:00+0100'));
});

test('the identity of an entry is that of its id, whether or not the id is taken apart for it', () => {
  const time = fc.oneof(
    fc.constantFrom(null, '', '/2026-03-02T12:00:00.1Z', '2026-03-02/12:00:00.1Z', '2026-03-02T12:00:00,1Z'),
    fc
      .tuple(
        fc.constantFrom('2026-03-02T12:00:00', '2026-03-02 12:00:00', '/026-03-02T12:00:00', '2026-03-02T12:00:0/'),
        fc.constantFrom('', '.', '.8', '.80', '.824993', '.0', '.123456789', '.1234567891', '/1', '.x'),
        fc.constantFrom('Z', 'z', '', '+0100', '-01:00', '1Z', '/900'),
      )
      .map((parts) => parts.join('')),
    fc.string(),
  );
  const pspReference = fc.constantFrom(
    null,
    '',
    'p1',
    '2026-03-02T12:00:00.10Z',
    'a/b',
    '/2026-03-02T12:00:00.10Z/5//',
  );
  const id = fc.constantFrom(
    undefined,
    'own',
    '/2026-03-02T12:00:00.10Z/900//',
    'x/2026-03-02T12:00:00.1Z/900/100/1000',
  );
  const told = fc.constantFrom({}, { balanceBefore: amount(100), balanceAfter: amount(1000) });
  fc.assert(
    fc.property(time, pspReference, told, id, fc.constantFrom('', '/2'), (spelt, reference, balances, own, nth) => {
      const { balanceBefore: _before, balanceAfter: _after, ...untold } = facts;
      const made = ledgerEntry({ ...untold, ...balances, time: spelt, pspReference: reference });
      const entry = { ...made, id: own ?? `${made.id}${nth}` };
      expect(entryIdentity(entry)).toBe(factIdentity(entry.id));
    }),
    { numRuns: 5000 },
  );
});
