import { FikenBooks, type FikenBankAccount, type FikenTransaction } from './fiken-books.ts';
import type { FikenLine } from './fiken-journal.ts';
import { FikenRefusal } from '../fiken-replies.ts';
import type { VatRounding } from './fiken-vat.ts';

/** A company that the simulator is started with. */
export interface FikenCompanyOptions {
  readonly slug: string;
  readonly name: string;
  readonly organizationNumber: string;
  /** How often VAT is reported: `bi-monthly` by default. With `no` the company is not registered. */
  readonly vatType?: 'no' | 'yearly' | 'monthly' | 'bi-monthly';
}

/** A company in the simulator, and its back door: what a person may do in Fiken's own pages, and what is really there. */
export class FikenCompany {
  readonly slug: string;
  readonly books: FikenBooks;
  /** Without the API module every request is answered with 402. */
  hasApiAccess = true;
  /** Whether the token's user was granted this company. */
  isGranted = true;
  /** Makes the next writes fail with the 401 that is about something else than the token. */
  counterIsMissing = false;
  readonly #options: FikenCompanyOptions;
  readonly #now: () => number;
  readonly #listedAfterMs: () => number;

  constructor(
    options: FikenCompanyOptions,
    means: {
      readonly now: () => number;
      readonly listedAfterMs: () => number;
      readonly rounding: VatRounding;
      readonly firstId: number;
    },
  ) {
    this.slug = options.slug;
    this.#options = options;
    this.#now = means.now;
    this.#listedAfterMs = means.listedAfterMs;
    this.books = new FikenBooks(bankAccountsOf(means.firstId), means.now, means.rounding, means.firstId + 100);
    this.books.isVatRegistered = options.vatType !== 'no';
  }

  /** What an account stands at, to the øre; zero where nothing was posted. */
  balance(account: string): number {
    return this.books.balances().get(account) ?? 0;
  }

  /** Transactions with the text in a description or as sale number, reversals and deleted ones too. */
  holding(text: string): readonly FikenTransaction[] {
    const sold = new Set(this.books.sales.filter((sale) => sale.saleNumber === text).map((sale) => sale.transactionId));
    return this.books.transactions.filter(
      ({ transactionId, entries }) =>
        sold.has(transactionId) || entries.some(({ description }) => description.includes(text)),
    );
  }

  /** A person writes another text. */
  editDescription(transactionId: number, description: string): void {
    for (const entry of this.books.transaction(transactionId).entries) entry.description = description;
  }

  /** A person moves a posting to another date. */
  redate(transactionId: number, date: string): void {
    for (const entry of this.books.transaction(transactionId).entries) entry.date = date;
  }

  /** A person changes what was posted. */
  editLines(transactionId: number, change: (line: FikenLine) => FikenLine): void {
    for (const entry of this.books.transaction(transactionId).entries) entry.lines = entry.lines.map(change);
  }

  /** A person deletes a posting: Fiken books the opposite. */
  deletePosting(transactionId: number, description = 'Slettet av bruker'): void {
    this.books.reverse(transactionId, description);
  }

  /** Fiken's own settlement import (Betalingsoppgjør) books the same sales and payouts once more. */
  importSettlement(row: {
    readonly date: string;
    readonly gross: number;
    readonly fee: number;
    readonly reference: string;
  }): number {
    const { date, gross, fee, reference } = row;
    const net = gross - Math.floor(gross / 5);
    return this.books.importSettlement({
      date,
      description: `Betalingsoppgjør Vipps ${reference}`,
      lines: [
        plainLine('1920:10002', gross),
        { account: '3000', amount: -net, vatCode: '3' },
        { account: '2701', amount: net - gross, vatCode: '3' },
        plainLine('7770', fee),
        plainLine('1920:10002', -fee),
      ],
    });
  }

  shown(): unknown {
    return {
      vatType: 'bi-monthly',
      ...this.#options,
      address: { country: 'Norway' },
      creationDate: '2020-01-01',
      hasApiAccess: this.hasApiAccess,
      testCompany: true,
      accountingStartDate: '2020-01-01',
    };
  }

  accounts(): unknown[] {
    const banks = this.bankAccounts(null).map((bank) => [bank.accountCode, bank.name]);
    return [...Object.entries(accountNames), ...banks].map(([code, name]) => ({ code, name }));
  }

  bankAccounts(inactive: string | null): readonly FikenBankAccount[] {
    return this.books.bankAccounts.filter((bank) => inactive === null || String(bank.inactive) === inactive);
  }

  accountBalances(query: URLSearchParams): unknown[] {
    const date = query.get('date');
    if (date === null) throw new FikenRefusal(400, "Missing query parameter 'date'");
    const from = query.get('fromAccount') ?? '';
    const to = query.get('toAccount') ?? '~';
    const asked = [...this.books.balances(date)].filter(([code]) => code >= from && code <= to);
    return asked.map(([code, balance]) => ({
      code,
      name: accountNames[code] ?? code,
      balance,
    }));
  }

  isListed({ createdMs }: FikenTransaction): boolean {
    return this.#now() >= createdMs + this.#listedAfterMs();
  }
}

function plainLine(account: string, amount: number): FikenLine {
  return { account, amount, vatCode: '0' };
}

function bankAccountsOf(firstId: number): FikenBankAccount[] {
  return [
    {
      bankAccountId: firstId + 1,
      name: 'Driftskonto',
      accountCode: '1920:10001',
      bankAccountNumber: '11112233334',
      type: 'normal',
      inactive: false,
    },
    {
      bankAccountId: firstId + 2,
      name: 'Vipps',
      accountCode: '1920:10002',
      bankAccountNumber: 'VIPPS',
      type: 'foreign',
      inactive: false,
    },
    {
      bankAccountId: firstId + 3,
      name: 'Gammel konto',
      accountCode: '1920:10003',
      bankAccountNumber: '11112233342',
      type: 'normal',
      inactive: true,
    },
  ];
}

const accountNames: Readonly<Record<string, string>> = {
  '1500': 'Kundefordringer',
  '1578': 'Omtvistede betalinger',
  '1579': 'Andre kortsiktige fordringer',
  '1925': 'Penger på vei',
  '2400': 'Leverandørgjeld',
  '2701': 'Utgående merverdiavgift, høy sats',
  '2702': 'Utgående merverdiavgift, middels sats',
  '2703': 'Utgående merverdiavgift, lav sats',
  '2704': 'Utgående merverdiavgift, råfisk',
  '2711': 'Inngående merverdiavgift, høy sats',
  '2911': 'Gjeld til eier',
  '2960': 'Annen påløpt kostnad',
  '2999': 'Uavklarte poster',
  '3000': 'Salgsinntekt, avgiftspliktig, høy sats',
  '3030': 'Salgsinntekt, avgiftspliktig, middels sats',
  '3040': 'Salgsinntekt, råfisk',
  '3050': 'Salgsinntekt, avgiftspliktig, lav sats',
  '3100': 'Salgsinntekt, avgiftsfri',
  '3120': 'Salgsinntekt, utførsel',
  '3200': 'Salgsinntekt, utenfor avgiftsområdet',
  '3900': 'Annen driftsrelatert inntekt',
  '7350': 'Representasjon',
  '7740': 'Øreavrunding',
  '7770': 'Bank- og kortgebyrer',
};
