import { addDays, keyDate, plainDate, type PlainDate, type Posted } from '@bilag/core';
import type { EAccountingClient } from './client.ts';
import { isRefusedFilter } from './errors.ts';
import { postedOf, referenceOf, type HeldVoucher } from './from-eaccounting.ts';
import type { Registers } from './registers.ts';
import { voucherReply } from './replies.ts';

/** What the company holds: vouchers and drafts, by the beginning of their texts or by their dates. What comes is compared here. */
export class Lookup {
  readonly #client: EAccountingClient;
  readonly #registers: Registers;
  readonly #clearing: ReadonlySet<string>;
  readonly #now: () => number;
  /** Which filters are taken is not published: texts are asked for until that is refused. */
  #searchesTexts = true;

  constructor(
    client: EAccountingClient,
    registers: Registers,
    { clearingAccounts }: { readonly clearingAccounts: readonly string[] },
    now: () => number,
  ) {
    this.#client = client;
    this.#registers = registers;
    this.#clearing = new Set(clearingAccounts);
    this.#now = now;
  }

  /** Everything under a reference, oldest first. */
  async under(reference: string): Promise<readonly HeldVoucher[]> {
    const held = (await this.#beginningWith(reference)) ?? (await this.#since(reference));
    return held.filter((one) => referenceOf(one) === reference);
  }

  async #beginningWith(reference: string): Promise<readonly HeldVoucher[] | undefined> {
    if (!this.#searchesTexts) return undefined;
    try {
      return await this.#read(`startswith(VoucherText,'${reference.replaceAll("'", "''")}')`);
    } catch (error) {
      if (!isRefusedFilter(error)) throw error;
      this.#searchesTexts = false;
      return undefined;
    }
  }

  async #since(reference: string): Promise<readonly HeldVoucher[]> {
    const from = keyDate(reference) ?? earliest;
    // A locked period only ever moves a voucher to a later date, and nothing is dated further ahead than a month.
    const soon = addDays(plainDate(new Date(this.#now()).toISOString().slice(0, 10)), 31);
    return this.held(from, from > soon ? from : soon);
  }

  async find(reference: string): Promise<readonly Posted[]> {
    return postedOf(await this.under(reference), await this.#registers.entries.get());
  }

  /** Everything between two dates that carries a reference of ours, or is booked on a clearing account. */
  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const held = (await this.held(from, to)).filter(
      (one) => one.VoucherDate >= from && one.VoucherDate <= to && (!one.isDraft || referenceOf(one) !== ''),
    );
    for (const posted of postedOf(held, await this.#registers.entries.get())) {
      const isWatched = posted.lines.some(({ account }) => this.#clearing.has(account));
      if (posted.reference !== '' || isWatched) yield posted;
    }
  }

  /** Vouchers and drafts of the months between two dates: months and years can be asked for in whatever way dates are written. */
  async held(from: PlainDate, to: PlainDate): Promise<readonly HeldVoucher[]> {
    const found: HeldVoucher[] = [];
    for (const filter of filtersFor(from, to)) found.push(...(await this.#read(filter)));
    return found;
  }

  async #read($filter: string): Promise<HeldVoucher[]> {
    const vouchers = await this.#client.readAll(voucherReply, '/vouchers', { $filter });
    const drafts = await this.#client.readAll(voucherReply, '/voucherdrafts', { $filter });
    return [
      ...vouchers.map((one) => ({ ...one, isDraft: false })),
      ...drafts.map((one) => ({ ...one, isDraft: true })),
    ];
  }

  /** One voucher or draft, as it is now. */
  async voucher(id: string, date: PlainDate, isDraft: boolean): Promise<Posted | undefined> {
    const entries = await this.#registers.entries.get();
    const year = entries.years.find(({ StartDate, EndDate }) => StartDate <= date && date <= EndDate)?.Id ?? '';
    const path = isDraft ? `/voucherdrafts/${id}` : `/vouchers/${year}/${id}`;
    return postedOf([{ ...(await this.#client.read(voucherReply, path)), isDraft }], entries)[0];
  }
}

const earliest = plainDate('2000-01-01');

/** One for each calendar year. */
function filtersFor(from: PlainDate, to: PlainDate): string[] {
  const [first, last] = [from, to].map((date) => Number(date.slice(0, 4))) as [number, number];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const year = first + index;
    const months = [
      ...(year === first ? [`month(VoucherDate) ge ${Number(from.slice(5, 7))}`] : []),
      ...(year === last ? [`month(VoucherDate) le ${Number(to.slice(5, 7))}`] : []),
    ];
    return [`year(VoucherDate) eq ${year}`, ...months].join(' and ');
  });
}
