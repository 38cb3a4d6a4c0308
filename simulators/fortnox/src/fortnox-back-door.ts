import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { FortnoxCompany } from './books/fortnox-company.ts';
import type { HeldFile, HeldFortnoxVoucher, HeldRow } from './books/held-voucher.ts';

/** A row as a person types it: öre, debit +. */
export type TypedFortnoxRow = Pick<HeldRow, 'account'> & { readonly amount: number };

/** Looks into one company without asking over HTTP, and does what people do in it. */
export interface FortnoxCompanyBackDoor {
  /** Every voucher, oldest first. */
  vouchers(): readonly HeldFortnoxVoucher[];
  /** The files on a voucher, by its series, number and financial year. */
  filesOf(voucher: Pick<HeldFortnoxVoucher, 'series' | 'number' | 'year'>): readonly HeldFile[];
  /** The balance of each account, debit − credit. */
  balances(): Readonly<Record<string, Amount>>;
  /** A person types a voucher into a series. */
  type(voucher: {
    readonly series: string;
    readonly date: PlainDate;
    readonly description: string;
    readonly rows: readonly TypedFortnoxRow[];
  }): HeldFortnoxVoucher;
  /** A person changes a voucher. */
  change(id: Pick<HeldFortnoxVoucher, 'series' | 'number' | 'year'>, changes: Partial<HeldFortnoxVoucher>): void;
  /** Keeps the rows of the next voucher otherwise than they came. */
  alterNext(rows: (rows: readonly HeldRow[]) => readonly HeldRow[]): void;
  /** Locks everything on or before the date; nothing with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
}

/** How tests look behind a simulated Fortnox. */
export interface FortnoxBackDoor {
  /** The first company, or the one with this number. Errors: `not-found`. */
  company(number?: number): FortnoxCompanyBackDoor;
}

/** What a bookkeeper could see or do in the companies of the simulator, past its API. */
export function fortnoxBackDoor(companies: readonly FortnoxCompany[]): FortnoxBackDoor {
  return {
    company(number = companies[0]?.options.number ?? 0) {
      const company = companies.find(({ options }) => options.number === number);
      if (company !== undefined) return companyBackDoor(company);
      throw new BilagError('not-found', {
        what: `no company has the number ${number}`,
        where: 'FortnoxBackDoor.company()',
        action: 'ask for one of the companies the simulator was started with',
      });
    },
  };
}

function companyBackDoor(company: FortnoxCompany): FortnoxCompanyBackDoor {
  return {
    vouchers: () => company.vouchers,
    filesOf: ({ series, number, year }) =>
      company.connections
        .filter((one) => one.series === series && one.number === number && one.year === year)
        .flatMap(({ fileId }) => company.files.get(fileId) ?? []),
    balances: () => company.balances(),
    type: ({ rows, ...voucher }) =>
      company.post({
        ...voucher,
        comments: '',
        year: company.yearOf(voucher.date)?.id ?? 0,
        rows: rows.map((row) => ({
          account: row.account,
          amount: amount(row.amount),
          information: '',
          costCenter: undefined,
          project: undefined,
        })),
      }),
    change: ({ series, number, year }, changes) => {
      const held = company.voucher(series, number, year);
      company.vouchers = company.vouchers.map((one) => (one === held ? { ...one, ...changes } : one));
    },
    alterNext: (rows) => company.alterNext((draft) => ({ ...draft, rows: rows(draft.rows) })),
    lockThrough: (date) => {
      company.lockedThrough = date;
    },
  };
}
