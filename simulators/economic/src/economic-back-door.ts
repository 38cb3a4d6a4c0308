import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { DraftParts, EconomicAgreement } from './books/economic-agreement.ts';
import type { BookedEntry, DraftEntry, HeldDocument } from './books/held-entry.ts';
import type { EconomicJournalOptions } from './economic-options.ts';

/** A posting of a voucher: net, as the ledger has it, or would have it when the voucher is booked. */
export type EconomicPosting = Pick<BookedEntry, 'account' | 'amount' | 'vatCode' | 'text' | 'date' | 'currency'>;

/** What stands under one voucher number. */
export interface HeldEconomicVoucher {
  readonly voucherNumber: number;
  readonly isBooked: boolean;
  readonly postings: readonly EconomicPosting[];
  readonly documents: readonly HeldDocument[];
}

/** Looks into one agreement without asking over HTTP, and does what people do in it. */
export interface EconomicAgreementBackDoor {
  drafts(): readonly DraftEntry[];
  booked(): readonly BookedEntry[];
  /** Everything by voucher number, in the order it came; drafts and booked entries of one number apart. */
  vouchers(): readonly HeldEconomicVoucher[];
  /** The balance of each account in the ledger, debit − credit; drafts too where they are asked for. */
  balances(options?: { readonly withDrafts?: boolean }): Readonly<Record<string, Amount>>;
  /** A person books everything in a journal. */
  bookJournal(number: number): void;
  /** A person deletes a voucher that is not booked. */
  deleteDrafts(voucherNumber: number): void;
  /** A person types an entry into a journal: øre, debit + on the account. */
  type(
    entry: Pick<DraftParts, 'date' | 'account' | 'contraAccount' | 'text'> & {
      readonly amount: number;
      readonly journalNumber: number;
      readonly voucherNumber: number;
    },
  ): DraftEntry;
  /** A person changes what a voucher's lines are, booked or not. */
  change(voucherNumber: number, lines: <Line extends EconomicLine>(lines: readonly Line[]) => readonly Line[]): void;
  /** Keeps the next lines that are drafted otherwise than they came. */
  alterNext(lines: <Line extends EconomicLine>(lines: readonly Line[]) => readonly Line[]): void;
  /** Bars every period that ends on this date or before; none with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
  changeJournal(number: number, changes: Partial<EconomicJournalOptions>): void;
}

/** What drafts and booked entries have alike. */
export type EconomicLine = Pick<DraftParts, 'amount' | 'vatCode' | 'text' | 'date'>;

/** How tests look behind a simulated e-conomic. */
export interface EconomicBackDoor {
  /** The first agreement, or the one with this number. Errors: `not-found`. */
  agreement(number?: number): EconomicAgreementBackDoor;
}

/** What a bookkeeper could see or do in the agreements of the simulator, past its API. */
export function economicBackDoor(agreements: readonly EconomicAgreement[]): EconomicBackDoor {
  return {
    agreement(number = agreements[0]?.options.number ?? 0) {
      const agreement = agreements.find(({ options }) => options.number === number);
      if (agreement !== undefined) return agreementBackDoor(agreement);
      throw new BilagError('not-found', {
        what: `no agreement has the number ${number}`,
        where: 'EconomicBackDoor.agreement()',
        action: 'ask for one of the agreements the simulator was started with',
      });
    },
  };
}

function agreementBackDoor(agreement: EconomicAgreement): EconomicAgreementBackDoor {
  return {
    drafts: () => agreement.drafts,
    booked: () => agreement.booked,
    vouchers: () => vouchersOf(agreement),
    balances: ({ withDrafts = false } = {}) => {
      const balances: Record<string, number> = { ...agreement.balances() };
      const drafted = withDrafts ? agreement.drafts.flatMap((entry) => agreement.postingsOf(entry)) : [];
      for (const { account, amount: value } of drafted) balances[account] = (balances[account] ?? 0) + value;
      return balances as Record<string, Amount>;
    },
    bookJournal: (number) => {
      const own = agreement.drafts.filter(({ journalNumber }) => journalNumber === number);
      agreement.book(
        number,
        own.map(({ entryNumber }) => entryNumber),
      );
    },
    deleteDrafts: (number) => {
      for (const { entryNumber } of agreement.drafts.filter(withNumber(number))) agreement.deleteDraft(entryNumber);
    },
    type: (entry) => {
      const [made] = agreement.draft([
        {
          ...entry,
          amount: amount(entry.amount),
          entryTypeNumber: 5,
          vatCode: undefined,
          contraVatCode: undefined,
          currency: agreement.baseCurrency,
        },
      ]);
      return made as DraftEntry;
    },
    change: (number, lines) => {
      const isIt = withNumber(number);
      agreement.drafts = [...agreement.drafts.filter((one) => !isIt(one)), ...lines(agreement.drafts.filter(isIt))];
      agreement.booked = [...agreement.booked.filter((one) => !isIt(one)), ...lines(agreement.booked.filter(isIt))];
    },
    alterNext: (lines) => agreement.alterNext((parts) => lines(parts)),
    lockThrough: (date) => {
      agreement.lockedThrough = date;
    },
    changeJournal: (number, changes) => {
      agreement.journals.set(number, { number, ...agreement.journals.get(number), ...changes });
    },
  };
}

function withNumber(number: number): (one: { readonly voucherNumber: number }) => boolean {
  return ({ voucherNumber }) => voucherNumber === number;
}

function vouchersOf(agreement: EconomicAgreement): HeldEconomicVoucher[] {
  const drafted = Map.groupBy(agreement.drafts, ({ voucherNumber }) => voucherNumber);
  const booked = Map.groupBy(agreement.booked, ({ voucherNumber }) => voucherNumber);
  const documentsOf = (number: number): HeldDocument[] => agreement.documents.filter(withNumber(number));
  return [
    ...[...booked].map(([voucherNumber, postings]) => ({
      voucherNumber,
      isBooked: true,
      postings,
      documents: documentsOf(voucherNumber),
    })),
    ...[...drafted].map(([voucherNumber, entries]) => ({
      voucherNumber,
      isBooked: false,
      postings: entries.flatMap((entry) => agreement.postingsOf(entry)),
      documents: documentsOf(voucherNumber),
    })),
  ];
}
