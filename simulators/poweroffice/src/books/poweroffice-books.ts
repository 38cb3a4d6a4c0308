import { add, amount, negate, plainDate, subtract, sum, zero, type Amount, type PlainDate } from '@bilag/core';
import type {
  HeldLedgerLine,
  HeldLedgerVoucher,
  HeldTransaction,
  PowerOfficeVoucherType,
} from './held-ledger-voucher.ts';
import type { PowerOfficeClientOptions } from '../poweroffice-options.ts';
import { PowerOfficeRefusal, powerOfficeTexts } from '../poweroffice-replies.ts';
import { powerOfficeVatCodes, vatPostings } from './poweroffice-vat.ts';

/** A line that is checked: what is to be held of it. */
export type LedgerLineDraft = Omit<HeldLedgerLine, 'id'>;

/** A voucher that is checked, but for the rules of the books. */
export interface LedgerVoucherDraft {
  readonly type: PowerOfficeVoucherType;
  readonly date: PlainDate;
  readonly currency: string;
  readonly description: string;
  readonly externalImportReference: string | null;
  readonly importedVoucherNo: string | null;
  readonly saftSourceId: string | null;
  readonly saftBatchId: string | null;
  readonly isImported: boolean;
  readonly lines: readonly LedgerLineDraft[];
}

/** The general ledger of one client, and the rules nobody gets around. */
export class PowerOfficeBooks {
  lockedThrough: PlainDate | undefined;
  readonly startsAt: PlainDate;
  readonly #number: number;
  readonly #now: () => number;
  readonly #vouchers: Map<string, HeldLedgerVoucher> = new Map();
  #alteration: ((draft: LedgerVoucherDraft) => LedgerVoucherDraft) | undefined;
  #nextNumber = 1;
  #nextLine: number;

  constructor({ number, lockedThrough, startsAt }: PowerOfficeClientOptions, now: () => number) {
    this.#number = number;
    this.#now = now;
    this.#nextLine = number * 1_000_000 + 1;
    this.lockedThrough = lockedThrough;
    this.startsAt = startsAt ?? plainDate('2020-01-01');
  }

  /** Oldest first. */
  vouchers(): HeldLedgerVoucher[] {
    return [...this.#vouchers.values()];
  }

  voucher(id: string): HeldLedgerVoucher {
    const held = this.#vouchers.get(id.toLowerCase());
    if (held === undefined) throw new PowerOfficeRefusal(404, 'The voucher was not found.');
    return held;
  }

  /** Posts a voucher. One reference may stand on one live voucher of the client. */
  post(draft: LedgerVoucherDraft): HeldLedgerVoucher {
    const { externalImportReference: reference } = draft;
    if (reference !== null && this.#isTaken(reference)) {
      throw new PowerOfficeRefusal(400, powerOfficeTexts.duplicate(reference));
    }
    const kept = this.#alteration?.(draft) ?? draft;
    this.#alteration = undefined;
    return this.#enter(kept, {});
  }

  /** Takes a voucher back on its own date, and lets go of its reference. */
  reverse(id: string): HeldLedgerVoucher {
    const original = this.voucher(id);
    if (original.isReversed) throw new PowerOfficeRefusal(400, 'The voucher is already reversed.');
    const reversal = this.#enter(
      {
        ...original,
        type: 'ReversalVoucher',
        description: `Tilbakeføring av bilag ${original.number}`,
        externalImportReference: null,
        importedVoucherNo: null,
        isImported: false,
        lines: original.lines.map((line) => ({ ...line, amount: negate(line.amount), externalLineReference: null })),
      },
      { reverses: original.id },
    );
    this.change(original.id, { isReversed: true });
    return reversal;
  }

  /**
   * What becomes of a person's change to a posted voucher: Go reverses it and posts another in its place. Its guide to
   * account transactions says so.
   */
  correct(id: string, lines: readonly LedgerLineDraft[]): HeldLedgerVoucher {
    const original = this.voucher(id);
    this.reverse(id);
    const draft: LedgerVoucherDraft = {
      ...original,
      type: 'CorrectionVoucher',
      description: `Korrigering av bilag ${original.number}`,
      externalImportReference: null,
      importedVoucherNo: null,
      isImported: false,
      lines,
    };
    return this.#enter(draft, { corrects: original.id });
  }

  change(id: string, changes: Partial<HeldLedgerVoucher>): HeldLedgerVoucher {
    const changed = { ...this.voucher(id), ...changes };
    this.#vouchers.set(changed.id, changed);
    return changed;
  }

  /** The next voucher that is posted is kept otherwise than it came. */
  alterNext(alteration: (draft: LedgerVoucherDraft) => LedgerVoucherDraft): void {
    this.#alteration = alteration;
  }

  /** The balance of every account, debit − credit. */
  balances(): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    for (const { account, amount: value } of this.vouchers().flatMap(({ transactions }) => transactions)) {
      balances[account] = add(balances[account] ?? zero, value);
    }
    return balances;
  }

  #isTaken(reference: string): boolean {
    return this.vouchers().some((held) => held.externalImportReference === reference && !held.isReversed);
  }

  #enter(
    draft: LedgerVoucherDraft,
    links: Partial<Pick<HeldLedgerVoucher, 'reverses' | 'corrects'>>,
  ): HeldLedgerVoucher {
    this.#check(draft);
    const number = this.#nextNumber++;
    const lines = draft.lines.map((line) => ({ ...line, id: this.#nextLine++ }));
    const held: HeldLedgerVoucher = {
      ...draft,
      id: `00000000-0000-4000-8000-${String(this.#number * 1_000_000 + number).padStart(12, '0')}`,
      number,
      lines,
      transactions: lines.flatMap((line) => this.#transactions(line)),
      isReversed: false,
      reverses: links.reverses ?? null,
      corrects: links.corrects ?? null,
      documentation: null,
      createdAt: this.#now(),
    };
    this.#vouchers.set(held.id, held);
    return held;
  }

  #check({ date: voucherDate, lines }: LedgerVoucherDraft): void {
    for (const date of [voucherDate, ...lines.map((line) => line.date)]) {
      if (this.lockedThrough !== undefined && date <= this.lockedThrough) {
        throw new PowerOfficeRefusal(400, powerOfficeTexts.locked(date, this.lockedThrough));
      }
      if (date < this.startsAt) {
        throw new PowerOfficeRefusal(400, powerOfficeTexts.beforeStart(date, this.startsAt));
      }
    }
    if (sum(lines.map((line) => line.amount)) !== 0) throw new PowerOfficeRefusal(400, powerOfficeTexts.unbalanced);
  }

  /** A line net of its VAT, and what Go posts beside it. */
  #transactions(line: HeldLedgerLine): HeldTransaction[] {
    const code = powerOfficeVatCodes.find((one) => one.code === line.vatCode);
    const postings = code === undefined ? [] : vatPostings(line.amount, code);
    const vatAmount = sum(postings.map((posting) => posting.amount));
    const { externalLineReference: _, ...shared } = line;
    const base = { ...shared, amount: subtract(line.amount, vatAmount), vatAmount, isVat: false };
    const vat = postings
      .filter((posting) => posting.amount !== 0)
      .map((posting) => ({ ...shared, ...posting, id: this.#nextLine++, vatAmount: amount(0), isVat: true }));
    return [base, ...vat];
  }
}
