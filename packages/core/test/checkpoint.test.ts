import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  amount,
  book,
  checkpointFit,
  definePolicy,
  ledgerEntry,
  plainDate,
  weaveFacts,
  type BankLine,
  type BookCheckpoint,
  type BookedDate,
  type BookOptions,
  type EntryFacts,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type Policy,
} from '../src/index.ts';
import { generatedLedger } from './generated-ledger.ts';
import { policy as policyOf } from './ledger-text.ts';
import { runs } from './property-runs.ts';

const first = plainDate('2026-01-20');

/** An entry that says something else, and so is another. */
function changed(entry: LedgerEntry, changes: Partial<EntryFacts>): LedgerEntry {
  const { id: _, ...facts } = entry;
  return ledgerEntry({ ...facts, ...changes });
}

/** Some entries stand on the date after their own, as at a merchant who sells around the clock. */
function interleaved(dates: readonly LedgerDate[], late: readonly number[]): LedgerDate[] {
  const entries = dates.map((date) => [...date.entries]);
  for (const pick of late) {
    const from = pick % Math.max(1, dates.length - 1);
    const [next, own] = [dates[from + 1], entries[from]];
    if (next === undefined || own === undefined || own.length === 0) continue;
    const [moved] = own.splice(pick % own.length, 1) as [LedgerEntry];
    entries[from + 1]?.push(changed(moved, { ledgerDate: next.date }));
  }
  return dates.map((date, index) => ({ ...date, entries: entries[index] ?? [] }));
}

function asLedger(dates: readonly LedgerDate[], ledgerId: string): LedgerDate[] {
  return dates.map((date) => ({
    ...date,
    ledgerId,
    entries: date.entries.map((entry) => changed(entry, { ledgerId })),
  }));
}

function payoutsArriving(dates: readonly LedgerDate[]): BankLine[] {
  return dates.flatMap(({ entries, ledgerId }) =>
    entries
      .filter(({ type, amount: paid }) => type === 'payout-scheduled' && paid !== 0)
      .map(({ pspReference, ledgerDate, amount: paid, id }) => ({
        id: `bank ${id}`,
        ledgerId,
        date: addDays(ledgerDate, 2),
        amount: amount(-paid),
        currency: 'NOK',
        text: null,
        payoutReference: pspReference,
      })),
  );
}

/** Two ledgers side by side, with a bank, an open date, and items of one in the read of the other. */
const books = fc
  .record({
    one: generatedLedger,
    other: generatedLedger,
    late: fc.array(fc.nat(), { maxLength: 6 }),
    open: fc.option(fc.nat({ max: 11 }), { nil: undefined }),
    stray: fc.boolean(),
    again: fc.boolean(),
    grouping: fc.constantFrom('date', 'payout', 'entry'),
    shape: fc.constantFrom(undefined, { documents: ['sale' as const, 'journal' as const], maxLines: 6 }),
    locked: fc.constantFrom(undefined, addDays(first, 20)),
  })
  .map(({ one, other, late, open, stray, again, grouping, shape, locked }) => {
    const ledgers = [interleaved(one.dates, late), asLedger(other.dates, '700002')];
    const sorted = ledgers.flat().sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
    const strays = stray ? (sorted[1]?.entries ?? []).slice(0, 1) : [];
    const foreign = strays.map((entry) => changed(entry, { ledgerId: '700003' }));
    const dates = sorted.map((date, index) => ({
      ...date,
      accounts: index === open ? { ...date.accounts, funds: { closed: false } } : date.accounts,
      entries: index === 1 ? [...date.entries, ...foreign] : date.entries,
    }));
    // The read of another ledger brings what a ledger had on its last date once more.
    if (again) {
      const next = dates.findIndex(({ date, ledgerId }) => ledgerId === '700002' && date > first);
      const before = dates.findLast(({ date, ledgerId }, at) => {
        return at < next && ledgerId !== '700002' && date < (dates[next]?.date ?? first);
      });
      const [date] = dates.slice(next);
      if (next >= 0 && date !== undefined && before !== undefined)
        dates[next] = { ...date, entries: [...date.entries, ...before.entries.slice(0, 1)] };
    }
    // The ledger's own read brings it too, later than it should.
    const lastDate = dates.at(-1);
    if (lastDate !== undefined) dates.push({ ...lastDate, ledgerId: '700003', entries: foreign });
    const versions = one.policy.versions.map((version) => ({ ...version, grouping }));
    const policy = definePolicy({
      ...one.policy,
      versions,
      ...(locked === undefined ? {} : { lockedThrough: locked }),
    });
    return { dates, bankLines: ledgers.flatMap(payoutsArriving), policy, shape };
  });

interface Booked {
  readonly text: string;
  readonly voucherDates: readonly PlainDate[];
  readonly checkpoint: BookCheckpoint | undefined;
  /** What had come when the checkpoint was made. */
  readonly before: string;
}

const textOf = (dates: readonly BookedDate[]): string => dates.map((date) => `${JSON.stringify(date)}\n`).join('');

async function bookAll(
  dates: readonly LedgerDate[],
  policy: Policy,
  options: BookOptions,
  after?: PlainDate,
): Promise<Booked> {
  const all: BookedDate[] = [];
  let checkpoint: BookCheckpoint | undefined;
  let before = '';
  const keep = (made: BookCheckpoint): void => {
    checkpoint = JSON.parse(JSON.stringify(made)) as BookCheckpoint;
    before = textOf(all);
  };
  const wanted = after === undefined ? {} : { checkpoint: { after, keep } };
  for await (const date of book(dates, policy, { ...options, ...wanted })) all.push(date);
  const voucherDates = all.flatMap(({ vouchers }) => vouchers.flatMap(({ date, ledgerDate }) => [date, ledgerDate]));
  return { text: textOf(all), voucherDates, checkpoint, before };
}

describe('books that go on from a checkpoint', () => {
  test('are those made from the cut-over, byte for byte, wherever they go on', async () => {
    await fc.assert(
      fc.asyncProperty(books, fc.nat({ max: 60 }), fc.nat({ max: 20 }), async (made, day, more) => {
        const { policy, shape } = made;
        const dates = await Array.fromAsync(weaveFacts(made.dates, { bankLines: made.bankLines }));
        // Woven ledger by ledger: what comes after the last date of one comes at the end.
        dates.sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
        const options: BookOptions = { originals: () => [], ...(shape === undefined ? {} : { shape }) };
        const after = addDays(first, day);
        const whole = await bookAll(dates, policy, options);
        const cut = await bookAll(dates, policy, options, after);
        expect(cut.text).toBe(whole.text);
        const rest = dates.filter(({ date }) => date > after);
        const later = addDays(after, more + 1);
        const from = cut.checkpoint as BookCheckpoint;
        const on = await bookAll(rest, policy, { ...options, from }, later);
        expect(cut.before + on.text).toBe(whole.text);
        expect(on.voucherDates.filter((date) => date < from.pendingFrom)).toEqual([]);
        // A checkpoint made by going on is the one that is made from the cut-over.
        expect(on.checkpoint).toEqual((await bookAll(dates, policy, options, later)).checkpoint);
      }),
      runs(300),
    );
  });

  const policy = definePolicy(policyOf());
  const date = plainDate('2026-03-02');
  const dates = [0, 1, 2].map((day): LedgerDate => ({
    ledgerId: '302321',
    date: addDays(date, day),
    currency: 'NOK',
    accounts: { funds: { closed: true } },
    entries: [],
  }));
  const checkpointAfter = async (after: PlainDate, options: BookOptions = {}): Promise<BookCheckpoint> =>
    (await bookAll(dates, policy, options, after)).checkpoint as BookCheckpoint;
  const bookOn = async (from: BookCheckpoint, its: Policy, options: BookOptions = {}): Promise<Booked> =>
    bookAll(dates.slice(2), its, { ...options, from });

  test('are refused under another policy or another shape, and by a version of Bilag that books otherwise', async () => {
    const from = await checkpointAfter(addDays(date, 1));
    expect(from.fits).toBe(checkpointFit(policy, undefined));
    await expect(bookOn(from, policy)).resolves.toMatchObject({ text: expect.stringContaining('2026-03-04') });
    const other = definePolicy(policyOf({ payouts: 'in-transit' }));
    const shape = { documents: ['journal' as const], maxLines: 10 };
    for (const refused of [bookOn(from, other), bookOn(from, policy, { shape }), bookOn({ ...from, fits: '' }, policy)])
      await expect(refused).rejects.toMatchObject({
        kind: 'conflict',
        action: expect.stringContaining('throw it away'),
      });
  });

  test('take no date that is in the checkpoint already, and make none of dates that are out of order', async () => {
    const from = await checkpointAfter(addDays(date, 1));
    const isRefused = expect.objectContaining({ kind: 'config', what: expect.stringContaining('2026-03-03') });
    await expect(bookAll(dates.slice(1), policy, { from })).rejects.toEqual(isRefused);
    const ledgerByLedger = [...dates, ...dates.slice(1).map((each) => ({ ...each, ledgerId: '302322' }))];
    await expect(bookAll(ledgerByLedger, policy, {}, addDays(date, 1))).rejects.toEqual(isRefused);
  });

  test('need the look-up of originals where a refund may follow an earlier version', async () => {
    const later = policyOf({ from: '2026-03-03' }).versions;
    const two = definePolicy({ versions: [...policyOf().versions, ...later] });
    await expect(bookAll(dates, two, {}, date)).rejects.toMatchObject({
      kind: 'config',
      action: expect.stringContaining('originals'),
    });
    expect((await bookAll(dates, two, { originals: () => [] }, date)).checkpoint?.through).toBe(date);
  });
});
