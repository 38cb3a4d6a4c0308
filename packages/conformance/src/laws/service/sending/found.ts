import { addDays, plainDate, voucherReference, type PlainDate, type Posted, type Voucher } from '@bilag/core';
import type { Fault } from '@bilag/fault-server';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { failureOf, mustShow } from '../expectations.ts';

/** Another voucher's hit would be taken for this one, and this one never be sent. */
export const found: ServiceLaw = {
  id: 'found',
  sentence: 'A search for a reference finds exactly that reference: no longer one, no part of one, and nothing else.',
  excuse: ({ can }) => (can.find ? undefined : 'no find()'),
  async prove(open) {
    const world = await open();
    const [key, unknown] = ['400001-20260302', '400009-20260302'];
    const vouchers = [
      world.vouchers.payout(10_000, 100, { key }),
      world.vouchers.payout(20_000, 100, { key, revision: 2 }),
      world.vouchers.payout(30_000, 100, { key: `${key}.J` }),
      world.vouchers.payout(40_000, 100, { key: `1${key}` }),
      world.vouchers.payout(50_000, 100, { key: `${key}.J2` }),
    ];
    await mustFindOnly(world, key, undefined);
    for (const voucher of vouchers.toReversed()) {
      await world.connect().post(voucher, voucherReference(voucher));
    }
    for (const voucher of vouchers) await mustFindOnly(world, voucherReference(voucher), voucher);
    await mustFindLater(world);
    for (const none of [key.slice(0, -1), `${key}.R`, `${key}.j`, `${key}.r2`, `${key}.R3`, '20260302', unknown]) {
      await mustFindOnly(world, none, undefined);
    }
    for (const [fault, what] of failures) {
      const armed = world.target.server.faults.arm({ ...fault, times: Infinity });
      const search = `find("${key}") of a voucher that is there, with ${what}`;
      mustHold(await isError(world.connect().find?.(key), search), `${search}: it ends well, and nobody can know that`);
      await armed.disarm();
    }
  },
};

/** A search that failed has found nothing out: taken for "not there", the voucher would be sent again. */
const failures: readonly (readonly [Fault, string])[] = [
  [{ kind: 'status', status: 500, body: 'Something went wrong' }, 'a target that answers with 500'],
  [{ kind: 'status', status: 403 }, 'a target that answers with 403'],
  [{ kind: 'cut' }, 'no reply'],
  [{ kind: 'malformed' }, 'half a reply'],
];

async function isError(work: Promise<unknown> | undefined, what: string): Promise<boolean> {
  return work !== undefined && (await failureOf(work, what)) !== undefined;
}

/** A locked period moves a voucher, into the next year too: its date is then later than the one in its key. */
async function mustFindLater(world: ServiceWorld): Promise<void> {
  const [ledgerDate, date] = [plainDate('2025-11-30'), plainDate('2026-03-02')];
  const moved = world.vouchers.payout(60_000, 100, { key: '400001-20251130', ledgerDate, date });
  await world.connect().post(moved, voucherReference(moved));
  await mustFindOnly(world, voucherReference(moved), moved);
}

async function mustFindOnly(world: ServiceWorld, reference: string, voucher: Voucher | undefined): Promise<void> {
  const hits = (await world.connect().find?.(reference)) ?? [];
  const what = `find("${reference}")`;
  mustEqual(hits.length, voucher === undefined ? 0 : 1, `how many vouchers ${what} shows`);
  const [hit] = hits;
  if (hit === undefined || voucher === undefined) return;
  mustEqual([hit.reference, hit.state], [reference, 'live'], `reference and state that ${what} shows`);
  mustShow(hit, voucher, world, `${voucher.key}, as ${what} shows it`);
  mustEqual(hit.id, world.live(reference)[0]?.id, `the id that ${what} shows`);
}

/** What is not listed seems to be missing. */
export const listed: ServiceLaw = {
  id: 'listed',
  sentence:
    'A list shows every voucher of its dates, the first and the last included, whole, and says what was reversed.',
  excuse: ({ can }) => (can.list ? undefined : 'no list()'),
  async prove(open) {
    const world = await open();
    const [from, to] = [plainDate('2026-03-02'), plainDate('2026-03-05')];
    const size = world.target.pageSize ?? 25;
    const before = await post(world, addDays(from, -1), 1);
    const within = [
      ...(await post(world, from, 1)),
      ...(await post(world, addDays(from, 1), size)),
      ...(await post(world, to, 2)),
    ];
    await post(world, addDays(to, 1), 1);
    const service = world.connect();
    const last = within.at(-1) as Voucher;
    const id = world.live(last.key)[0]?.id ?? '';
    const isReversed = service.reverse !== undefined;
    await service.reverse?.(id, last.date, `${last.key}.U1`);

    const shown = await allOf(world, from, to);
    const originals = shown.filter(({ reverses }) => reverses === undefined);
    const [wanted, seen] = [within, originals].map((some) => some.map(nameOf).sort());
    mustEqual(missingOf(wanted, seen), [], `vouchers that list(${from}, ${to}) does not show`);
    mustEqual(missingOf(seen, wanted), [], `vouchers that list(${from}, ${to}) should not show`);
    mustEqual(originals.length, within.length, `how many vouchers list(${from}, ${to}) shows`);
    for (const voucher of within) mustBeShown(world, voucher, originals, isReversed && voucher === last);
    if (isReversed) {
      mustHold(
        shown.some(({ reverses, state }) => reverses === id && state === 'live'),
        'list() does not show the reversal, or not what it reverses',
      );
    }
    mustEqual(
      (await allOf(world, before[0]?.date ?? from, addDays(from, -1))).length,
      1,
      'what list() shows of one date',
    );
    for (const [fault, what] of failures) {
      const armed = world.target.server.faults.arm({ ...fault, times: Infinity });
      const search = `list(${from}, ${to}) with ${what}`;
      mustHold(await isError(allOf(world, from, to), search), `${search}: it ends well, and nobody can know that`);
      await armed.disarm();
    }
  },
};

async function post(world: ServiceWorld, date: PlainDate, count: number): Promise<Voucher[]> {
  const service = world.connect();
  const vouchers: Voucher[] = [];
  for (let index = 0; index < count; index += 1) {
    const voucher = world.vouchers.payout(10_000 + index, 0, { date, ledgerDate: date });
    await service.post(voucher, voucher.key);
    vouchers.push(voucher);
  }
  return vouchers;
}

async function allOf(world: ServiceWorld, from: PlainDate, to: PlainDate): Promise<Posted[]> {
  const list = world.connect().list?.(from, to);
  return list === undefined ? [] : Array.fromAsync(list);
}

function mustBeShown(world: ServiceWorld, voucher: Voucher, shown: readonly Posted[], isReversed: boolean): void {
  const posted = shown.find(({ reference }) => reference === voucher.key);
  if (posted === undefined) return;
  mustEqual(posted.state, isReversed ? 'reversed' : 'live', `the state that list() shows of ${voucher.key}`);
  mustShow(posted, voucher, world, `${voucher.key}, as list() shows it`);
}

function nameOf(one: Posted | Voucher): string {
  return 'key' in one ? one.key : one.reference;
}

function missingOf(names: readonly string[] = [], others: readonly string[] = []): string[] {
  const there = new Set(others);
  return names.filter((name) => !there.has(name));
}
