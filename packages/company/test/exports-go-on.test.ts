import {
  addDays,
  amount,
  defineAdapter,
  ledgerEntry,
  plainDate,
  type FileAdapter,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type PolicyInput,
  type Source,
} from '@bilag/core';
import { openArchive, type ArchivedCheckpoint } from '@bilag/engine';
import fc from 'fast-check';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Period } from '../src/index.ts';
import { Merchant, said, till, type Changes } from './till-nights.ts';

/* An export goes on from where an earlier one of its targets left off: it writes and says what it would from the cut-over, byte for byte. */

const ledgerIds = ['302321', '302322'] as const;
const cutOver = plainDate('2025-10-20');
const lastDay = 110;

/** A file of all that a book has. */
function wholeBook(id: string, shape?: FileAdapter['shape']): FileAdapter<object> {
  return defineAdapter({
    contract: 1,
    kind: 'file',
    id,
    title: id,
    config: z.object({}),
    vat: 'gross',
    ...(shape === undefined ? {} : { shape }),
    async *render({ vouchers, ...book }) {
      const lines = [JSON.stringify(book, undefined, 1)];
      for await (const voucher of vouchers()) lines.push(JSON.stringify(voucher));
      yield { name: `${id}-${book.period.from}.txt`, mediaType: 'text/plain', content: [lines.join('\n')] };
    },
  });
}

const targets = {
  one: { adapter: wholeBook('one'), config: {} },
  two: { adapter: wholeBook('two'), config: {} },
  parts: { adapter: wholeBook('parts', { documents: ['sale', 'journal'], maxLines: 10 }), config: {} },
};

const sometimes = fc.nat({ max: 29 }).map((number) => number === 29);
const day = fc.record({
  sales: fc.array(fc.integer({ min: 1, max: 50_000 }), { maxLength: 2 }),
  refunds: fc.boolean(),
  paysOut: fc.boolean(),
  /** Its last entry comes after the first of the next date in the provider's list. */
  isLate: sometimes,
});
type Day = typeof day extends fc.Arbitrary<infer Value> ? Value : never;
const days = fc.array(day, { minLength: lastDay, maxLength: lastDay });

/** What a ledger had on each date, its balances unbroken. */
function ledgerDates(ledgerId: string, given: readonly Day[]): LedgerDate[] {
  let [balance, serial] = [0, 0];
  const put = (date: PlainDate, type: string, moved: number, pspReference: string): LedgerEntry => {
    const [before, after] = [amount(balance), amount(balance + moved)];
    balance += moved;
    serial += 1;
    const time = `${date}T10:${String(serial % 60).padStart(2, '0')}:00.1Z`;
    const facts = { ledgerId, account: 'funds', ledgerDate: date, type, amount: amount(moved), time } as const;
    const others = { currency: 'NOK', pspReference, reference: null, salesUnit: null } as const;
    return ledgerEntry({ ...facts, ...others, balanceBefore: before, balanceAfter: after });
  };
  const entries = given.map(({ sales, refunds, paysOut }, index) => {
    const date = addDays(cutOver, index);
    const own = sales.map((sold) => put(date, 'capture', sold, `${ledgerId}-s${serial}`));
    const [first] = own;
    if (refunds && first !== undefined) own.push(put(date, 'refund', -first.amount, first.pspReference ?? ''));
    if (paysOut && balance !== 0) own.push(put(date, 'payout-scheduled', -balance, `${ledgerId}-${2_000_000 + index}`));
    return own;
  });
  for (const [index, { isLate }] of given.entries()) {
    const [own, next] = [entries[index], entries[index + 1]];
    const [last, first] = [own?.at(-1), next?.[0]];
    if (!isLate || own === undefined || next === undefined || last === undefined || first === undefined) continue;
    const [{ id: _, ...late }, { id: __, ...early }] = [last, first];
    own.splice(-1, 1, ledgerEntry({ ...early, ledgerDate: late.ledgerDate }));
    next.splice(0, 1, ledgerEntry({ ...late, ledgerDate: early.ledgerDate }));
  }
  return entries.map((own, index) => ({
    ledgerId,
    date: addDays(cutOver, index),
    currency: 'NOK',
    profile: { provider: 'The till', series: 'TILL' },
    accounts: { funds: { closed: true } },
    entries: own,
  }));
}

const act = fc.oneof(
  { weight: 5, arbitrary: fc.constant('nothing') },
  fc.constantFrom(...(['lock', 'unlock', 'account', 'version', 'group', 'lose', 'put-back', 'damage'] as const)),
);
const step = fc.record({
  brings: fc.integer({ min: 3, max: 35 }),
  period: fc.constantFrom('month', 'month', 'month', 'last-month', 'year', 'some-days'),
  targets: fc.constantFrom<readonly (keyof typeof targets)[]>(
    ['one'],
    ['one'],
    ['one', 'two'],
    ['parts', 'one', 'two'],
  ),
  act,
  pick: fc.nat(),
});
const merchant = fc.record({
  ledgers: fc.tuple(days, fc.option(days, { nil: undefined })),
  /** How many days the second ledger has. */
  ends: fc.option(fc.integer({ min: 15, max: 60 }), { nil: undefined }),
  grouping: fc.constantFrom('date', 'date', 'payout', 'entry'),
  yearStart: fc.constantFrom(1, 12),
  steps: fc.array(step, { minLength: 4, maxLength: 8 }),
} as const);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const firstOf = (date: PlainDate): PlainDate => plainDate(`${date.slice(0, 7)}-01`);

function periodOf({ period, pick }: Step, last: PlainDate, yearStart: number): Period {
  const notBefore = (from: PlainDate): PlainDate => (from < cutOver ? cutOver : from);
  const month = firstOf(last);
  switch (period) {
    case 'last-month': {
      const to = addDays(month, -1);
      return to < cutOver ? { from: cutOver, to: last } : { from: notBefore(firstOf(to)), to };
    }
    case 'year': {
      const start = plainDate(`${last.slice(0, 4)}-${String(yearStart).padStart(2, '0')}-01`);
      return {
        from: notBefore(start > last ? plainDate(`${Number(last.slice(0, 4)) - 1}${start.slice(4)}`) : start),
        to: last,
      };
    }
    case 'some-days':
      return { from: notBefore(addDays(last, -(pick % 20))), to: last };
    default:
      return { from: notBefore(month), to: last };
  }
}

class Shop extends Merchant {
  outputs = 0;

  constructor(grouping: 'date' | 'payout' | 'entry' = 'date') {
    super(grouping, cutOver);
    this.more = { targets };
  }

  get exports(): string {
    return this.delivery.replace('.sqlite', '.exports.sqlite');
  }

  /** All that an export writes and says. */
  async exported(
    names: readonly string[],
    period: Period,
    { keepsCheckpoints = true, source = till }: Changes,
  ): Promise<string> {
    const folder = join(this.folder, `out-${(this.outputs += 1)}`);
    mkdirSync(folder);
    const told = await said(async () => {
      await using open = this.open({
        keepsCheckpoints,
        source: this.#counting(keepsCheckpoints ? 'going' : 'whole', source),
      });
      const createdAt = '2026-06-01T06:00:00Z';
      return JSON.stringify(await open.export(names, { period, folder, createdAt, replace: false }), undefined, 1);
    });
    const files = readdirSync(folder).map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`);
    rmSync(folder, { recursive: true });
    return [told.replaceAll(folder, 'out'), ...files].join('\n');
  }

  /** The till, and how many dates are read of it. */
  #counting(name: 'going' | 'whole', { api, ...source }: Source): Source {
    if (api === undefined) throw new TypeError('the till has an archive');
    const { booked } = this;
    const { dates: read } = api;
    async function* dates(...given: Parameters<typeof read>): AsyncGenerator<LedgerDate, void, undefined> {
      for await (const date of read(...given)) {
        booked[name] += 1;
        yield date;
      }
    }
    return { ...source, api: { ...api, dates } };
  }

  /** Exports with what is kept and without, from the same record of exports: what the first of them remembers stays. */
  async exportBoth(
    names: readonly string[],
    period: Period,
    changes: Changes = {},
  ): Promise<{ going: string; whole: string; read: Merchant['booked'] }> {
    this.booked = { going: 0, whole: 0 };
    const before = join(this.folder, 'before.sqlite');
    const isNew = !existsSync(this.exports);
    if (!isNew) cpSync(this.exports, before);
    const whole = await this.exported(names, period, { ...changes, keepsCheckpoints: false });
    if (isNew) rmSync(this.exports, { force: true });
    else cpSync(before, this.exports);
    const going = await this.exported(names, period, changes);
    return { going, whole, read: this.booked };
  }

  async alterKept(change: (kept: ArchivedCheckpoint) => ArchivedCheckpoint): Promise<void> {
    const archive = await openArchive(this.archive);
    for (const of of ['one', 'two', 'parts', 'one two', 'parts one two', 'two one'])
      for (const start of ['year', 'month']) {
        const name = `files of ${of}, ${start}`;
        const kept = await archive.checkpoint(name);
        if (kept !== undefined) await archive.keepCheckpoint(name, change(kept));
      }
    await archive.close();
  }
}

/** What a person does between two exports. */
async function doOf({ act: done, pick }: Step, shop: Shop, last: PlainDate): Promise<void> {
  const [version] = shop.policy.versions as [PolicyInput['versions'][0]];
  const copy = join(shop.folder, 'copy.sqlite');
  switch (done) {
    case 'lock':
      shop.policy = { ...shop.policy, lockedThrough: addDays(firstOf(addDays(last, -(pick % 40))), -1) };
      return;
    case 'unlock':
      shop.policy = { versions: shop.policy.versions };
      return;
    case 'account':
      shop.policy = { ...shop.policy, versions: [{ ...version, accounts: { bank: `19${20 + (pick % 3)}` } }] };
      return;
    case 'group':
      shop.policy = { ...shop.policy, versions: [{ ...version, grouping: pick % 2 === 0 ? 'payout' : 'date' }] };
      return;
    case 'version':
      shop.policy = {
        ...shop.policy,
        versions: [version, { ...version, sales: { sale: '15' }, from: addDays(last, pick % 9) }],
      };
      return;
    case 'lose':
      if (existsSync(shop.exports)) cpSync(shop.exports, copy);
      rmSync(shop.exports, { force: true });
      return;
    case 'put-back':
      if (existsSync(copy)) cpSync(copy, shop.exports);
      return;
    case 'damage':
      await shop.alterKept(({ madeOf, content }) => ({
        madeOf,
        content: content.replace(/\d(?=\D*$)/, String(pick % 10)),
      }));
  }
}

describe('an export of a month', () => {
  const [december, january, february] = ['2025-12-01', '2026-01-01', '2026-02-01'].map(plainDate) as [
    PlainDate,
    PlainDate,
    PlainDate,
  ];
  /** Up to the fourth of February. */
  const there = 108;
  const last = addDays(cutOver, there - 1);
  const plain = { sales: [1_000, 2_000], refunds: false, paysOut: true, isLate: false };
  const trade = ledgerDates(
    ledgerIds[0],
    Array.from({ length: there + 2 }, () => plain),
  );
  let shop: Shop;
  beforeEach(async () => {
    shop = new Shop();
    await shop.receive(trade.slice(0, there), [ledgerIds[0]]);
    await shop.exportBoth(['one'], { from: february, to: last });
  });
  afterEach(() => shop.remove());

  /** Exports February with what is kept and without, the same: how many dates were read with it. */
  async function read(period: Period = { from: february, to: last }, changes: Changes = {}): Promise<number> {
    const both = await shop.exportBoth(['one'], period, changes);
    expect(both.going).toBe(both.whole);
    return both.read.going;
  }

  test('reads that month alone the next time, and the next month begins where it began', async () => {
    expect(await read()).toBe(4);
    await shop.receive(trade.slice(there, there + 1), [ledgerIds[0]]);
    expect(await read({ from: february, to: addDays(last, 1) })).toBe(5);
    expect(await read({ from: addDays(february, 3), to: last })).toBe(5);
    expect(await read({ from: addDays(february, 3), to: last })).toBe(2);
  });

  test('leaves what is kept at the start of the year alone', async () => {
    const year = { from: january, to: last };
    expect(await read(year)).toBe(there);
    // January is in the record of exports anew.
    expect(await read()).toBe(35);
    expect(await read()).toBe(4);
    expect(await read(year)).toBe(35);
  });

  test.for([
    ['it is lost', () => ''],
    ['it is cut', (content: string) => content.slice(0, -1)],
    ['a figure in it is another', (content: string) => content.replace('"opening":0', '"opening":1')],
    ['its date is another', (content: string) => content.replace(/^\d{4}/, '2025')],
    ['its date is none', (content: string) => content.replace(/^\d{4}-\d\d/, '2025-13')],
    ['it is something else', () => 'something else'],
  ] as const)('books everything again when %s', async ([, change]) => {
    await shop.alterKept(({ madeOf, content }) => ({ madeOf, content: change(content) }));
    expect(await read()).toBe(there);
    expect(await read()).toBe(4);
  });

  test('books everything again when what is kept was made of something else, or is of another version', async () => {
    await shop.alterKept(({ madeOf, content }) => ({
      madeOf: madeOf.replace(/./, (first) => (first === '0' ? '1' : '0')),
      content,
    }));
    expect(await read()).toBe(there);
    const { api, ...source } = till;
    if (api === undefined) throw new TypeError('the till has an archive');
    expect(await read(undefined, { source: { ...source, api: { ...api, datesVersion: '2' } } })).toBe(there);
  });

  test('books everything again when an earlier date was read once more, and goes on after that', async () => {
    const archive = await openArchive(shop.archive);
    const date = addDays(cutOver, 3);
    const body = new TextEncoder().encode(JSON.stringify({ ...trade[3], entries: [] }));
    const page = { sequence: 0, body, request: 'GET /more', receivedAt: '2026-01-01T00:00:00Z' };
    await archive.store({ ledgerId: ledgerIds[0], topic: 'more', date, closed: true, pages: [page] });
    await archive.close();
    expect(await read()).toBeGreaterThan(there);
    expect(await read()).toBe(4);
  });

  test('never hides that vouchers of an earlier month are not as they were exported', async () => {
    await read({ from: december, to: addDays(january, -1) });
    // Since the end of November.
    expect(await read()).toBe(66);
    const [version] = shop.policy.versions as [PolicyInput['versions'][0]];
    shop.policy = { versions: [{ ...version, accounts: { bank: '1921' } }] };
    for (const dates of [there, 4]) {
      const { going, whole, read: booked } = await shop.exportBoth(['one'], { from: february, to: last });
      expect(going).toBe(whole);
      expect(going).toContain('vouchers that were exported earlier have other lines now: 302321-20251201');
      expect(booked.going).toBe(dates);
    }
    // Exported anew, December is as it was exported.
    await read({ from: december, to: addDays(january, -1) });
    const { going, whole } = await shop.exportBoth(['one'], { from: february, to: last });
    expect(going).toBe(whole);
    expect(going).not.toContain('exported-otherwise');
  });

  test('says once, and not again, what a lock moved into it', async () => {
    shop.policy = { ...shop.policy, lockedThrough: addDays(february, -1) };
    const period = { from: february, to: last };
    const told: boolean[] = [];
    for (const _ of ['once', 'and again']) {
      const { going, whole } = await shop.exportBoth(['one'], period);
      expect(going).toBe(whole);
      told.push(going.includes('moved-from-locked-period'));
    }
    expect(told).toEqual([true, false]);
  });

  test('has what a lock moved past the end of an earlier one', async () => {
    shop.policy = { ...shop.policy, lockedThrough: addDays(last, -1) };
    expect(await read({ from: february, to: addDays(february, 1) })).toBeGreaterThan(100);
    expect(await read()).toBe(there);
  });

  test('begins at the cut-over where a payout of the dates before is still to come', async () => {
    const unpaid = new Shop('payout');
    const quiet = Array.from({ length: there }, () => ({ ...plain, paysOut: false }));
    await unpaid.receive(ledgerDates(ledgerIds[0], quiet), [ledgerIds[0]]);
    const readNow = async (from: PlainDate): Promise<number> => {
      const { going, whole, read: dates } = await unpaid.exportBoth(['one'], { from, to: addDays(february, -1) });
      expect(going).toBe(whole);
      return dates.going;
    };
    expect([await readNow(addDays(january, 9)), await readNow(addDays(january, 9))]).toEqual([105, 105]);
    // A month ends with its last day.
    expect([await readNow(january), await readNow(january)]).toEqual([105, 32]);
    unpaid.remove();
  });

  test('goes on beside a ledger that ended in the middle of a month', async () => {
    const other = ledgerDates(
      ledgerIds[1],
      Array.from({ length: 20 }, () => plain),
    );
    await shop.receive(other, ledgerIds);
    shop.more = { ...shop.more, source: { kind: 'till', ended: { [ledgerIds[1]]: addDays(cutOver, 19) } } };
    expect(await read()).toBe(there + 20);
    expect(await read()).toBe(4);
  });
});

test('whatever comes, and whatever a person does in between, an export is what it would be from the cut-over', async () => {
  const read = { going: 0, whole: 0 };
  await fc.assert(
    fc.asyncProperty(merchant, async ({ ledgers: [one, other], ends, grouping, yearStart, steps }) => {
      const shop = new Shop(grouping);
      const second = other === undefined ? [] : ledgerDates(ledgerIds[1], other).slice(0, ends);
      const trade = [...ledgerDates(ledgerIds[0], one), ...second];
      const ids = ledgerIds.slice(0, other === undefined ? 1 : 2);
      const ended = other === undefined || ends === undefined ? {} : { [ledgerIds[1]]: addDays(cutOver, ends - 1) };
      let isEnded = false;
      let there = 5;
      for (const each of steps) {
        there = Math.min(lastDay, there + each.brings);
        const last = addDays(cutOver, there - 1);
        await shop.receive(
          trade.filter(({ date }) => date <= last),
          ids,
        );
        isEnded ||= ends !== undefined && there > ends;
        const source = { kind: 'till', ...(isEnded ? { ended } : {}) };
        shop.more = { targets, fiscalYearStartMonth: yearStart, source };
        await doOf(each, shop, last);
        // What came last may wait for the date after it.
        const period = periodOf(each, addDays(last, -2), yearStart);
        const both = await shop.exportBoth(each.targets, period);
        expect(both.going).toBe(both.whole);
        read.going += both.read.going;
        read.whole += both.read.whole;
      }
      shop.remove();
    }),
    { numRuns: 15 },
  );
  // Much of it was not read again.
  expect(read.going).toBeLessThan(read.whole * 0.9);
}, 240_000);
