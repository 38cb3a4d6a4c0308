import {
  addedVat,
  amount,
  containedVat,
  subtract,
  expectedDigest,
  type BilagError,
  type Delivery,
  type ErrorKind,
  type Posted,
  type Voucher,
  isLiveVoucher,
} from '@bilag/core';
import type { HeldVoucher } from '../../services/back-door.ts';
import { differenceOf } from '../../difference.ts';
import type { KitSale } from '../../kit/kit-chart.ts';
import { LawBroken, mustEqual, mustHold } from '../../law.ts';
import { errorOf, type ServiceWorld } from '../../services/service-world.ts';

/** The kinds that refuse a voucher by name: nothing of it was written, and sending it again as it is would not help. */
export const refusals: readonly ErrorKind[] = ['rejected', 'unsupported', 'config'];

/** What may happen to the next write of a voucher. */
export type Strike = Parameters<ServiceWorld['strike']>[0];

/** How a voucher ended that may be posted or refused. */
export type PostedOrRefused = 'posted' | 'refused';

/** The error is one of these kinds. */
export function mustBeOf(error: BilagError, kinds: readonly ErrorKind[], what: string): void {
  mustHold(
    kinds.includes(error.kind),
    `${what}: the error is "${error.kind}" (${error.message}), and should be ${kinds.map((kind) => `"${kind}"`).join(' or ')}`,
  );
}

/** Nothing came into the books. */
export function mustHoldNothing(world: ServiceWorld, what: string): void {
  const held = world.backDoor.held();
  mustHold(held.length === 0, `${what}: the target holds ${held.map(shown).join(', ')}, and should hold nothing`);
}

/** Posts a voucher that may be refused: then by name, and before anything was sent. */
export async function postedOrRefused(world: ServiceWorld, voucher: Voucher, what: string): Promise<PostedOrRefused> {
  const [held, sends] = [world.backDoor.held().length, world.sends];
  const error = await failureOf(world.connect().post(voucher, voucher.key), what);
  if (error === undefined) return 'posted';
  mustBeOf(error, refusals, what);
  mustHold(world.sends === sends, `${what}: it was refused only after it had been sent (${error.message})`);
  mustHold(world.backDoor.held().length === held, `${what}: it was refused, and the target holds it all the same`);
  return 'refused';
}

/** The delivery ended in this state. */
export function mustEndAs({ state, problem }: Delivery, expected: Delivery['state'], what: string): void {
  const why = problem === null ? '' : ` (${problem.kind}: ${problem.what}; ${problem.where})`;
  mustHold(state === expected, `${what}: its delivery ends as "${state}"${why}, and should end as "${expected}"`);
}

/** The receipt of a voucher carries the digest of what the target holds. */
export async function mustBeReceiptOf(
  digest: string,
  voucher: Voucher,
  world: ServiceWorld,
  what: string,
): Promise<void> {
  if (digest === expectedDigest(voucher, world.adapter)) return;
  const found = (await world.connect().find?.(voucher.key)) ?? [];
  const seen = found.map((posted) => differenceOf(posted, voucher, world.adapter)).find((one) => one !== undefined);
  throw new LawBroken(`${what}: the digest of its receipt is not the voucher's: ${seen ?? digestMeans}`);
}

const digestMeans = 'something in date, currency, accounts, amounts, VAT codes or dimensions was read back otherwise';

/** What was read back is the voucher. */
export function mustShow(posted: Posted, voucher: Voucher, world: ServiceWorld, what: string): void {
  const seen = differenceOf(posted, voucher, world.adapter);
  if (seen !== undefined) throw new LawBroken(`${what}: ${seen}`);
}

/** Everything the target holds, without files, so that two moments can be compared. */
export function booksOf(world: ServiceWorld): readonly Omit<HeldVoucher, 'files'>[] {
  return world.backDoor.held().map(({ files: _files, ...voucher }) => voucher);
}

/** Whether the service can be asked for a reference. */
export function canFind(world: ServiceWorld): boolean {
  return world.connect().find !== undefined;
}

/** Whether an outcome that is not known ends with a person, because the target neither tells duplicates nor can be asked. */
export function asksPerson(world: ServiceWorld): boolean {
  return world.adapter.dedupe.by === 'none' && !canFind(world);
}

/** What `find` shows of the voucher now has the digest it should have. */
export async function mustFind(world: ServiceWorld, voucher: Voucher, reference: string, what: string): Promise<void> {
  const service = world.connect();
  if (service.find === undefined) return;
  const found = await service.find(reference);
  const live = found.filter(isLiveVoucher);
  const [posted] = live;
  mustHold(
    posted !== undefined && live.length === 1,
    `${what}: find("${reference}") shows ${live.length} live vouchers, and should show one`,
  );
  mustEqual(posted.reference, reference, `${what}: the reference that find shows`);
  mustShow(posted, voucher, world, `${what}, as find shows it`);
}

/** The next amount away from zero that a target of any VAT view can hold: net + VAT on the net is the gross again. */
export function holdable(wanted: number, { rateBasisPoints }: Pick<KitSale, 'rateBasisPoints'>): number {
  for (let gross = wanted; ; gross += wanted < 0 ? -1 : 1) if (isHoldable(gross, rateBasisPoints)) return gross;
}

/** Whether a target that computes VAT from the net amount can hold this gross amount, whatever it does with half an øre. */
export function isHoldable(gross: number, rateBasisPoints: number): boolean {
  const contained = containedVat(amount(gross), rateBasisPoints);
  const net = subtract(amount(gross), contained);
  const isHalf = Math.abs((net % 10_000) * rateBasisPoints) % 10_000 === 5_000;
  return !isHalf && addedVat(net, rateBasisPoints) === contained;
}

/** Amounts for `sales()`, where lines take the chart's sales in turn: each moved to one that any target can hold. */
export function holdableInTurn(world: ServiceWorld, wanted: readonly number[]): number[] {
  const { sales } = world.chart;
  return wanted.map((gross, index) => holdable(gross, sales[index % sales.length] as KitSale));
}

/** Runs work that may fail only as a {@link BilagError}, and gives the error, or undefined when it ended well. */
export async function failureOf(work: Promise<unknown>, what: string): Promise<BilagError | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    return errorOf(Promise.reject(thrown as Error), what);
  }
}

/** Runs proofs in worlds of their own at the same time, because some of them wait; the first that is broken breaks the law. */
export async function together(proofs: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(proofs.map((proof) => proof()));
  const first = results.find((result) => result.status === 'rejected');
  if (first !== undefined) throw first.reason;
}

function shown({ id, reference, state }: HeldVoucher): string {
  return `${reference} (${id}, ${state})`;
}
