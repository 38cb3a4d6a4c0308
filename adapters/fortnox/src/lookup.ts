import { addDays, BilagError, isBilagError, keyDate, plainDate, type PlainDate, type Posted } from '@bilag/core';
import { pageSize, type FortnoxClient } from './client.ts';
import type { FortnoxConfig } from './config.ts';
import { fromSie, referenceOf, toPosted } from './from-fortnox.ts';
import type { Registers } from './registers.ts';
import { voucherReply, vouchersReply, type VoucherHead, type VoucherKey, type YearReply } from './replies.ts';
import { readSieVouchers } from './sie-export.ts';

/** What the company holds. Lists of vouchers have no rows, and cannot be searched: our series is read, and compared here. */
export class Lookup {
  readonly #client: FortnoxClient;
  readonly #registers: Registers;
  readonly #config: FortnoxConfig;
  readonly #now: () => number;
  /** By financial year: what was read of our series, in the order of numbers. */
  readonly #read = new Map<string, readonly VoucherHead[]>();

  constructor(client: FortnoxClient, registers: Registers, config: FortnoxConfig, now: () => number) {
    this.#client = client;
    this.#registers = registers;
    this.#config = config;
    this.#now = now;
  }

  /** One voucher, as it is now. */
  async voucher({ VoucherSeries, VoucherNumber, Year }: VoucherKey): Promise<Posted> {
    const path = `/vouchers/${encodeURIComponent(VoucherSeries)}/${VoucherNumber}`;
    return toPosted((await this.#client.read(voucherReply, path, { financialyear: Year })).Voucher);
  }

  /**
   * Everything under a reference, from the financial year it names to the one that is open next month: a locked period only ever
   * moves a voucher to a later date, and nothing is dated further ahead.
   */
  async find(reference: string): Promise<readonly Posted[]> {
    const from = keyDate(reference) ?? earliest;
    const soon = addDays(plainDate(new Date(this.#now()).toISOString().slice(0, 10)), 31);
    const to = from > soon ? from : soon;
    const found: Posted[] = [];
    for (const year of await this.#years(({ FromDate, ToDate }) => ToDate >= from && FromDate <= to)) {
      const heads = await this.#series(year);
      for (const head of heads.filter((one) => referenceOf(one) === reference)) found.push(await this.voucher(head));
    }
    // A voucher may have been changed since the series was read: its own text says whose it is.
    return found.filter((one) => one.reference === reference);
  }

  /**
   * Everything between two dates that carries a reference of ours or touches a clearing account, in one request a financial year: the
   * SIE file has the rows of all series.
   */
  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const watched = new Set(this.#config.clearingAccounts);
    for (const { Id } of await this.#years(({ FromDate, ToDate }) => FromDate <= to && from <= ToDate)) {
      for (const voucher of await this.#exported(Id)) {
        const isWatched = voucher.lines.some(({ account }) => watched.has(account));
        const isWithin = from <= voucher.date && voucher.date <= to;
        if (isWithin && (voucher.reference !== '' || isWatched)) yield voucher;
      }
    }
  }

  /** Vouchers in our series that carry no reference of ours, of the newest page of a financial year. */
  async strangers(year: YearReply): Promise<readonly VoucherHead[]> {
    return (await this.#series(year)).slice(-pageSize).filter((head) => referenceOf(head) === '');
  }

  async #years(isWanted: (year: YearReply) => boolean): Promise<readonly YearReply[]> {
    return (await this.#registers.entries.get()).years.filter(isWanted);
  }

  /**
   * Our series in a financial year. Numbers count up, so that what was read before is not read again: only the page that was not full,
   * and those after it. Where they do not, all of it is read.
   */
  async #series({ Id: year }: YearReply): Promise<readonly VoucherHead[]> {
    const known = this.#read.get(year) ?? [];
    const kept = known.slice(0, known.length - (known.length % pageSize));
    const heads = [...kept, ...(await this.#headsFrom(year, kept.length / pageSize + 1))];
    const isInOrder = heads.every(
      ({ VoucherNumber }, at) => Number(VoucherNumber) > Number(heads[at - 1]?.VoucherNumber ?? 0),
    );
    const read = isInOrder || kept.length === 0 ? heads : await this.#headsFrom(year, 1);
    this.#read.set(year, isInOrder ? read : []);
    return read;
  }

  async #headsFrom(year: string, first: number): Promise<VoucherHead[]> {
    const path = `/vouchers/sublist/${encodeURIComponent(this.#config.series)}`;
    const heads: VoucherHead[] = [];
    for await (const { items } of this.#client.pages(vouchersReply, path, { financialyear: year }, first))
      heads.push(...items);
    return heads;
  }

  async #exported(year: string): Promise<readonly Posted[]> {
    const bytes = await this.#client.readBytes('/sie/4', { financialYear: year });
    const where = `the SIE file of financial year ${year}`;
    if (!/^#FLAGGA\s+[01]/.test(Buffer.from(bytes.subarray(0, 16)).toString('latin1')))
      throw unreadable(where, 'it is none');
    try {
      return readSieVouchers(bytes).map((voucher) => fromSie(voucher, year));
    } catch (error) {
      if (!(error instanceof SyntaxError) && !isBilagError(error)) throw error;
      throw unreadable(where, isBilagError(error) ? error.what : error.message);
    }
  }
}

const earliest = plainDate('1900-01-01');

function unreadable(where: string, why: string): BilagError {
  return new BilagError('unavailable', {
    what: `the vouchers of Fortnox cannot be read: ${why}`,
    where,
    action: 'try again later; if it stays so, see whether Fortnox exports a SIE 4 file of that year',
  });
}
