import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FactIds } from '../src/booking/fact-ids.ts';
import { freshEntries } from '../src/booking/fresh-facts.ts';
import { openLedger } from '../src/booking/ledger-state.ts';
import {
  amount,
  definePolicy,
  factIdentity,
  ledgerEntry,
  plainDate,
  type LedgerDate,
  type LedgerEntry,
} from '../src/index.ts';
import { FindingList } from '../src/ledger/finding-list.ts';

const ledgerId = '302321';
const date = plainDate('2026-03-02');
const policy = definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] });

/** Entries that are alike in most of what they say, so that some are there twice; most have times as the provider spells them. */
const times = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('2026-03-02T12:00:00.100000Z', '2026-03-02T12:00:00.200000Z') },
  { weight: 20, arbitrary: fc.constantFrom('2026-03-02T12:00:00.123456Z', '2026-03-02T09:00:00.000000Z') },
  { weight: 1, arbitrary: fc.constantFrom('2026-03-02T12:00:00.1Z', '2026-03-02T13:00:00.100000+0100', '', null) },
);
const entries: fc.Arbitrary<LedgerEntry> = fc
  .record({
    account: fc.constantFrom('funds' as const, 'fees' as const),
    type: fc.constantFrom('capture', 'capture-fee', 'refund'),
    pspReference: fc.constantFrom('p1', 'p2', 'p/3', null),
    amount: fc.constantFrom(amount(900), amount(-5)),
    time: times,
    nth: fc.constantFrom('', '', '', '', '', '', '/2'),
    misplaced: fc.oneof({ weight: 60, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    // Not as its id says.
    otherwise: fc.oneof(
      { weight: 20, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { time: '2026-03-02T12:00:00.200000Z' },
          { type: 'capture-fee' },
          { account: 'fees' as const },
        ),
      },
    ),
  })
  .map(({ nth, misplaced, otherwise, ...told }) => {
    const rest = { currency: misplaced ? 'DKK' : 'NOK', reference: null, salesUnit: null };
    const entry = ledgerEntry({ ledgerId, ledgerDate: date, ...told, ...rest });
    return { ...entry, ...otherwise, id: `${entry.id}${nth}` };
  });

/** `foreign`: identities that the read of another ledger brought before. */
function takenIn(given: readonly LedgerEntry[], foreign: readonly string[] = []): unknown {
  const state = openLedger(policy, ledgerId);
  for (const identity of foreign) state.foreignIds.add(identity);
  const findings = new FindingList(ledgerId, date);
  const read: LedgerDate = { ledgerId, date, currency: 'NOK', accounts: { funds: { closed: true } }, entries: given };
  const fresh = freshEntries(read, state, () => state, findings);
  const found = Object.fromEntries(findings.all().map(({ code, facts }) => [code, facts]));
  return { fresh: fresh.map(({ id }) => id), found, last: [...state.lastIds] };
}

/** By looking up every entry among those before it. */
function plainlyTakenIn(given: readonly LedgerEntry[], foreign: readonly string[]): unknown {
  const last: string[] = [];
  const fresh: LedgerEntry[] = [];
  const found: Record<string, string[]> = {};
  for (const entry of given) {
    const identity = factIdentity(entry.id);
    const isKnown = last.includes(identity) || foreign.includes(identity);
    if (!last.includes(identity)) last.push(identity);
    const code = isKnown ? 'delivered-twice' : entry.currency === 'NOK' ? undefined : 'entry-misplaced';
    if (code === undefined) fresh.push(entry);
    else if (found[code]?.includes(entry.id) !== true) (found[code] ??= []).push(entry.id);
  }
  const order = ({ account, time, type, id }: LedgerEntry): readonly (string | number)[] => [
    account === 'funds' ? 0 : 1,
    time ?? '',
    type === 'capture-fee' ? 1 : 0,
    id,
  ];
  const inOrder = fresh.toSorted((a, b) => {
    const [one, other] = [order(a), order(b)];
    const differs = one.findIndex((part, index) => part !== other[index]);
    return differs === -1 ? 0 : (one[differs] ?? '') < (other[differs] ?? '') ? -1 : 1;
  });
  return { fresh: inOrder.map(({ id }) => id), found, last };
}

test('a date is taken in as if every entry were looked up among those before it', () => {
  // Without a time and with an empty one is no order.
  const some = fc
    .array(entries, { maxLength: 12 })
    .filter((all) => !all.some(({ time }) => time === '') || !all.some(({ time }) => time === null));
  // Mostly nothing came with another ledger; or something else did, or some of the date itself.
  const foreign = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(entries, { maxLength: 3 }) },
  );
  fc.assert(
    fc.property(some, foreign, fc.nat({ max: 5 }), (given, others, index) => {
      const shared = given.slice(index, index + (others.length > 1 ? 1 : 0));
      const identities = [...others, ...shared].map(({ id }) => factIdentity(id));
      expect(takenIn(given, identities)).toEqual(plainlyTakenIn(given, identities));
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['time', { time: '2026-03-02T12:00:00.300Z' }],
  ['type', { type: 'refund' }],
  ['account', { account: 'fees' as const }],
])('an entry with the id of another is booked once, also where it says another %s', (_, otherwise) => {
  const shared = { ledgerId, ledgerDate: date, currency: 'NOK', reference: null, salesUnit: null } as const;
  const [first, second] = (['p1', 'p2'] as const).map((pspReference, index) =>
    ledgerEntry({
      ...shared,
      account: 'funds',
      type: 'capture',
      pspReference,
      amount: amount(900),
      time: `2026-03-02T12:00:00.${index + 1}00Z`,
    }),
  ) as [LedgerEntry, LedgerEntry];
  for (const id of [first.id, 'ch_1']) {
    const entry = { ...first, id };
    expect(takenIn([entry, second, { ...entry, ...otherwise }])).toMatchObject({
      fresh: [id, second.id],
      found: { 'delivered-twice': [id] },
    });
  }
});

test('whoever asks for a fact of a date finds it, whether it came with the ledger or later', () => {
  const ids = new FactIds(['a', 'b']);
  expect([...ids]).toEqual(['a', 'b']);
  expect([ids.add('b'), ids.add('c'), ids.add('c'), ids.has('a'), ids.has('d')]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
  expect([...ids]).toEqual(['a', 'b', 'c']);
});
