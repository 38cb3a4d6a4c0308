import { addDays, isReference, keyDate, plainDate, type PlainDate, type Posted } from '@bilag/core';
import type { PowerOfficeClient } from './client.ts';
import { statusOf } from './errors.ts';
import { toForeign, toPosted, type Postings } from './from-poweroffice.ts';
import type { Registers } from './registers.ts';
import { ledgerTransaction, manualVoucher, transactionFields, type LedgerTransaction } from './replies.ts';

/** What the general ledger holds. It is asked by posting date alone: no search knows a reference. */
export class Lookup {
  readonly #client: PowerOfficeClient;
  readonly #registers: Registers;
  readonly #clearing: ReadonlySet<string>;
  /** The vouchers that were read last: the next list need not read them again. What comes after it does. */
  readonly #justRead = new Map<string, Posted>();

  constructor(client: PowerOfficeClient, registers: Registers, clearingAccounts: readonly string[]) {
    this.#client = client;
    this.#registers = registers;
    this.#clearing = new Set(clearingAccounts);
  }

  /** A manual voucher that this integration posted; undefined for any other. */
  async voucher(id: string): Promise<Posted | undefined> {
    let held;
    try {
      held = await this.#client.read(manualVoucher, `/Vouchers/ManualJournals/${encodeURIComponent(id)}`);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
    if (held === undefined) return undefined;
    const { VoucherLines: lines } = held;
    const dimensions = new Set<string>();
    if (lines.some(({ DepartmentId }) => DepartmentId !== undefined)) dimensions.add('department');
    if (lines.some(({ ProjectId }) => ProjectId !== undefined)) dimensions.add('project');
    const posted = toPosted(held, await this.#registers.entries(dimensions));
    this.#justRead.set(id, posted);
    for (const first of this.#justRead.keys()) {
      if (this.#justRead.size <= mostJustRead) break;
      this.#justRead.delete(first);
    }
    return posted;
  }

  /** Everything under a reference, from the month it names on: a locked period only ever moves a voucher to a later date. */
  async find(reference: string): Promise<readonly Posted[]> {
    const own = new Groups();
    const links = new Groups();
    for await (const row of this.#transactions(searchStart(reference), endOfTime)) {
      const original = originalOf(row);
      if (original !== undefined) links.add(original, row);
      else if (row.ExternalImportReference === reference) own.add(row.VoucherId, row);
    }
    const found: Posted[] = [];
    for (const [id, rows] of own) found.push(...(await this.#shown(id, rows, links)));
    return found;
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    const links = await this.#links(from);
    const ours = new Set<string>();
    for (let start = from; start <= to; start = addDays(start, windowDays)) {
      const end = addDays(start, windowDays - 1);
      for (const [id, rows] of await this.#vouchers(start, end < to ? end : to)) {
        const [first] = rows;
        const original = originalOf(first);
        if (original !== undefined && ours.has(original)) {
          // What takes back or replaces one of ours comes with it.
          ours.add(id);
        } else if (original === undefined && isReference(first.ExternalImportReference)) {
          ours.add(id);
          const known = first.IsReversed === true ? undefined : this.#justRead.get(id);
          this.#justRead.delete(id);
          yield* await this.#shown(id, rows, links, known);
        } else if (rows.some(({ AccountNo }) => this.#clearing.has(AccountNo))) {
          yield toForeign(rows);
        }
      }
    }
  }

  /**
   * A voucher of ours and what reverses it. What a person changes of it is posted as a reversal and another in its place
   * (PowerOffice's guide to account transactions): that is shown as the voucher, so that it compares with what was posted.
   */
  async #shown(id: string, rows: Postings, links: Groups, known?: Posted): Promise<Posted[]> {
    // One that another integration posted is not ours to read whole: its postings are.
    const own = known ?? (await this.voucher(id)) ?? toForeign(rows);
    const instead = replacementOf(id, links);
    if (instead !== undefined) {
      const { state, date, lines } = toForeign(instead);
      return [{ ...own, state, date, lines }];
    }
    const reversals = new Groups();
    for (const row of links.get(id) ?? []) reversals.add(row.VoucherId, row);
    const reversed = [...reversals].map(([, reversal]) => toForeign(reversal, own.reference));
    return [reversed.length > 0 ? { ...own, state: 'reversed' } : own, ...reversed];
  }

  #transactions(from: PlainDate, to: PlainDate, voucherTypes?: string): AsyncIterable<LedgerTransaction> {
    const query = { fromDate: from, toDate: to, voucherTypes, Fields: transactionFields };
    return this.#client.pages(ledgerTransaction, '/AccountTransactions', query);
  }

  /** Reversals and corrections by what they take back: they may stand on a later date. */
  async #links(from: PlainDate): Promise<Groups> {
    const links = new Groups();
    for await (const row of this.#transactions(from, endOfTime, 'ReversalVoucher,CorrectionVoucher')) {
      const original = originalOf(row);
      if (original !== undefined) links.add(original, row);
    }
    return links;
  }

  async #vouchers(from: PlainDate, to: PlainDate): Promise<Groups> {
    const vouchers = new Groups();
    for await (const row of this.#transactions(from, to)) vouchers.add(row.VoucherId, row);
    return vouchers;
  }
}

/** Postings by an id, in the order they came. */
class Groups extends Map<string, [LedgerTransaction, ...LedgerTransaction[]]> {
  add(id: string, row: LedgerTransaction): void {
    const rows = this.get(id);
    if (rows === undefined) this.set(id, [row]);
    else rows.push(row);
  }
}

/** The postings that stand in place of a voucher that a person corrected, the last of several corrections. */
function replacementOf(id: string, links: Groups): Postings | undefined {
  const [first, ...rest] = links.get(id)?.filter(({ CorrectionOfVoucherId }) => CorrectionOfVoucherId === id) ?? [];
  if (first === undefined) return undefined;
  return replacementOf(first.VoucherId, links) ?? [first, ...rest];
}

/** The voucher that this one takes back or replaces. */
function originalOf({ ReversedVoucherId, CorrectionOfVoucherId }: LedgerTransaction): string | undefined {
  return ReversedVoucherId ?? CorrectionOfVoucherId;
}

function searchStart(reference: string): PlainDate {
  const date = keyDate(reference);
  return date === undefined ? beginningOfTime : plainDate(`${date.slice(0, 8)}01`);
}

const mostJustRead = 200;
const windowDays = 31;
const beginningOfTime = plainDate('2000-01-01');
const endOfTime = plainDate('2999-12-31');
