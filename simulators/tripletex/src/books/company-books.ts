import {
  add,
  addDays,
  addedVat,
  containedVat,
  isPlainDate,
  negate,
  subtract,
  sum,
  zero,
  type Amount,
  type PlainDate,
} from '@bilag/core';
import { accountingPeriods, CompanyDirectory, type AccountingPeriod } from './company-directory.ts';
import type { HeldAttachment, HeldPosting, HeldVoucher, PostingDraft } from './held-voucher.ts';
import type { TripletexCompanyOptions, TripletexSimulatorOptions } from '../tripletex-options.ts';
import { invalid, TripletexRefusal } from '../tripletex-replies.ts';

/** A voucher to be made, checked or typed in by a person. */
export interface VoucherDraft {
  readonly date: PlainDate;
  readonly description: string;
  readonly externalVoucherNumber: string | null;
  readonly voucherType: string | null;
  readonly postings: readonly PostingDraft[];
  readonly isPosted: boolean;
}

type PostingPlace = Pick<PostingDraft, 'date' | 'account'>;

/** Where ids come from: one row of numbers for all companies, as vouchers of several share a server. */
export interface IdSource {
  next(): number;
}

/** The books of one company: what it holds, and the rules nobody gets around, not even by hand. */
export class CompanyBooks {
  readonly directory: CompanyDirectory;
  readonly periods: readonly AccountingPeriod[];
  readonly #ids: IdSource;
  readonly #now: () => number;
  readonly #reversal: { readonly keepsNumber: boolean; readonly pointsBack: boolean };
  readonly #vouchers: Map<number, HeldVoucher> = new Map();
  readonly #closed: Set<PlainDate> = new Set();
  readonly #reconciledThrough: Map<string, PlainDate> = new Map();
  readonly #numbers: Map<string, number> = new Map();
  #temporary = 0;
  mayPost: boolean;

  constructor(
    company: TripletexCompanyOptions,
    means: { readonly ids: IdSource; readonly now: () => number; readonly simulator: TripletexSimulatorOptions },
  ) {
    const { keepsNumber = true, pointsBack = true } = means.simulator.reversal ?? {};
    this.directory = new CompanyDirectory(company);
    this.periods = accountingPeriods(company.id);
    this.#ids = means.ids;
    this.#now = means.now;
    this.#reversal = { keepsNumber, pointsBack };
    this.mayPost = company.mayPost ?? true;
    if (company.closedThrough !== undefined) this.closeThrough(company.closedThrough);
  }

  /** Oldest first, deleted ones too. */
  vouchers(): HeldVoucher[] {
    return [...this.#vouchers.values()];
  }

  voucher(id: number): HeldVoucher {
    const held = this.#vouchers.get(id);
    if (held === undefined || held.isDeleted) throw new TripletexRefusal(404, 6000, 'Object not found');
    return held;
  }

  isClosed({ start }: AccountingPeriod): boolean {
    return this.#closed.has(start);
  }

  closeThrough(date: PlainDate): void {
    this.#closed.clear();
    for (const { start, end } of this.periods) if (end <= addDays(date, 1)) this.#closed.add(start);
  }

  reconcile(account: string, through: PlainDate): void {
    this.#reconciledThrough.set(account, through);
  }

  /** Makes a voucher of rows that are checked: takes its number and adds the system's rows. */
  enter(draft: VoucherDraft): HeldVoucher {
    this.refuseClosed(draft);
    const held: HeldVoucher = {
      id: this.#ids.next(),
      version: 5,
      date: draft.date,
      number: draft.isPosted ? this.#nextNumber(draft.date) : 0,
      tempNumber: draft.isPosted ? 0 : (this.#temporary += 1),
      description: draft.description,
      externalVoucherNumber: draft.externalVoucherNumber,
      voucherType: draft.voucherType,
      postings: this.#withSystemRows(draft.postings),
      isDeleted: false,
      reverseVoucher: null,
      reverses: null,
      attachment: null,
      createdAt: this.#now(),
    };
    this.#vouchers.set(held.id, held);
    return held;
  }

  /** Not idempotent: whoever asks twice gets two reversals. */
  reverse(id: number, date: PlainDate): HeldVoucher {
    const original = this.voucher(id);
    if (original.number === 0) throw invalid('', 'Bilaget er ikke bokført.');
    const mirrored = original.postings
      .filter(({ row }) => row > 0)
      .map((posting) => ({ ...posting, date, amountGross: negate(posting.amountGross) }));
    const made = this.enter({
      date,
      description: `Reversering av bilag ${original.number}-${original.date.slice(0, 4)}`,
      externalVoucherNumber: this.#reversal.keepsNumber ? original.externalVoucherNumber : null,
      voucherType: original.voucherType,
      postings: mirrored,
      isPosted: true,
    });
    this.change(id, { reverseVoucher: made.id });
    return this.change(made.id, { reverses: id, reverseVoucher: this.#reversal.pointsBack ? id : null });
  }

  sendToLedger(id: number): HeldVoucher {
    const held = this.voucher(id);
    if (held.number > 0) return held;
    this.refuseClosed(held);
    return this.change(id, { number: this.#nextNumber(held.date), tempNumber: 0 });
  }

  /** Takes it away as far as anybody but a person can see. What stands in a closed period stays. */
  delete(id: number): void {
    this.refuseClosed(this.voucher(id));
    this.change(id, { isDeleted: true });
  }

  attach(
    id: number,
    file: { readonly fileName: string; readonly mediaType: string; readonly content: Uint8Array },
  ): void {
    const before = this.voucher(id).attachment;
    const attachment: HeldAttachment = {
      id: before?.id ?? this.#ids.next(),
      fileName: before?.fileName ?? file.fileName,
      mediaType: 'application/pdf',
      uploads: [...(before?.uploads ?? []), file.content],
    };
    this.change(id, { attachment });
  }

  change(id: number, changes: Partial<HeldVoucher>): HeldVoucher {
    const held = this.#vouchers.get(id);
    if (held === undefined) throw new TripletexRefusal(404, 6000, 'Object not found');
    const changed = { ...held, ...changes, version: held.version + 1 };
    this.#vouchers.set(id, changed);
    return changed;
  }

  /** Other rows in place of a voucher's own, as a person may write them while the period is open. */
  rewrite(id: number, postings: readonly PostingDraft[]): HeldVoucher {
    return this.change(id, { postings: this.#withSystemRows(postings) });
  }

  /** The balance of every account, of what is posted and not deleted: debit − credit. */
  balances(): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { isDeleted, number, postings } of this.#vouchers.values()) {
      if (isDeleted || number === 0) continue;
      for (const { account, amount: value } of postings) balances[account] = add(balances[account] ?? zero, value);
    }
    return balances;
  }

  /** Text and code of a closed period were never seen in public: these are placeholders. */
  refuseClosed({ date, postings }: Pick<VoucherDraft, 'date'> & { readonly postings: readonly PostingPlace[] }): void {
    for (const day of [date, ...postings.map((posting) => posting.date)]) {
      const period = this.periods.find(({ start, end }) => day >= start && day < end);
      if (period === undefined || this.isClosed(period)) throw invalid('date', 'Perioden er avsluttet.');
    }
    for (const posting of postings) {
      const reconciled = this.#reconciledThrough.get(posting.account);
      if (reconciled !== undefined && posting.date <= reconciled) {
        throw invalid(
          'Internal field (account)',
          'An entry cannot be made in a period with a reconciled bank statement.',
        );
      }
    }
  }

  #nextNumber(date: PlainDate): number {
    const year = date.slice(0, 4);
    const number = (this.#numbers.get(year) ?? 0) + 1;
    this.#numbers.set(year, number);
    return number;
  }

  /** Rows as sent, net of VAT, and a row 0 for every account that the VAT of a code is posted on. */
  #withSystemRows(drafts: readonly PostingDraft[]): HeldPosting[] {
    const rows = drafts.map((draft): HeldPosting => {
      const { contained, onTop } = this.#vatType(draft.vatType);
      const vat = contained === undefined ? zero : containedVat(draft.amountGross, contained.rateBasisPoints);
      const cost = onTop?.deducted === null ? addedVat(draft.amountGross, onTop.rateBasisPoints) : zero;
      return { ...draft, id: this.#ids.next(), amount: add(subtract(draft.amountGross, vat), cost) };
    });
    const codes = new Set(rows.map(({ date, vatType }) => `${date} ${vatType}`));
    const system = [...codes].flatMap((code): HeldPosting[] => {
      const taxed = rows.filter(({ date, vatType }) => `${date} ${vatType}` === code);
      const [{ date, vatType } = { date: '', vatType: '' }] = taxed;
      if (!isPlainDate(date)) return [];
      return this.#vatPostings(vatType, taxed).map(([account, vat]) => {
        const row = { id: this.#ids.next(), row: 0, date, description: 'Mva', account, vatType: '0' };
        return { ...row, amountGross: vat, amount: vat };
      });
    });
    return [...rows, ...system];
  }

  /** Account → VAT of the rows with one code. */
  #vatPostings(vatType: string, rows: readonly HeldPosting[]): (readonly [string, Amount])[] {
    const { contained, onTop } = this.#vatType(vatType);
    if (contained !== undefined) {
      return [[contained.account, sum(rows.map((row) => subtract(row.amountGross, row.amount)))]];
    }
    if (onTop === undefined) return [];
    const vat = sum(rows.map((row) => addedVat(row.amountGross, onTop.rateBasisPoints)));
    const owed = [onTop.owed, negate(vat)] as const;
    return onTop.deducted === null ? [owed] : [[onTop.deducted, vat], owed];
  }

  #vatType(number: string): ReturnType<CompanyDirectory['vatType']> & object {
    const found = this.directory.vatType(number);
    if (found === undefined) throw invalid('postings.vatType.id', 'Ugyldig mva-kode.');
    return found;
  }
}
