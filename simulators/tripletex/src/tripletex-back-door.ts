import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { CompanyBooks } from './books/company-books.ts';
import type { HeldVoucher, PostingDraft, TypedRow } from './books/held-voucher.ts';

/** A voucher as a person types it in. */
export interface TypedVoucher {
  readonly date: PlainDate;
  readonly description: string;
  readonly rows: readonly TypedRow[];
  readonly externalVoucherNumber?: string;
}

/** The settlement that Tripletex's own import of Vipps reports books. */
export interface ImportedSettlement {
  readonly date: PlainDate;
  readonly payout: string;
  readonly gross: number;
  readonly fee: number;
  /** Where the sales are expected: 1579 by default. */
  readonly account?: string;
}

/** Looks into one company without asking over HTTP, and does what people do in it. */
export interface TripletexCompanyBackDoor {
  /** Every voucher, deleted ones too, oldest first. */
  vouchers(): readonly HeldVoucher[];
  /** Those that are not deleted and carry exactly this external number. */
  holding(externalVoucherNumber: string): readonly HeldVoucher[];
  /** The balance of each account, debit − credit, of what is posted and not deleted. */
  balances(): Readonly<Record<string, Amount>>;
  type(voucher: TypedVoucher): HeldVoucher;
  /** The rows of Tripletex's own import: net to the bank, fee to 7770, gross from the account of the sales. */
  importSettlement(settlement: ImportedSettlement): HeldVoucher;
  edit(
    id: number,
    change: Partial<Pick<HeldVoucher, 'date' | 'description' | 'externalVoucherNumber'>> & {
      readonly rows?: readonly TypedRow[];
    },
  ): HeldVoucher;
  delete(id: number): void;
  restore(id: number): void;
  /** Books a voucher that waits for a person. */
  sendToLedger(id: number): void;
  /** Closes every period that ends on or before the date, and opens the others. */
  closeThrough(date: PlainDate): void;
  /** Makes the bank account's entries until the date untouchable. */
  reconcile(account: string, through: PlainDate): void;
  /** Gives or takes the permission to post. */
  allowPosting(may: boolean): void;
}

/** How tests look behind a simulated Tripletex. */
export interface TripletexBackDoor {
  /** The first company, or the one with this id. Errors: `not-found`. */
  company(id?: number): TripletexCompanyBackDoor;
}

export function backDoorOf(books: ReadonlyMap<number, CompanyBooks>): TripletexBackDoor {
  return {
    company(id = [...books.keys()][0] ?? 0) {
      const company = books.get(id);
      if (company !== undefined) return companyBackDoor(company);
      throw new BilagError('not-found', {
        what: `no company has the id ${id}`,
        where: 'TripletexBackDoor.company()',
        action: 'ask for one of the companies the simulator was started with',
      });
    },
  };
}

function companyBackDoor(books: CompanyBooks): TripletexCompanyBackDoor {
  const type: TripletexCompanyBackDoor['type'] = ({ rows, externalVoucherNumber = null, ...voucher }) =>
    books.enter({
      ...voucher,
      externalVoucherNumber,
      voucherType: null,
      postings: draftsOf(rows, voucher),
      isPosted: true,
    });
  return {
    vouchers: () => books.vouchers(),
    holding: (wanted) =>
      books.vouchers().filter(({ isDeleted, externalVoucherNumber }) => !isDeleted && externalVoucherNumber === wanted),
    balances: () => books.balances(),
    type,
    importSettlement: ({ date, payout, gross, fee, account = '1579' }) =>
      type({
        date,
        description: `Vipps oppgjør ${payout}`,
        rows: [
          { account: '1920', amount: gross - fee },
          { account: '7770', amount: fee },
          { account, amount: -gross },
        ].filter((row) => row.amount !== 0),
      }),
    edit: (id, { rows, ...change }) => {
      const held = books.change(id, change);
      return rows === undefined ? held : books.rewrite(id, draftsOf(rows, held));
    },
    delete: (id) => void books.change(id, { isDeleted: true }),
    restore: (id) => void books.change(id, { isDeleted: false }),
    sendToLedger: (id) => void books.sendToLedger(id),
    closeThrough: (date) => books.closeThrough(date),
    reconcile: (account, through) => books.reconcile(account, through),
    allowPosting: (may) => {
      books.mayPost = may;
    },
  };
}

function draftsOf(
  rows: readonly TypedRow[],
  { date, description }: { readonly date: PlainDate; readonly description: string },
): PostingDraft[] {
  return rows.map(({ amount: value, vatType = '0', ...row }, index) => ({
    ...row,
    vatType,
    date,
    description,
    row: index + 1,
    amountGross: amount(value),
  }));
}
