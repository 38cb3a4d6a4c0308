import {
  accountNaming,
  add,
  addDays,
  book,
  sum,
  type Amount,
  type BookedDate,
  type LedgerBalances,
  type PlainDate,
} from '@bilag/core';
import { plan, type Plan } from '@bilag/engine';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import { checkRange } from '../dates/period.ts';
import type { Company } from '../config/company.ts';
import type { DeliveryConnection } from './delivery-connection.ts';
import type { AccountNaming } from './plan-lines.ts';

export interface PlanOptions {
  /** Default: the cut-over. */
  readonly from?: PlainDate | undefined;
  /** Default: everything there is. */
  readonly to?: PlainDate | undefined;
  /** Book again what only the policy changed. */
  readonly rebook?: boolean | undefined;
  /**
   * `counted`: of the vouchers that are in the books exactly as they should be, those alone are listed whose source data is still to
   * be attached, so that a plan of years fits into little memory. `listed` by default.
   */
  readonly unchanged?: 'listed' | 'counted';
  readonly onDate?: (date: PlainDate) => void;
}

/** What applying would do, and what is held back. */
export interface CompanyPlan {
  readonly plan: Plan;
  /** The later of what the target and the policy close. */
  readonly lockedThrough: PlainDate | undefined;
  /** What the accounts of its vouchers are called. */
  readonly nameOf: AccountNaming;
  /** Where the ledgers and the books stood on the last date that was booked; undefined where nothing was. */
  readonly standing: Standing | undefined;
}

/** What the provider owes over all ledgers, as it tells and as the books have it. */
export interface Standing {
  readonly through: PlainDate;
  readonly provider: Amount;
  readonly books: Amount;
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
  const providers = new Map<string, string>();
  const balances = new Map<string, LedgerBalances>();
  let through: PlainDate | undefined;
  const booked = watched(
    book(dates.until(last), company.policy, { shape: target.adapter.shape, ...dates.lookUps }),
    ({ date, ledgerId, provider, balances: told }) => {
      if (provider !== undefined) providers.set(ledgerId, provider);
      for (const each of told) balances.set(each.ledgerId, each);
      through = date;
      options.onDate?.(date);
    },
  );
  const { rebook, unchanged } = options;
  const canAttach = service.attach !== undefined;
  const made = await plan({
    companyId: company.id,
    store,
    from,
    to,
    dates: booked,
    lockedThrough,
    ...(rebook === undefined ? {} : { rebook }),
    ...(unchanged === 'counted' && { listsUnchanged: ({ isAttached }) => canAttach && !isAttached }),
  });
  const nameOf = accountNaming(company.policy, providers);
  return {
    plan: made,
    lockedThrough: made.lockedThrough ?? undefined,
    nameOf,
    standing: standingOf(balances, through),
  };
}

function standingOf(
  balances: ReadonlyMap<string, LedgerBalances>,
  through: PlainDate | undefined,
): Standing | undefined {
  if (through === undefined) return undefined;
  const all = [...balances.values()];
  const provider = sum(all.map(({ funds }) => funds.provider));
  return { through, provider, books: sum(all.map(({ funds, preBooked }) => add(funds.books, preBooked))) };
}

async function* watched(
  dates: AsyncIterable<BookedDate>,
  onDate: (booked: BookedDate) => void,
): AsyncGenerator<BookedDate, void, undefined> {
  for await (const date of dates) {
    onDate(date);
    yield date;
  }
}

/** Booked is always everything: what is held over a date's end needs the next one. */
function periodOf(
  company: Company,
  { last }: CompanyDates,
  { from = company.policy.versions[0].from, to }: PlanOptions,
): { readonly from: PlainDate; readonly to: PlainDate; readonly last: PlainDate } {
  const { id, policy } = company;
  if (last === undefined) throw nothingToBook(company);
  // What a locked period moves is dated on the first open day, which may lie after the last ledger date.
  const moved = policy.lockedThrough === undefined ? last : addDays(policy.lockedThrough, 1);
  const end = to ?? (moved > last ? moved : last);
  checkRange(from, end, to === undefined ? `--from, for company ${id}` : '--from and --to');
  return { from, to: end, last };
}
