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
import { TargetCheckpoint, type Kept, type Told } from './plan-checkpoint.ts';
import type { AccountNaming } from './plan-lines.ts';
import { hasSourceData } from './source-data.ts';

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

/**
 * Compares the books with the delivery log, in the shape the target takes. Nothing is posted, and reads alone are sent. A plan that counts
 * what is unchanged goes on from where an earlier one found everything in the books, and keeps how far that is by now.
 */
export async function planCompany(
  company: Company,
  dates: CompanyDates,
  connection: Pick<DeliveryConnection, 'target' | 'service' | 'store'>,
  options: PlanOptions,
): Promise<CompanyPlan> {
  const { target, service, store } = connection;
  const { from, to, last } = periodOf(company, dates, options);
  const { lockedThrough } = await service.chart();
  const { rebook, unchanged } = options;
  let told = new BooksTold();
  const checkpoint =
    unchanged === 'counted' ? await TargetCheckpoint.open(company, dates, connection, () => told.state) : undefined;
  async function* booked(goOn?: Kept): AsyncGenerator<BookedDate, void, undefined> {
    told = new BooksTold(goOn?.told);
    const lookUps = { shape: target.adapter.shape, ...dates.lookUps };
    const on = { ...(goOn === undefined ? {} : { from: goOn.books }), ...checkpoint?.next };
    for await (const date of book(dates.until(last, goOn?.books.through), company.policy, { ...lookUps, ...on })) {
      told.take(date);
      options.onDate?.(date.date);
      yield date;
    }
  }
  const canAttach = service.attach !== undefined;
  const made = await plan({
    companyId: company.id,
    store,
    from,
    to,
    dates: booked(),
    lockedThrough,
    ...(rebook === undefined ? {} : { rebook }),
    ...(unchanged === 'counted' && {
      listsUnchanged: ({ isAttached }, voucher) => canAttach && !isAttached && hasSourceData(voucher),
    }),
    checkpoint: checkpoint?.ofPlan(booked),
  });
  await checkpoint?.save();
  return {
    plan: made,
    lockedThrough: made.lockedThrough ?? undefined,
    nameOf: accountNaming(company.policy, told.providers),
    standing: standingOf(told.balances, told.through),
  };
}

/** What books tell as they are made: the last of each ledger. */
class BooksTold {
  readonly providers: Map<string, string>;
  readonly balances: Map<string, LedgerBalances>;
  through: PlainDate | undefined;

  constructor(before?: Told) {
    this.providers = new Map(before?.providers);
    this.balances = new Map(before?.balances.map((each) => [each.ledgerId, each]));
    this.through = before?.through;
  }

  get state(): Told {
    return { through: this.through, providers: [...this.providers], balances: [...this.balances.values()] };
  }

  take({ date, ledgerId, provider, balances }: BookedDate): void {
    if (provider !== undefined) this.providers.set(ledgerId, provider);
    for (const each of balances) this.balances.set(each.ledgerId, each);
    this.through = date;
  }
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
