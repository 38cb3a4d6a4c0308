import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { HeldLedgerEntry, HeldXeroJournal, HeldXeroLine, XeroStatus } from './books/held.ts';
import type { XeroOrganisation } from './books/xero-organisation.ts';
import type { XeroAccountOptions } from './xero-options.ts';

/** A manual journal, and what it is or would be in the ledger. */
export interface HeldXeroVoucher extends HeldXeroJournal {
  readonly postings: HeldLedgerEntry['lines'];
}

/** Looks into one organisation without asking over HTTP, and does what people do in it. */
export interface XeroOrganisationBackDoor {
  readonly id: string;
  readonly tenant: string;
  /** Every manual journal, oldest first, also what is deleted or voided. */
  journals(): readonly HeldXeroVoucher[];
  ledger(): readonly HeldLedgerEntry[];
  /** The balance of each account in the ledger, debit − credit; drafts too where they are asked for. */
  balances(options?: { readonly withDrafts?: boolean }): Readonly<Record<string, Amount>>;
  /** A person posts, deletes or voids a journal. */
  changeStatus(id: string, status: XeroStatus): void;
  /** A person changes the lines of a journal. */
  change(id: string, lines: (lines: readonly HeldXeroLine[]) => readonly HeldXeroLine[]): void;
  /** Something else than a manual journal, such as an invoice (`ACCREC`): øre by account, debit +. */
  enter(entry: {
    readonly date: PlainDate;
    readonly sourceType: string;
    readonly amounts: Readonly<Record<string, number>>;
  }): void;
  /** The next journal is kept otherwise than it came. */
  alterNext(lines: (lines: readonly HeldXeroLine[]) => readonly HeldXeroLine[]): void;
  /** Nothing can be posted on this date or before; any date with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
  /** `undefined` takes the account away. */
  changeAccount(code: string, changes: Partial<XeroAccountOptions> | undefined): void;
}

/** How tests look behind a simulated Xero. */
export interface XeroBackDoor {
  /** The first organisation, or the one of this name. Errors: `not-found`. */
  organisation(name?: string): XeroOrganisationBackDoor;
}

/** What a bookkeeper could see or do in the organisations of the simulator, past its API. */
export function xeroBackDoor(organisations: readonly XeroOrganisation[]): XeroBackDoor {
  return {
    organisation(name = organisations[0]?.options.name ?? '') {
      const found = organisations.find(({ options }) => options.name === name);
      if (found !== undefined) return organisationBackDoor(found);
      throw new BilagError('not-found', {
        what: `no organisation is called ${name}`,
        where: 'XeroBackDoor.organisation()',
        action: 'ask for one of the organisations the simulator was started with',
      });
    },
  };
}

function organisationBackDoor(organisation: XeroOrganisation): XeroOrganisationBackDoor {
  return {
    id: organisation.id,
    tenant: organisation.tenant,
    journals: () => organisation.journals.map((one) => ({ ...one, postings: organisation.postingsOf(one) })),
    ledger: () => organisation.ledger,
    balances: ({ withDrafts = false } = {}) => organisation.balances(withDrafts),
    changeStatus: (id, status) => organisation.changeStatus(id, status),
    change: (id, lines) => {
      const journal = organisation.journal(id);
      organisation.put({ ...journal, lines: lines(journal.lines) });
    },
    enter: ({ date, sourceType, amounts }) =>
      organisation.enter({
        date,
        sourceType,
        lines: Object.entries(amounts).map(([account, ore]) => {
          return { account, amount: amount(ore), taxType: 'NONE', description: '', tracking: {} };
        }),
      }),
    alterNext: (lines) => organisation.alterNext(lines),
    lockThrough: (date) => {
      organisation.lockedThrough = date;
    },
    changeAccount: (code, changes) => {
      const account = organisation.accounts.get(code);
      if (changes === undefined) organisation.accounts.delete(code);
      else if (account !== undefined) organisation.accounts.set(code, { ...account, ...changes });
    },
  };
}
