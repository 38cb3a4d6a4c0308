import {
  addDays,
  createVoucher,
  negate,
  type JournalLine,
  type PlainDate,
  type Receipt,
  type Service,
  type Voucher,
} from '@bilag/core';
import type { HeldVoucher } from '../../../services/back-door.ts';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { sumsOf } from '../../sums.ts';
import { mustHoldAsBooked } from './exact.ts';
import { booksOf, failureOf, mustBeOf, mustEndAs, together } from '../expectations.ts';

/** Posted vouchers are never edited: what was wrong is taken back by a voucher of its own. */
export const reversal: ServiceLaw = {
  id: 'reversal',
  sentence: 'A reversal cancels its voucher to zero on every account, names it, leaves it as it was, and is made once.',
  async prove(open) {
    await mustMirror(await open());
    const world = await open();
    if (world.connect().reverse === undefined) return 'mirrored';
    await together(
      [false, true].map((isSale) => async () => {
        const fresh = await open();
        await mustReverse(fresh, isSale ? fresh.vouchers.sales() : fresh.vouchers.payout());
      }),
    );
    await mustSurviveLostReply(await open());
    return world.adapter.reversal === 'own-date' ? 'own, on the voucher’s date' : 'own';
  },
};

async function mustReverse(world: ServiceWorld, voucher: Voucher): Promise<void> {
  const { reverse } = reversible(world);
  const { id } = await world.connect().post(voucher, voucher.key);
  const [before] = world.live(voucher.key);
  const isOwnDate = world.adapter.reversal === 'own-date';
  const date = isOwnDate ? voucher.date : addDays(voucher.date, 5);
  if (isOwnDate) await mustRefuseAnotherDate(world, id, voucher);

  const receipt = await reverse(id, date);
  mustEqual(receipt.outcome, 'created', 'the outcome of a reversal');
  const taken = mustCancel(world, id, receipt);
  mustEqual(taken.date, date, 'the date of the reversal');
  const [original] = world.backDoor.held().filter((held) => held.id === id);
  mustEqual(original?.state, 'reversed', 'the state of what was reversed');
  mustEqual(contentOf(original), contentOf(before), 'the content of what was reversed');
  await mustFindReversed(world, voucher.key, id);

  const again = await reverse(id, date);
  mustEqual([again.outcome, again.id], ['exists', receipt.id], 'outcome and id of a reversal that was asked for again');
  mustEqual(world.backDoor.held().length, 2, 'vouchers after the reversal was asked for again');
}

/** The reply to the reversal is lost: asked for again it adds nothing. */
async function mustSurviveLostReply(world: ServiceWorld): Promise<void> {
  const { reverse } = reversible(world);
  const voucher = world.vouchers.sales();
  const { id } = await world.connect().post(voucher, voucher.key);
  const armed = world.target.server.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: async (request, handle) => {
      const before = world.backDoor.held().length;
      const reply = await handle(request);
      return world.backDoor.held().length > before ? { status: 500, body: 'Something went wrong' } : reply;
    },
  });
  const what = 'a reversal that was booked and answered with 500';
  const error = await failureOf(reverse(id, voucher.date), what);
  await armed.disarm();
  if (error !== undefined) mustBeOf(error, ['unknown-outcome'], what);
  mustCancel(world, id, await reverse(id, voucher.date));
  mustEqual(world.backDoor.held().length, 2, `${what}, and asked for again: vouchers in the books`);
}

/** Every target can be told the opposite under another reference; some dates can only be reached so. */
async function mustMirror(world: ServiceWorld): Promise<void> {
  const voucher = world.vouchers.sales();
  mustEndAs(await world.deliver(voucher), 'posted', 'a voucher to be mirrored');
  const mirrored = mirroredOf(voucher, addDays(voucher.date, 5));
  mustEndAs(await world.deliver(mirrored), 'posted', 'the mirrored voucher');
  mustHoldAsBooked(world.live(voucher.key), voucher);
  const all = [...world.live(voucher.key), ...world.live(mirrored.key)];
  mustEqual(sumsOf(all.flatMap(({ postings }) => postings)), [], 'the sum of a voucher and its mirrored one');
}

async function mustRefuseAnotherDate(world: ServiceWorld, id: string, voucher: Voucher): Promise<void> {
  const books = booksOf(world);
  const what = `a reversal on another date, with reversal "own-date"`;
  const error = await failureOf(reversible(world).reverse(id, addDays(voucher.date, 5)), what);
  mustHold(error !== undefined, `${what}: it was made, and should be refused`);
  mustBeOf(error, ['unsupported', 'rejected'], what);
  mustEqual(booksOf(world), books, `${what}: the books`);
}

/** The reversal names what it takes back, and nothing is left on any account. */
function mustCancel(world: ServiceWorld, id: string, receipt: Receipt): HeldVoucher {
  const held = world.backDoor.held();
  const reversals = held.filter(({ reverses }) => reverses === id);
  const [reversing] = reversals;
  mustHold(reversing !== undefined, `no voucher in the books says that it reverses ${id}`);
  mustEqual(reversals.length, 1, `how many vouchers reverse ${id}`);
  mustEqual(receipt.id, reversing.id, 'the id in the receipt of the reversal');
  mustEqual(sumsOf(held.flatMap(({ postings }) => postings)), [], 'the sum of a voucher and its reversal');
  return reversing;
}

/** As the engine looks whether a reversal arrived: by what reverses the voucher, or by the voucher's own state. */
async function mustFindReversed(world: ServiceWorld, reference: string, id: string): Promise<void> {
  const found = await world.connect().find?.(reference);
  if (found === undefined) return;
  const original = found.find((posted) => posted.id === id);
  mustHold(original !== undefined, `find("${reference}") does not show the voucher that was reversed`);
  mustEqual(original.state, 'reversed', `the state that find("${reference}") shows of a reversed voucher`);
  mustHold(
    found.every((posted) => posted.id === id || posted.reverses === id),
    `find("${reference}") shows the reversal without naming what it reverses`,
  );
}

function reversible(world: ServiceWorld): { reverse: (id: string, date: PlainDate) => Promise<Receipt> } {
  const service: Service = world.connect();
  return {
    reverse: async (id, date) => {
      if (service.reverse === undefined) throw new Error('the service has no reverse()');
      return service.reverse(id, date, `${world.backDoor.held().find((held) => held.id === id)?.reference ?? ''}.U1`);
    },
  };
}

function contentOf(held: HeldVoucher | undefined): unknown {
  return held === undefined ? undefined : { date: held.date, postings: held.postings, reference: held.reference };
}

/** As the engine mirrors: every amount turned round, on another date, no sale. */
function mirroredOf(voucher: Voucher, date: PlainDate): Voucher {
  const { digest: _digest, ...parts } = voucher;
  return createVoucher({
    ...parts,
    key: `${voucher.key}.U1`,
    document: 'journal',
    date,
    lines: voucher.lines.map((line): JournalLine => {
      const { vat } = line;
      return {
        ...line,
        amount: negate(line.amount),
        ...(vat === undefined ? {} : { vat: { ...vat, net: negate(vat.net), amount: negate(vat.amount) } }),
      };
    }),
  });
}
