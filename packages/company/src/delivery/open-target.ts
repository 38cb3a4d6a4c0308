import {
  BilagError,
  book,
  isDeliverable,
  isLiveVoucher,
  keyDate,
  latestLock,
  plainDate,
  type PlainDate,
  type Voucher,
} from '@bilag/core';
import {
  apply,
  hold,
  rebuild,
  release,
  settle,
  undo,
  verify,
  waitsForPerson,
  type ApplyOptions,
  type Decision,
  type DeliveryResult,
  type DeliveryRow,
  type HeldChoice,
  type Rebuilt,
  type SettleOptions,
  type UndoOptions,
  type Verification,
} from '@bilag/engine';
import type { Company } from '../config/company.ts';
import type { CompanyDates } from '../dates/company-dates.ts';
import type { OpenConnection } from './delivery-connection.ts';
import { planCompany, type CompanyPlan, type PlanOptions } from './plan-company.ts';
import { sourceDataOf } from './source-data.ts';
import { undoChoiceOf, type AskedUndo } from './undo-choice.ts';

/** What applying may do. */
export interface ApplyChoices extends Pick<ApplyOptions, 'mostReversals' | 'revenueIsOurs'> {
  /** Whether the payments behind a voucher are attached to it, where the target takes files. Default true. */
  readonly attachments?: boolean;
}

/** Posting dates, both included. */
export interface VerifyRange {
  /** Default: the first that was posted. */
  readonly from?: PlainDate | undefined;
  /** Default: the last that was posted. */
  readonly to?: PlainDate | undefined;
}

/** What a target holds of a range of posting dates. */
export interface VerifiedTarget extends Verification {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** What a night did to a target. */
export interface Delivered {
  readonly planned: CompanyPlan;
  readonly result: DeliveryResult;
  readonly verified: VerifiedTarget;
  /** What is left: nothing, another run later, or a person who reads findings and outcomes. */
  readonly asksFor: 'nothing' | 'retry' | 'person';
}

/** A company and one of its targets, which was connected before. It is closed with its company. */
export class OpenTarget {
  readonly company: Company;
  /** The log and the service, for what is not done here. */
  readonly connection: OpenConnection;
  readonly #dates: () => Promise<CompanyDates>;

  constructor(company: Company, connection: OpenConnection, dates: () => Promise<CompanyDates>) {
    this.company = company;
    this.connection = connection;
    this.#dates = dates;
  }

  /** Compares the books with what was posted. Nothing is written, and reads alone are sent. */
  async plan(options: PlanOptions = {}): Promise<CompanyPlan> {
    return planCompany(this.company, await this.#dates(), this.connection, options);
  }

  /** Posts what is planned, each voucher once. It may be killed at any point, planned and applied again. */
  async apply({ plan, lockedThrough }: CompanyPlan, choices: ApplyChoices = {}): Promise<DeliveryResult> {
    const { attachments = true, mostReversals = 0, revenueIsOurs = false } = choices;
    const cutOver = this.company.policy.versions[0].from;
    const attachment = attachments ? sourceDataOf(await this.#dates(), cutOver) : undefined;
    return apply(plan, this.connection.context, { mostReversals, revenueIsOurs, lockedThrough, attachment });
  }

  /** Reads posted vouchers back, and says which somebody edited, deleted, reversed or doubled. */
  async verify(range: VerifyRange = {}): Promise<VerifiedTarget> {
    const { store, context } = this.connection;
    const spanOf = async (filter: { readonly from?: PlainDate }) => {
      let span: { readonly first: PlainDate; readonly last: PlainDate } | undefined;
      // In the order of dates.
      for await (const { date } of store.heads(this.company.id, filter))
        span = { first: span?.first ?? date, last: date };
      return span;
    };
    const later = range.from === undefined ? undefined : await spanOf({ from: range.from });
    const known = later ?? (await spanOf({}));
    // A log that knows nothing may have been lost: what the target holds of ours is told.
    const today = plainDate(new Date(context.clock.now()).toISOString().slice(0, 10));
    const cutOver = this.company.policy.versions[0].from;
    const [first, last] = cutOver < today ? [cutOver, today] : [today, cutOver];
    const { from = known?.first ?? first, to = known?.last ?? last } = range;
    return { from, to, ...(from > to ? { checked: 0, findings: [] } : await verify({ from, to }, context)) };
  }

  /** Plans, applies and reads everything back: what a night does. It may be killed at any point and run again. */
  async deliver(options: PlanOptions & ApplyChoices = {}): Promise<Delivered> {
    const planned = await this.plan({ unchanged: 'counted', ...options });
    const result = await this.apply(planned, options);
    const verified = await this.verify();
    const isWaiting =
      waitsForPerson(planned.plan, 'applied') || verified.findings.some(({ severity }) => severity === 'error');
    return { planned, result, verified, asksFor: isWaiting ? 'person' : asksForAtEnd[result.end] };
  }

  /** The vouchers in the books that `undo` would reverse. */
  async undoable(asked: AskedUndo): Promise<readonly DeliveryRow[]> {
    const { store } = this.connection;
    const choice = await undoChoiceOf(asked, this.company.id, store);
    const rows = await store.rows(this.company.id, { ...choice, states: ['posted'] });
    return rows.filter(({ kind }) => kind === 'voucher');
  }

  /** Reverses what was posted, once somebody said yes to it. What is undone is held until it is released. */
  async undo(asked: AskedUndo, confirm: UndoOptions['confirm']): Promise<DeliveryResult> {
    const { store, service, context } = this.connection;
    const choice = await undoChoiceOf(asked, this.company.id, store);
    const lockedThrough = latestLock([(await service.chart()).lockedThrough, this.company.policy.lockedThrough]);
    return undo(choice, context, { lockedThrough, confirm });
  }

  /** Keeps a voucher back, by its key or reference: one the log knows, or one that is still to be posted. */
  async hold(name: string, options: Pick<PlanOptions, 'onDate'> = {}): Promise<readonly DeliveryRow[]> {
    return hold([await this.#voucherOf(name, options)], this.connection.context);
  }

  /** Lets go of what was undone or held: the next apply posts it. */
  async release(choice: HeldChoice): Promise<readonly DeliveryRow[]> {
    return release(choice, this.connection.context);
  }

  /** Records what a person found about a voucher whose outcome is unknown, that is in conflict, or that changed. */
  async settle(reference: string, decision: Decision, options: SettleOptions = {}): Promise<DeliveryRow> {
    return settle(reference, decision, this.connection.context, options);
  }

  /** Fills a lost log again by looking each voucher up. Posts nothing. */
  async rebuild(): Promise<Rebuilt> {
    return rebuild(this.#vouchers(await this.#dates()), this.connection.context);
  }

  async #voucherOf(name: string, options: Pick<PlanOptions, 'onDate'>): Promise<Voucher> {
    const { store } = this.connection;
    const own = await store.rows(this.company.id, { key: name });
    const rows = own.length > 0 ? own : await store.rows(this.company.id, { reference: name });
    const row = rows.findLast(({ kind }) => kind === 'voucher');
    if (row !== undefined) return row.voucher;
    const { plan } = await this.plan(options);
    const voucher = plan.items.find(({ key }) => key === name)?.voucher;
    if (voucher !== null && voucher !== undefined) return voucher;
    throw new BilagError('not-found', {
      what: `there is no voucher ${name.slice(0, 60)}, posted or to be posted`,
      where: `company ${this.company.id}`,
      action: 'look at bilag plan --all; nothing was held',
    });
  }

  async *#vouchers({ last, until, lookUps }: CompanyDates): AsyncGenerator<Voucher, void, undefined> {
    if (last === undefined) return;
    const { shape } = this.connection.target.adapter;
    const there = await this.#datesThere();
    const bookedOn = (key: string): PlainDate | undefined => {
      const [date, own] = [there.get(key), keyDate(key)];
      return date !== undefined && own !== undefined && date >= own ? date : undefined;
    };
    for await (const booked of book(until(last), this.company.policy, { shape, bookedOn, ...lookUps })) {
      if (isDeliverable(booked)) yield* booked.vouchers;
    }
  }

  /** Under which dates the target holds what was posted before the policy closed its period: there it stays. */
  async #datesThere(): Promise<ReadonlyMap<string, PlainDate>> {
    const { service } = this.connection;
    const { versions, lockedThrough } = this.company.policy;
    const dates = new Map<string, PlainDate>();
    if (lockedThrough === undefined) return dates;
    for await (const posted of service.list?.(versions[0].from, lockedThrough) ?? [])
      if (isLiveVoucher(posted)) dates.set(posted.reference.replace(/\.R\d+$/, ''), posted.date);
    return dates;
  }
}

const asksForAtEnd: Readonly<Record<DeliveryResult['end'], Delivered['asksFor']>> = {
  done: 'nothing',
  nothing: 'nothing',
  data: 'person',
  usage: 'person',
  person: 'person',
  retry: 'retry',
};
