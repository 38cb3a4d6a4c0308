import {
  isLiveVoucher,
  addDays,
  BilagError,
  farthestLock,
  keyDate,
  plainDate,
  type PlainDate,
  type Posted,
} from '@bilag/core';
import type { DeliverySession } from './delivery-session.ts';
import { withKnown, type Known } from '../planning/known-posted.ts';
import { placesOf } from '../planning/one-grouping.ts';
import type { Plan } from '../planning/plan.ts';
import type { LookAhead } from './look-ahead.ts';
import { revenueGuard } from './revenue-guard.ts';

/**
 * Makes sure, before anything is sent, that the target holds nothing which sending would double: a voucher of ours that the log
 * does not know (a log that was lost, restored or begun twice), one that is there twice, and sales that others booked.
 *
 * Looked through is the last month, and everything from the first ledger date on that is to be sent: what holds the same money is
 * dated on it or later, as far ahead as a lock may move it. As long as the log is not known to be whole, it is everything that was ever
 * delivered.
 *
 * A log that has never sent waits first, until the target shows what another may have written just before: now, and not when it
 * was connected, because another may have begun in between.
 */
export async function lookThrough(
  plan: Plan,
  session: DeliverySession,
  ahead: LookAhead,
  revenueIsOurs: boolean,
): Promise<void> {
  const { store, companyId, service, clock } = session.context;
  const past = await store.pastOf(companyId);
  if (past?.is !== 'whole') await untilShown(session);
  const list = service.list?.bind(service);
  if (list !== undefined) {
    const since = past?.is === 'whole' ? firstToSend(plan, clock.now()) : await firstOfAll(plan, session);
    const log = await readLog(plan, since, session);
    const guard = revenueGuard(plan);
    const foreign: Posted[] = [];
    const sight = new Sight(log.ledgers, companyId);
    await session.request('look through the target', async () => {
      for await (const [posted, known] of withKnown(ahead.noted(log.from, log.to), session.context)) {
        sight.take(posted, known);
        if (!revenueIsOurs && guard.sees(posted) && !known.isOurs(posted)) foreign.push(posted);
      }
      // Only where the target shows under a reference what the log does not expect there: is that there too?
      if (sight.isDoubtful) for await (const posted of list(log.from, log.to)) sight.takeAgain(posted);
    });
    sight.refuse();
    if (foreign.length > 0) throw guard.refusal(foreign);
  }
  if (past?.is !== 'whole') await session.markWhole();
}

/** Waits until the target shows everything that any process wrote before now. */
export async function untilShown(session: DeliverySession): Promise<void> {
  const { adapter, clock, requestTimeoutMs = 60_000 } = session.context;
  if (adapter.dedupe.by !== 'search') return;
  await session.sleepUntil(
    clock.now() + requestTimeoutMs + adapter.dedupe.settlesMs,
    `${adapter.id} may not show yet what was written before, and this log has not sent anything for the company`,
  );
}

/** What is ours in the target and not in the log, and what is there twice. Of what is as it should be nothing is kept. */
class Sight {
  readonly #ledgers: ReadonlySet<string>;
  readonly #companyId: string;
  /** The first few, and how many. */
  readonly #unknown: Posted[] = [];
  #unknownCount = 0;
  /** By reference: what is live in the target and not what the log has there, first come. */
  readonly #others = new Map<string, Posted>();
  /** By id in the target: what the log has under the reference of one of those. */
  readonly #doubted = new Map<string, Posted>();

  constructor(ledgers: ReadonlySet<string>, companyId: string) {
    this.#ledgers = ledgers;
    this.#companyId = companyId;
  }

  get isDoubtful(): boolean {
    return this.#doubted.size > 0;
  }

  take(posted: Posted, known: Known): void {
    const { reference, id } = posted;
    if (!isLiveVoucher(posted) || !isReferenceOf(this.#ledgers, reference)) return;
    if (!known.has(posted)) {
      this.#unknownCount += 1;
      if (this.#unknown.length < shownAtMost) this.#unknown.push(posted);
    }
    const expected = known.idOf(reference);
    if (expected === id) return;
    const twin = this.#others.get(reference);
    if (twin !== undefined && twin.id !== id) throw doubledThere(posted, twin.id, this.#companyId);
    this.#others.set(reference, posted);
    if (expected !== undefined && expected !== null) this.#doubted.set(expected, posted);
  }

  takeAgain(posted: Posted): void {
    const twin = this.#doubted.get(posted.id);
    if (twin?.reference === posted.reference && isLiveVoucher(posted))
      throw doubledThere(twin, posted.id, this.#companyId);
  }

  refuse(): void {
    if (this.#unknownCount > 0) throw notKnown(this.#unknown, this.#unknownCount, this.#companyId);
  }
}

/** Whether a reference is one that we give to vouchers of these ledgers. */
function isReferenceOf(ledgers: ReadonlySet<string>, reference: string): boolean {
  return keyDate(reference) !== undefined && ledgers.has(ledgerOf(reference));
}

/** The ledger in a key or reference: what stands before its date. */
function ledgerOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/**
 * A month ago, or the first ledger date of what is to be sent where that is earlier: nothing that is made of the same entries is
 * dated before it.
 */
function firstToSend({ items }: Plan, now: number): PlainDate {
  let first = addDays(dateOf(now), -31);
  for (const { isToBeSent, voucher } of items) {
    if (!isToBeSent || voucher === null) continue;
    if (voucher.ledgerDate < first) first = voucher.ledgerDate;
    for (const { date } of placesOf(voucher)) if (date !== undefined && date < first) first = date;
  }
  return first;
}

function dateOf(now: number): PlainDate {
  return plainDate(new Date(now).toISOString().slice(0, 10));
}

/** The first date of anything that was delivered, or could have been. */
async function firstOfAll(
  { begins, items }: Plan,
  { context: { store, companyId } }: DeliverySession,
): Promise<PlainDate> {
  let first = begins;
  for (const { date, voucher } of items) {
    if (date < first) first = date;
    if (voucher !== null && voucher.ledgerDate < first) first = voucher.ledgerDate;
  }
  // The log tells them in their order.
  for await (const { date } of store.heads(companyId)) return date < first ? date : first;
  return first;
}

/**
 * The ledgers of the plan and the log, and everything that was or could have been delivered since a date, whatever is planned
 * now.
 */
async function readLog(
  { items }: Plan,
  since: PlainDate,
  { context: { store, companyId, clock } }: DeliverySession,
): Promise<{ readonly from: PlainDate; readonly to: PlainDate; readonly ledgers: ReadonlySet<string> }> {
  const ledgers = new Set<string>();
  for (const { key } of items) ledgers.add(ledgerOf(key));
  // Nothing is dated later than on the day after a lock; and somewhere it is tomorrow.
  let [from, to] = [since, addDays(farthestLock(dateOf(clock.now())), 2)];
  const stretchTo = (date: PlainDate): void => {
    if (date < from) from = date;
    if (date > to) to = date;
  };
  stretchTo(from);
  stretchTo(to);
  for (const { isToBeSent, date } of items) if (isToBeSent) stretchTo(date);
  for await (const { key, date } of store.heads(companyId, { from: since })) {
    ledgers.add(ledgerOf(key));
    stretchTo(date);
  }
  return { from, to, ledgers };
}

const shownAtMost = 5;

function notKnown(some: readonly Posted[], count: number, companyId: string): BilagError {
  const shown = some.map(({ reference, date }) => `${reference} of ${date}`);
  const more = count > shown.length ? ` and ${count - shown.length} more` : '';
  const many = count === 1 ? 'a voucher' : `${count} vouchers`;
  return new BilagError('conflict', {
    what: `the target holds ${many} of ours that the log does not know (${shown.join(', ')}${more}): the log was lost or restored, or another installation delivers for this company`,
    where: companyId,
    action:
      'let one installation deliver, and rebuild the log (bilag rebuild); what a rebuild does not find was grouped otherwise: rebuild with that grouping, or take it back in the target. Nothing was sent',
  });
}

function doubledThere({ reference, id, date }: Posted, twin: string, companyId: string): BilagError {
  return new BilagError('conflict', {
    what: `the target holds ${reference} more than once (${twin}, ${id})`,
    where: `${companyId}, ${date}`,
    action:
      'let a person keep one and delete the others there; see whether another installation delivers for this company. Nothing was sent',
  });
}
