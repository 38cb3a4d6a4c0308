import { addDays, BilagError, book, isDeliverable, type BookedDate, type Finding, type PlainDate } from '@bilag/core';
import { plan, type Plan } from '@bilag/engine';
import type { CompanyDates } from '../books/company-dates.ts';
import { checkRange } from '../books/period.ts';
import type { Company } from '../config/company.ts';
import type { DeliveryConnection } from './delivery-connection.ts';

export interface PlanOptions {
  /** Default: the cut-over. */
  readonly from?: PlainDate | undefined;
  /** Default: everything there is. */
  readonly to?: PlainDate | undefined;
  /** Book again what only the policy changed. */
  readonly rebook?: boolean | undefined;
  readonly onDate?: (date: PlainDate) => void;
}

/** A date that is not delivered yet. */
export interface HeldDate {
  readonly ledgerId: string;
  readonly date: PlainDate;
  /** `open`: the provider may still add to it. `error`: something has to be mended first. */
  readonly because: 'open' | 'error';
  readonly why: string;
}

/** What applying would do, what is held back, and what booking found about it. */
export interface CompanyPlan {
  readonly plan: Plan;
  readonly heldDates: readonly HeldDate[];
  /** Of the dates whose vouchers are sent or blocked, and of the plan itself. */
  readonly findings: readonly Finding[];
  /** What the target says is closed. */
  readonly lockedThrough: PlainDate | undefined;
}

/** Compares the books with the delivery log, in the shape the target takes. Nothing is written, and reads alone are sent. */
export async function planCompany(
  company: Company,
  dates: CompanyDates,
  { target, service, store }: Pick<DeliveryConnection, 'target' | 'service' | 'store'>,
  options: PlanOptions,
): Promise<CompanyPlan> {
  const { from, to, last } = periodOf(company, dates, options);
  const { lockedThrough } = await service.chart();
  const heldDates: HeldDate[] = [];
  const found: Finding[] = [];
  const booked = watched(book(dates.until(last), company.policy, { shape: target.adapter.shape }), (date) => {
    options.onDate?.(date.date);
    found.push(...date.findings);
    if (date.date >= from && date.date <= to && !isDeliverable(date)) heldDates.push(heldDateOf(date));
  });
  const { rebook } = options;
  const made = await plan({
    companyId: company.id,
    store,
    from,
    to,
    dates: booked,
    lockedThrough,
    ...(rebook === undefined ? {} : { rebook }),
  });
  return { plan: made, heldDates, findings: [...relevantTo(made, found), ...made.findings], lockedThrough };
}

/** What waits for a person: nothing is done about it by itself. */
export function waitsForPerson({ plan: { counts }, heldDates }: CompanyPlan): boolean {
  return counts.blocked > 0 || counts.missing > 0 || heldDates.some(({ because }) => because === 'error');
}

async function* watched(
  dates: AsyncIterable<BookedDate>,
  onDate: (date: BookedDate) => void,
): AsyncGenerator<BookedDate, void, undefined> {
  for await (const date of dates) {
    onDate(date);
    yield date;
  }
}

/** Booked is always everything: what is held over a date's end needs the next one. */
function periodOf(
  { id, policy }: Company,
  { last }: CompanyDates,
  { from = policy.versions[0].from, to }: PlanOptions,
): { readonly from: PlainDate; readonly to: PlainDate; readonly last: PlainDate } {
  if (last === undefined) {
    throw new BilagError('not-found', {
      what: 'there is nothing to book yet',
      where: `company ${id}`,
      now: 'run bilag fetch first',
    });
  }
  // What a locked period moves is dated on the first open day, which may lie after the last ledger date.
  const moved = policy.lockedThrough === undefined ? last : addDays(policy.lockedThrough, 1);
  const end = to ?? (moved > last ? moved : last);
  checkRange(from, end, to === undefined ? `--from, for company ${id}` : '--from and --to');
  return { from, to: end, last };
}

function heldDateOf(booked: BookedDate): HeldDate {
  const { ledgerId, date } = booked;
  const error = booked.findings.find(({ severity }) => severity === 'error');
  return error === undefined
    ? { ledgerId, date, because: 'open', why: 'the provider may still add to it' }
    : { ledgerId, date, because: 'error', why: `${error.message}; ${error.action}` };
}

/** A nightly plan must not tell again what was known when a date was posted. */
function relevantTo({ items }: Plan, found: readonly Finding[]): readonly Finding[] {
  const dates = new Set(
    items.flatMap(({ isSent, change, voucher }) =>
      voucher !== null && (isSent || change === 'blocked') ? [voucher.ledgerDate] : [],
    ),
  );
  return found.filter(({ severity, date }) => severity !== 'info' && date !== undefined && dates.has(date));
}
