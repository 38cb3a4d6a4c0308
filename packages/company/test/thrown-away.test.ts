import { addDays, amount, ledgerEntry, type LedgerDate, type PlainDate, type Source } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firstDate, Merchant, till } from './till-nights.ts';

/* What is kept between nights is thrown away when anything that it was made of is not as it was. */

const ledgerId = '302321';
const dates = 8;

/** A sale, and its payout. */
function dateOf(index: number, sold: number = 100): LedgerDate {
  const date = addDays(firstDate, index);
  const shared = {
    ledgerId,
    account: 'funds',
    ledgerDate: date,
    currency: 'NOK',
    reference: null,
    salesUnit: null,
  } as const;
  const balances = (before: number, after: number) => ({ balanceBefore: amount(before), balanceAfter: amount(after) });
  const sale = { ...shared, type: 'capture', amount: amount(sold), pspReference: `s${index}`, time: null };
  const payout = { ...shared, type: 'payout-scheduled', amount: amount(-sold), pspReference: `p${index}`, time: null };
  const entries = [
    { ...sale, ...balances(0, sold) },
    { ...payout, ...balances(sold, 0) },
  ].map(ledgerEntry);
  const profile = { provider: 'The till', series: 'TILL' };
  return { ledgerId, date, currency: 'NOK', profile, accounts: { funds: { closed: true } }, entries };
}

function openDate(index: number): LedgerDate {
  return { ...dateOf(index), accounts: { funds: { closed: false } }, entries: [] };
}

let cafe: Merchant;
beforeEach(async () => {
  cafe = new Merchant();
  // The third date has no entries, and stays open for long.
  await cafe.receive(
    Array.from({ length: dates }, (_, index) => (index === 2 ? openDate(2) : dateOf(index))),
    [ledgerId],
  );
  await cafe.connect();
  await cafe.deliver();
  await cafe.planBoth();
  await receive(dates);
});
afterEach(() => cafe.remove());

async function receive(index: number): Promise<void> {
  await cafe.receive([dateOf(index)], [ledgerId]);
}

/** Plans with what is kept and without, the same: how many dates were booked with it. */
async function bookedNow(changes: { readonly source?: Source } = {}): Promise<number> {
  const { going, whole, booked } = await cafe.planBoth(changes);
  expect(going).toBe(whole);
  return booked.going;
}

function reference(index: number): string {
  return `${ledgerId}-${addDays(firstDate, index).replaceAll('-', '')}`;
}

describe('a night', () => {
  test('books what is new, and what the night before brought', async () => {
    expect(await bookedNow()).toBe(1);
    expect(await cafe.deliver()).toBe('nothing');
    await receive(dates + 1);
    expect(await bookedNow()).toBe(2);
    expect(await cafe.deliver()).toBe('nothing');
    expect(cafe.books.posted.map((posted) => posted.reference)).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9].map(reference));
  });

  test('that is killed before it has kept how far it is goes on from the night before', async () => {
    await cafe.deliver();
    let before = '';
    await cafe.alter((content) => (before = content));
    await receive(dates + 1);
    await cafe.deliver();
    await receive(dates + 2);
    await cafe.alter(() => before);
    expect(await bookedNow()).toBe(dates + 3);
  });

  test('of a period that is closed ahead of its end costs no more, though all of it is moved', async () => {
    cafe.policy = { ...cafe.policy, lockedThrough: addDays(firstDate, 40) };
    await cafe.receive([dateOf(2)], [ledgerId]);
    await cafe.deliver();
    for (const index of [dates + 1, dates + 2]) {
      await receive(index);
      await cafe.deliver();
    }
    await receive(dates + 3);
    expect(await bookedNow()).toBe(2);
  });

  test('that brings a date the provider had left open for long books everything again, and posts it', async () => {
    await cafe.receive([dateOf(2)], [ledgerId]);
    expect(await bookedNow()).toBe(dates + 1);
    await cafe.deliver();
    expect(cafe.books.posted.map((posted) => posted.reference)).toContain(reference(2));
  });
});

describe('everything is booked again', () => {
  test.for([
    ['it is lost', () => ''],
    ['it is cut', (content: string) => content.slice(0, -1)],
    ['a figure in it is another', (content: string) => content.replace('"vouchers":7', '"vouchers":8')],
    ['its date is another', (content: string) => content.replace(/^\d{4}/, '2025')],
    ['it is something else', () => 'something else'],
  ] as const)('when %s', async ([, change]) => {
    await cafe.alter(change);
    expect(await bookedNow()).toBe(dates + 1);
  });

  test('when the policy is another', async () => {
    cafe.policy = { ...cafe.policy, openings: { [ledgerId]: { inTransit: 100 } } };
    expect(await bookedNow()).toBe(dates + 1);
  });

  test('when a period is locked', async () => {
    cafe.policy = { ...cafe.policy, lockedThrough: addDays(firstDate, 3) };
    expect(await bookedNow()).toBe(dates + 1);
  });

  test('when the source is read by another version, and always where it does not promise that its dates stand alone', async () => {
    const { api, ...source } = till;
    if (api === undefined) throw new TypeError('the till has an archive');
    const { datesVersion: _, ...without } = api;
    expect(await bookedNow({ source: { ...source, api: { ...api, datesVersion: '2' } } })).toBe(dates + 1);
    expect(await bookedNow({ source: { ...source, api: without } })).toBe(dates + 1);
  });

  test.for([
    ['of those dates', 1],
    ['of a later one', dates],
  ] as const)('when a page of a file stands in the archive, %s', async ([, index]) => {
    const archive = await openArchive(cafe.archive);
    const { date } = dateOf(index);
    const body = new TextEncoder().encode(JSON.stringify({ ...dateOf(index), entries: [] }));
    const page = { sequence: 0, body, request: 'a file', receivedAt: '2026-01-01T00:00:00Z' };
    await archive.store({ ledgerId, topic: 'file:1', date, closed: true, pages: [page] });
    await archive.close();
    expect(await bookedNow()).toBe(dates + 2);
  });

  test('when a date of those was stored while the night planned', async () => {
    await cafe.deliver();
    await receive(dates + 1);
    const { api, ...source } = till;
    if (api === undefined) throw new TypeError('the till has an archive');
    const { dates: read } = api;
    async function* meanwhile(...given: Parameters<typeof read>): AsyncGenerator<LedgerDate, void, undefined> {
      await cafe.receive([dateOf(2)], [ledgerId]);
      yield* read(...given);
    }
    await cafe.planned({ source: { ...source, api: { ...api, dates: meanwhile } } });
    expect(await bookedNow()).toBe(dates + 2);
  });

  test('when there is another ledger', async () => {
    const moved: LedgerDate = { ...dateOf(dates), ledgerId: '302322', entries: [] };
    await cafe.receive([moved], ['302322']);
    expect(await bookedNow()).toBeGreaterThan(dates + 1);
  });

  test('when the bank has delivered something', async () => {
    writeFileSync(cafe.delivery.replace('.sqlite', '.bank.sqlite'), '');
    const { going, whole } = await cafe.planBoth();
    expect(going).toBe(whole);
    expect(cafe.booked.going).toBe(cafe.booked.whole);
  });

  test('when a voucher of those was taken back', async () => {
    await cafe.inLog((target) => target.undo({ voucher: reference(1) }, async () => true));
    expect(await bookedNow()).toBe(dates + 1);
  });

  test('when a voucher of those was taken back by a machine whose clock is behind', async () => {
    cafe.clock.ms -= 30 * 86_400_000;
    await cafe.inLog((target) => target.undo({ voucher: reference(1) }, async () => true));
    cafe.clock.ms += 30 * 86_400_000;
    expect(await bookedNow()).toBe(dates + 1);
  });

  test('when a voucher of those was moved in the target, and settled as it is: then it goes on again', async () => {
    const { posted } = cafe.books;
    const at = posted.findIndex((each) => each.reference === reference(1));
    const moved = { ...posted[at]!, date: addDays(firstDate, dates) };
    posted[at] = moved;
    await cafe.inLog((target) => target.settle(moved.reference, { is: 'there', targetId: moved.id, asItIs: true }));
    expect(await bookedNow()).toBe(dates + 1);
    expect(await bookedNow()).toBe(1);
    await cafe.deliver();
    await receive(dates + 1);
    expect(await bookedNow()).toBe(2);
  });

  test('when the log is another', async () => {
    cafe.loseLog();
    await cafe.connect();
    expect(await bookedNow()).toBe(dates + 1);
  });

  test('when the log is put back from a backup that was made while the last night posted', async () => {
    const backup = join(cafe.folder, 'backup.sqlite');
    cafe.books.meanwhile = () => {
      const log = new DatabaseSync(cafe.delivery);
      log.exec(`VACUUM INTO '${backup}'`);
      log.close();
    };
    await cafe.inLog(async (target) => target.apply(await target.plan()));
    await receive(dates + 1);
    cafe.books.meanwhile = () => undefined;
    expect(await bookedNow()).toBe(2);
    renameSync(backup, cafe.delivery);
    expect(await bookedNow()).toBe(dates + 2);
  });

  test('when all of it is to be listed, or a part of the period', async () => {
    await using open = cafe.open();
    const target = await open.target('books');
    const bookedBy = async (options: {
      readonly from?: PlainDate;
      readonly to?: PlainDate;
      readonly rebook?: boolean;
    }) => {
      let booked = 0;
      await target.plan({ unchanged: 'counted', ...options, onDate: () => void (booked += 1) });
      return booked;
    };
    expect(await bookedBy({})).toBe(1);
    expect(await bookedBy({ rebook: true })).toBe(dates + 1);
    expect(await bookedBy({ from: addDays(firstDate, 3) })).toBe(dates + 1);
    expect(await bookedBy({ to: addDays(firstDate, 3) })).toBe(dates + 1);
    expect((await target.plan()).plan.items.length).toBe(dates);
  });
});
