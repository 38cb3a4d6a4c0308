import { add, negate, subtract, sum, zero, type Amount, type PlainDate } from '@bilag/core';
import {
  defaultXeroAccounts,
  defaultXeroTaxRates,
  defaultXeroTracking,
  type XeroAccountOptions,
  type XeroOrganisationOptions,
  type XeroTaxRateOptions,
} from '../xero-options.ts';
import type { HeldLedgerEntry, HeldXeroJournal, HeldXeroLine, XeroStatus } from './held.ts';
import { XeroRefusal } from './xero-refusal.ts';

/** What is to be held of a journal. */
export type JournalParts = Pick<HeldXeroJournal, 'narration' | 'date' | 'status' | 'lineAmountTypes' | 'lines'>;

/** One organisation: its registers, its manual journals, and its ledger. */
export class XeroOrganisation {
  readonly options: XeroOrganisationOptions;
  readonly id: string;
  readonly tenant: string;
  readonly accounts: Map<string, XeroAccountOptions>;
  readonly taxRates: ReadonlyMap<string, XeroTaxRateOptions>;
  readonly tracking: Readonly<Record<string, readonly string[]>>;
  lockedThrough: PlainDate | undefined;
  journals: readonly HeldXeroJournal[] = [];
  ledger: readonly HeldLedgerEntry[] = [];
  readonly #place: number;
  readonly #now: () => number;
  #alteration: ((lines: readonly HeldXeroLine[]) => readonly HeldXeroLine[]) | undefined;
  #made = 0;

  constructor(options: XeroOrganisationOptions, place: number, now: () => number) {
    this.options = options;
    this.#place = place;
    this.#now = now;
    this.id = this.newId();
    this.tenant = this.newId();
    this.lockedThrough = options.lockedThrough;
    const { accounts = [], taxRates = [], tracking = defaultXeroTracking } = options;
    this.accounts = new Map([...defaultXeroAccounts, ...accounts].map((one) => [one.code, one]));
    this.taxRates = new Map([...defaultXeroTaxRates, ...taxRates].map((one) => [one.taxType, one]));
    this.tracking = tracking;
  }

  /** A GUID that nothing else has. */
  newId(): string {
    this.#made += 1;
    const [place, count] = [this.#place, this.#made].map((number) => number.toString(16));
    return `${place?.padStart(8, '0')}-0000-4000-8000-${count?.padStart(12, '0')}`;
  }

  /** The last date that nothing can be posted on or before. */
  lockOf(): PlainDate | undefined {
    const { yearLockedThrough } = this.options;
    const dates = [this.lockedThrough, yearLockedThrough].filter((date) => date !== undefined);
    return dates.toSorted((a, b) => (a < b ? 1 : -1))[0];
  }

  journal(id: string): HeldXeroJournal {
    const found = this.journals.find((one) => one.id === id);
    if (found !== undefined) return found;
    throw new XeroRefusal(404, 404, 'NotFoundException', "The resource you're looking for cannot be found");
  }

  create(given: JournalParts): HeldXeroJournal {
    const lines = this.#alteration?.(given.lines) ?? given.lines;
    this.#alteration = undefined;
    const now = this.#now();
    const journal = { ...given, lines, id: this.newId(), attachments: [], createdAt: now, updatedAt: now };
    this.journals = [...this.journals, journal];
    if (journal.status === 'POSTED') this.#enter(journal, 1);
    return journal;
  }

  /** A draft is posted or deleted, what is posted is voided; nothing else. */
  changeStatus(id: string, status: XeroStatus): void {
    const journal = this.journal(id);
    const allowed: Readonly<Record<XeroStatus, readonly XeroStatus[]>> = {
      DRAFT: ['POSTED', 'DELETED'],
      POSTED: ['VOIDED'],
      DELETED: [],
      VOIDED: [],
    };
    if (!allowed[journal.status].includes(status)) {
      throw new XeroRefusal(400, 10, 'ValidationException', `A journal that is ${journal.status} cannot be ${status}.`);
    }
    this.put({ ...journal, status, updatedAt: this.#now() });
    if (status === 'POSTED') this.#enter(journal, 1);
    if (status === 'VOIDED') this.#enter(journal, -1);
  }

  put(journal: HeldXeroJournal): void {
    this.journals = this.journals.map((one) => (one.id === journal.id ? journal : one));
  }

  /** What something else than a manual journal does to the ledger. */
  enter(entry: Pick<HeldLedgerEntry, 'date' | 'sourceType' | 'lines'>): void {
    const number = this.ledger.length + 1;
    this.ledger = [...this.ledger, { ...entry, number, sourceId: this.newId(), createdAt: this.#now() }];
  }

  /** What a journal is, or would be, in the ledger: net, with the tax on the account that Xero keeps for it. */
  postingsOf({ lines, lineAmountTypes }: Pick<HeldXeroJournal, 'lines' | 'lineAmountTypes'>): HeldLedgerEntry['lines'] {
    const own = [...this.accounts.values()].find(({ systemAccount }) => systemAccount === 'GST')?.code ?? '';
    return lines.flatMap(({ amount, account = '', taxType, taxAmount, description, tracking }) => {
      const net = lineAmountTypes === 'Inclusive' ? subtract(amount, taxAmount) : amount;
      const base = { account, amount: net, taxType, description, tracking };
      if (taxAmount === 0) return [base];
      return [base, { account: own, amount: taxAmount, taxType: '', description, tracking: {} }];
    });
  }

  /** The next journal is kept otherwise than it came. */
  alterNext(alteration: (lines: readonly HeldXeroLine[]) => readonly HeldXeroLine[]): void {
    this.#alteration = alteration;
  }

  /** The balance of every account in the ledger, debit − credit; of drafts too where they are asked for. */
  balances(withDrafts = false): Record<string, Amount> {
    const balances: Record<string, Amount> = {};
    const drafts = withDrafts ? this.journals.filter(({ status }) => status === 'DRAFT') : [];
    const lines = [...this.ledger.flatMap((entry) => entry.lines), ...drafts.flatMap((one) => this.postingsOf(one))];
    for (const { account, amount } of lines) balances[account] = add(balances[account] ?? zero, amount);
    return balances;
  }

  #enter(journal: HeldXeroJournal, sign: 1 | -1): void {
    const lines = this.postingsOf(journal).map((line) =>
      sign === 1 ? line : { ...line, amount: negate(line.amount) },
    );
    const number = this.ledger.length + 1;
    const { id: sourceId, date } = journal;
    this.ledger = [...this.ledger, { number, date, sourceType: 'MANJOURNAL', sourceId, createdAt: this.#now(), lines }];
  }
}

/** What a journal is out of balance by, its tax counted where it comes on top. */
export function totalsOf({ lines, lineAmountTypes }: Pick<HeldXeroJournal, 'lines' | 'lineAmountTypes'>): {
  readonly debit: Amount;
  readonly credit: Amount;
} {
  const totals = lines.map(({ amount, taxAmount }) =>
    lineAmountTypes === 'Exclusive' ? add(amount, taxAmount) : amount,
  );
  return { debit: sum(totals.filter((one) => one > 0)), credit: sum(totals.filter((one) => one < 0)) };
}
