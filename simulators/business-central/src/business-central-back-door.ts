import { addDays, amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { BusinessCentralCompany, LineParts } from './books/business-central-company.ts';
import type { HeldAttachment, HeldEntry, HeldLine } from './books/held.ts';
import { postingsOf } from './books/journal-posting.ts';
import type { BusinessCentralAccountOptions, BusinessCentralJournalOptions } from './business-central-options.ts';

/** A posting of a document: net, as the ledger has it, or would have it when the journal is posted. */
export type BusinessCentralPosting = Pick<
  HeldEntry,
  'account' | 'amount' | 'description' | 'postingDate' | 'dimensions'
> & {
  /** Of a line that waits: entries have none. */
  readonly taxCode: string | undefined;
};

/** What stands under one document number. */
export interface HeldBusinessCentralDocument {
  readonly documentNumber: string;
  readonly isPosted: boolean;
  readonly postings: readonly BusinessCentralPosting[];
  readonly attachments: readonly HeldAttachment[];
}

/** Looks into one company without asking over HTTP, and does what people do in it. */
export interface BusinessCentralCompanyBackDoor {
  readonly id: string;
  lines(): readonly HeldLine[];
  entries(): readonly HeldEntry[];
  /** Everything by document number, in the order it came; lines and entries of one number apart. */
  documents(): readonly HeldBusinessCentralDocument[];
  /** The balance of each account in the ledger, debit − credit; lines that wait too where they are asked for. */
  balances(options?: { readonly withDrafts?: boolean }): Readonly<Record<string, Amount>>;
  /** A person posts a journal. */
  postJournal(code: string): void;
  /** A person deletes the lines of a document. */
  deleteLines(documentNumber: string): void;
  /** A person types a line: øre, debit +. */
  type(
    line: Pick<LineParts, 'account' | 'postingDate' | 'documentNumber' | 'description'> & {
      readonly journal: string;
      readonly amount: number;
    },
  ): HeldLine;
  /** A person changes the amounts of a document, posted or not. */
  change(documentNumber: string, change: (postings: readonly Amount[]) => readonly Amount[]): void;
  /** A person reverses what was posted under a document number. */
  reverse(documentNumber: string): void;
  /** The next line that comes is kept otherwise. */
  alterNext(alteration: (line: LineParts) => LineParts): void;
  /** Nothing can be posted on this date or before; any date with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
  changeJournal(code: string, changes: Partial<BusinessCentralJournalOptions>): void;
  changeAccount(number: string, changes: Partial<BusinessCentralAccountOptions>): void;
}

/** How tests look behind a simulated Business Central. */
export interface BusinessCentralBackDoor {
  /** The first company, or the one of this name. Errors: `not-found`. */
  company(name?: string): BusinessCentralCompanyBackDoor;
}

/** What a bookkeeper could see or do in the companies of the simulator, past its API. */
export function businessCentralBackDoor(companies: readonly BusinessCentralCompany[]): BusinessCentralBackDoor {
  return {
    company(name = companies[0]?.options.name ?? '') {
      const company = companies.find(({ options }) => options.name === name);
      if (company !== undefined) return companyBackDoor(company);
      throw new BilagError('not-found', {
        what: `no company is called ${name}`,
        where: 'BusinessCentralBackDoor.company()',
        action: 'ask for one of the companies the simulator was started with',
      });
    },
  };
}

function companyBackDoor(company: BusinessCentralCompany): BusinessCentralCompanyBackDoor {
  const idOf = (code: string): string => company.journals.find((one) => one.code === code)?.id ?? '';
  return {
    id: company.id,
    lines: () => company.lines,
    entries: () => company.entries,
    documents: () => documentsOf(company),
    balances: ({ withDrafts = false } = {}) =>
      company.balances(withDrafts ? company.lines.flatMap((line) => postingsOf(line, company)) : []),
    postJournal: (code) => company.post(idOf(code)),
    deleteLines: (documentNumber) => {
      company.lines = company.lines.filter((line) => line.documentNumber !== documentNumber);
    },
    type: ({ journal, amount: ore, ...line }) => {
      const empty = { externalDocumentNumber: '', comment: '', taxCode: '', balancingAccount: '', dimensions: {} };
      return company.insert({ ...line, ...empty, journal: idOf(journal), amount: amount(ore) });
    },
    change: (documentNumber, change) => {
      const changed = <Row extends HeldLine | HeldEntry>(rows: readonly Row[]): Row[] => {
        const own = rows.filter((row) => row.documentNumber === documentNumber);
        const amounts = change(own.map((row) => row.amount));
        return rows.map((row) => {
          const at = own.indexOf(row);
          return at === -1 ? row : { ...row, amount: amounts[at] ?? row.amount };
        });
      };
      [company.lines, company.entries] = [changed(company.lines), changed(company.entries)];
    },
    reverse: (documentNumber) => company.reverse(documentNumber),
    alterNext: (alteration) => company.alterNext(alteration),
    lockThrough: (date) => {
      company.allowPostingFrom = date === undefined ? undefined : addDays(date, 1);
    },
    changeJournal: (code, changes) => {
      company.journals = company.journals.map((one) => (one.code === code ? { ...one, ...changes } : one));
    },
    changeAccount: (number, changes) => {
      const account = company.accounts.get(number);
      if (account !== undefined) company.accounts.set(number, { ...account, ...changes });
    },
  };
}

function documentsOf(company: BusinessCentralCompany): HeldBusinessCentralDocument[] {
  const { entries, lines, attachments } = company;
  const waiting = lines.flatMap((line): NumberedPosting[] =>
    postingsOf(line, company).map((posting, index) => ({
      ...posting,
      taxCode: index === 0 && line.taxCode !== '' ? line.taxCode : undefined,
    })),
  );
  const posted = entries.map((entry): NumberedPosting => ({ ...entry, taxCode: undefined }));
  return [true, false].flatMap((isPosted) =>
    [...Map.groupBy(isPosted ? posted : waiting, (row) => row.documentNumber)].map(([documentNumber, postings]) => ({
      documentNumber,
      isPosted,
      postings,
      attachments: attachments.filter((file) => file.documentNumber === documentNumber),
    })),
  );
}

type NumberedPosting = BusinessCentralPosting & { readonly documentNumber: string };
