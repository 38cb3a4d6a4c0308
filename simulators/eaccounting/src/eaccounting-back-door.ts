import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { EAccountingCompany } from './books/eaccounting-company.ts';
import type { HeldEAccountingFile, HeldEAccountingRow, HeldEAccountingVoucher } from './books/held-voucher.ts';

/** A row as a person types it: öre, debit +. */
export type TypedEAccountingRow = Pick<HeldEAccountingRow, 'account'> & { readonly amount: number };

/** Looks into one company without asking over HTTP, and does what people do in it. */
export interface EAccountingCompanyBackDoor {
  /** Every voucher and draft, oldest first. */
  vouchers(): readonly HeldEAccountingVoucher[];
  filesOf(id: string): readonly HeldEAccountingFile[];
  /** The balance of each account, debit − credit. */
  balances(options?: { readonly withDrafts?: boolean }): Readonly<Record<string, Amount>>;
  /** A person types a voucher, or a program does: by its type. */
  type(voucher: {
    readonly date: PlainDate;
    readonly text: string;
    readonly rows: readonly TypedEAccountingRow[];
    readonly type?: number;
  }): HeldEAccountingVoucher;
  /** A person makes a voucher of a draft: it gets another id. */
  convert(id: string): HeldEAccountingVoucher;
  /** A person deletes a draft. */
  deleteDraft(id: string): void;
  /** A person changes a voucher. */
  change(id: string, changes: Partial<HeldEAccountingVoucher>): void;
  /** Keeps the rows of the next voucher otherwise than they came. */
  alterNext(rows: (rows: readonly HeldEAccountingRow[]) => readonly HeldEAccountingRow[]): void;
  /** Locks everything on or before the date; nothing with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
  /** Locks the financial year of a date. */
  lockYear(date: PlainDate): void;
}

/** How tests look behind a simulated eAccounting. */
export interface EAccountingBackDoor {
  /** The first company, or the one with this id. Errors: `not-found`. */
  company(id?: string): EAccountingCompanyBackDoor;
}

/** What a bookkeeper could see or do in the companies of the simulator, past its API. */
export function eAccountingBackDoor(companies: readonly EAccountingCompany[]): EAccountingBackDoor {
  return {
    company(id = companies[0]?.options.id ?? '') {
      const company = companies.find(({ options }) => options.id === id);
      if (company !== undefined) return companyBackDoor(company);
      throw new BilagError('not-found', {
        what: `no company has the id ${id}`,
        where: 'EAccountingBackDoor.company()',
        action: 'ask for one of the companies the simulator was started with',
      });
    },
  };
}

function companyBackDoor(company: EAccountingCompany): EAccountingCompanyBackDoor {
  return {
    vouchers: () => [...company.vouchers.values()],
    filesOf: (id) => [...company.files.values()].filter(({ documentId }) => documentId === id),
    balances: (options) => company.balances(options),
    type: ({ rows, type, ...voucher }) => {
      const typed = rows.map((row) => ({
        account: row.account,
        amount: amount(row.amount),
        text: '',
        project: undefined,
      }));
      return company.book({ ...voucher, series: 'A', rows: typed }, type);
    },
    convert: (id) => company.convert(id),
    deleteDraft: (id) => void company.vouchers.delete(company.voucher(id, true).id),
    change: (id, changes) => {
      const held = company.vouchers.get(id);
      if (held !== undefined) company.vouchers.set(id, { ...held, ...changes });
    },
    alterNext: (rows) => company.alterNext(rows),
    lockThrough: (date) => void (company.lockedThrough = date),
    lockYear: (date) => {
      const locked = company.yearOf(date);
      company.years = company.years.map((year) => (year === locked ? { ...year, isLocked: true } : year));
    },
  };
}
