import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type {
  HeldUnimicroDraftLine,
  HeldUnimicroFile,
  HeldUnimicroLine,
  HeldUnimicroEntry,
} from './books/held-entry.ts';
import type { UnimicroCompany } from './books/unimicro-company.ts';

/** A line as a person types it: øre, debit +. */
export type TypedUnimicroLine = Pick<HeldUnimicroDraftLine, 'account'> & {
  readonly amount: number;
  readonly vatCode?: string;
};

/** Looks into one company without asking over HTTP, and does what people do in it. */
export interface UnimicroCompanyBackDoor {
  /** Every entry, oldest first; drafts too. */
  entries(): readonly HeldUnimicroEntry[];
  /** What stands in the ledger of an entry, or will when a draft is booked. */
  postings(entry: HeldUnimicroEntry): readonly HeldUnimicroLine[];
  filesOf(id: number): readonly HeldUnimicroFile[];
  /** The balance of each account, debit − credit. */
  balances(options?: { readonly withDrafts?: boolean }): Readonly<Record<string, Amount>>;
  /** A person types and books a voucher. */
  type(voucher: {
    readonly date: PlainDate;
    readonly description: string;
    readonly lines: readonly TypedUnimicroLine[];
  }): HeldUnimicroEntry;
  /** A person books a draft, deletes one, or credits what is booked. */
  bookDraft(id: number): void;
  deleteDraft(id: number): void;
  credit(id: number, date: PlainDate): HeldUnimicroEntry;
  /** A person changes an entry. */
  change(id: number, changes: Partial<HeldUnimicroEntry>): void;
  /** Keeps the lines of the next entry otherwise than they came. */
  alterNext(lines: (lines: readonly HeldUnimicroDraftLine[]) => readonly HeldUnimicroDraftLine[]): void;
  /** Locks everything on or before the date; nothing with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
  /** The same of what has VAT. */
  lockVatThrough(date: PlainDate | undefined): void;
}

/** How tests look behind a simulated Unimicro. */
export interface UnimicroBackDoor {
  /** The first company, or the one with this key. Errors: `not-found`. */
  company(key?: string): UnimicroCompanyBackDoor;
}

/** What a bookkeeper could see or do in the companies of the simulator, past its API. */
export function unimicroBackDoor(companies: readonly UnimicroCompany[]): UnimicroBackDoor {
  return {
    company(key = companies[0]?.options.key ?? '') {
      const company = companies.find(({ options }) => options.key === key);
      if (company !== undefined) return companyBackDoor(company);
      throw new BilagError('not-found', {
        what: `no company has the key ${key}`,
        where: 'UnimicroBackDoor.company()',
        action: 'ask for one of the companies the simulator was started with',
      });
    },
  };
}

function companyBackDoor(company: UnimicroCompany): UnimicroCompanyBackDoor {
  return {
    entries: () => company.entries,
    postings: ({ number, lines, draftLines }) => (number === undefined ? company.ledgerLines(draftLines) : lines),
    filesOf: (id) => company.files.filter(({ entryId }) => entryId === id),
    balances: (options) => company.balances(options),
    type: ({ date, description, lines }) => {
      const none = { description: '', department: undefined, project: undefined };
      const draftLines = lines.map(({ account, amount: value, vatCode }) => {
        return { ...none, date, account, amount: amount(value), vatCode };
      });
      return company.book([{ reference: '', source: '', description, draftLines }])[0] as HeldUnimicroEntry;
    },
    bookDraft: (id) => company.bookDraft(id),
    deleteDraft: (id) => company.deleteDraft(id),
    credit: (id, date) => company.credit(id, date),
    change: (id, changes) => company.change(id, changes),
    alterNext: (lines) => company.alterNext(lines),
    lockThrough: (date) => void (company.lockedThrough = date),
    lockVatThrough: (date) => void (company.vatLockedThrough = date),
  };
}
