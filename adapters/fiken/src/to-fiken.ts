import { BilagError, formatAmount, sum, textBesideReference, type JournalLine, type Voucher } from '@bilag/core';
import type { AccountMap } from './registers/account-map.ts';
import { netAmounts } from './registers/net-amounts.ts';
import { fikenVatCode, type FikenVatCode } from './registers/vat-codes.ts';
import { markedText } from './lookup/marker.ts';

/** One write: a cash sale, or a general journal entry. */
export type FikenRequest =
  | { readonly document: 'sale'; readonly path: '/sales'; readonly body: SaleRequest }
  | { readonly document: 'journal'; readonly path: '/generalJournalEntries'; readonly body: JournalRequest };

/** `POST /sales`: net and VAT both explicit, in øre. */
export interface SaleRequest {
  readonly saleNumber: string;
  readonly date: string;
  readonly kind: 'cash_sale';
  readonly totalPaid: number;
  readonly currency: 'NOK';
  readonly paymentAccount: string;
  readonly paymentDate: string;
  readonly lines: readonly {
    readonly description: string;
    readonly netPrice: number;
    readonly vat: number;
    readonly account: string;
    readonly vatType: string;
  }[];
}

/** `POST /generalJournalEntries`: lines of one side each, and net where they carry a code. */
export interface JournalRequest {
  readonly description: string;
  readonly open: false;
  readonly journalEntries: readonly [
    { readonly description: string; readonly date: string; readonly lines: readonly JournalLineRequest[] },
  ];
}

export type JournalLineRequest =
  | { readonly amount: number; readonly debitAccount: string; readonly debitVatCode?: number }
  | { readonly amount: number; readonly creditAccount: string; readonly creditVatCode?: number };

/**
 * What is sent for a voucher. A sale that Fiken's sales cannot say (a discount as a debit line, two payment accounts)
 * becomes a journal entry. Throws `rejected` or `config` for what Fiken cannot hold to the øre.
 */
export function toFiken(voucher: Voucher, reference: string, accounts: AccountMap): FikenRequest {
  if (voucher.currency !== 'NOK') {
    throw refusal(voucher, `Fiken keeps its journal in NOK, and this voucher is in ${voucher.currency}`, noCurrency);
  }
  for (const line of voucher.lines) checkLine(voucher, line, accounts);
  const paidOn = cashSaleAccount(voucher);
  return paidOn === undefined
    ? { document: 'journal', path: '/generalJournalEntries', body: toJournal(voucher, reference, accounts) }
    : { document: 'sale', path: '/sales', body: toSale(voucher, reference, paidOn, accounts) };
}

const noCurrency = 'use another target for ledgers in other currencies';

function checkLine(voucher: Voucher, { account, vat, dimensions, party }: JournalLine, accounts: AccountMap): void {
  if (dimensions !== undefined && Object.keys(dimensions).length > 0) {
    throw refusal(
      voucher,
      `the line on account ${account} has dimensions, and journal lines in Fiken have none`,
      'take the dimensions out of the policy',
    );
  }
  // A customer or supplier has a sub-account of its own in Fiken: 1500:10001.
  if (party !== undefined && !accounts.toFiken(account).includes(':')) {
    throw refusal(
      voucher,
      `the line on account ${account} names a ${party.kind}, and the account in Fiken is not theirs`,
      `name the ${party.kind}'s sub-account in target.accounts, such as '${account}': '${account}:10001'`,
    );
  }
  if (vat === undefined) return;
  if (vat.kind === 'reverse-charge') {
    throw refusal(
      voucher,
      `the line on account ${account} has reverse charge, and nobody has shown how Fiken books it`,
      'take the VAT of fees out of the policy and book the reverse charge by hand',
    );
  }
  if (fikenVatCode(vat.code) === undefined || (vat.code === '7' && !account.startsWith('3'))) {
    throw refusal(
      voucher,
      `the line on account ${account} has the VAT code ${vat.code}, which is not posted there`,
      'use 3, 31, 32, 33, 5, 6, 7, 51 or 52 for revenue, 1, 11, 12 or 13 for costs, and no VAT where there is none',
    );
  }
}

/** The account a cash sale is paid on; undefined where the voucher is not what Fiken calls a cash sale. */
function cashSaleAccount({ document, lines }: Voucher): string | undefined {
  if (document !== 'sale') return undefined;
  const revenue = lines.filter((line) => line.vat !== undefined);
  const payments = lines.filter((line) => line.vat === undefined);
  const [first] = payments;
  const isPlain =
    first !== undefined &&
    payments.every((line) => line.amount > 0 && line.account === first.account) &&
    revenue.every((line) => line.amount < 0 && saleNameOf(line) !== undefined && hasVatOfItsRate(line));
  return isPlain && revenue.length > 0 ? first.account : undefined;
}

/** Fiken refuses a sales line with a rate and no VAT: one or two øre. */
function hasVatOfItsRate({ vat }: JournalLine): boolean {
  return vat?.rateBasisPoints === 0 || vat?.amount !== 0;
}

function saleNameOf({ vat }: JournalLine): string | undefined {
  return vat === undefined ? undefined : fikenVatCode(vat.code)?.saleName;
}

function toSale(voucher: Voucher, reference: string, paidOn: string, accounts: AccountMap): SaleRequest {
  const { lines, date } = voucher;
  return {
    saleNumber: reference,
    date,
    kind: 'cash_sale',
    totalPaid: sum(lines.filter((line) => line.vat === undefined).map((line) => line.amount)),
    currency: 'NOK',
    paymentAccount: accounts.toFiken(paidOn),
    // Clients report that Fiken wants both dates of a cash sale to be the same.
    paymentDate: date,
    lines: lines
      .filter((line) => line.vat !== undefined)
      .map((line) => ({
        description: saleLineText(line.text, voucher.description, reference),
        netPrice: -(line.vat?.net ?? 0),
        vat: line.vat?.amount === undefined || line.vat.amount === 0 ? 0 : -line.vat.amount,
        account: accounts.toFiken(line.account),
        vatType: saleNameOf(line) ?? '',
      })),
  };
}

/** Fiken takes no sales line without a description: one that has none says what the voucher says. */
function saleLineText(...texts: readonly string[]): string {
  return texts.map((text) => markedText(undefined, text, longestLineText)).find((text) => text !== '') ?? '';
}

function toJournal(voucher: Voucher, reference: string, accounts: AccountMap): JournalRequest {
  const description = markedText(reference, textBesideReference(voucher, reference), longestDescription);
  const lines = voucher.lines.flatMap((line) => journalLines(voucher, line, accounts));
  return { description, open: false, journalEntries: [{ description, date: voucher.date, lines }] };
}

/**
 * Always one-sided: a line with two accounts and a code moves more than its amount. Net on every side that carries a code,
 * credit too, whatever Fiken's specification says of it: that is what its books were seen to do.
 */
function journalLines(voucher: Voucher, line: JournalLine, accounts: AccountMap): JournalLineRequest[] {
  const account = accounts.toFiken(line.account);
  const isDebit = line.amount > 0;
  const oneSided = (amount: number, code: FikenVatCode | undefined): JournalLineRequest => {
    const vatCode = code === undefined ? undefined : Number(code.code);
    if (isDebit) return { amount, debitAccount: account, ...(vatCode === undefined ? {} : { debitVatCode: vatCode }) };
    return { amount, creditAccount: account, ...(vatCode === undefined ? {} : { creditVatCode: vatCode }) };
  };
  const { vat } = line;
  if (vat === undefined) return [oneSided(Math.abs(line.amount), undefined)];
  const amounts = netAmounts(Math.abs(vat.net), Math.abs(vat.amount), vat.rateBasisPoints);
  if (amounts === undefined) {
    throw refusal(
      voucher,
      `${formatAmount(vat.net)} net on account ${line.account} cannot carry exactly ${formatAmount(vat.amount)} of VAT, because Fiken computes VAT itself`,
      'book this amount by hand in Fiken',
    );
  }
  return amounts.map((amount) => oneSided(amount, fikenVatCode(vat.code)));
}

function refusal(voucher: Voucher, what: string, action: string): BilagError {
  return new BilagError('rejected', { what, where: `voucher ${voucher.key}`, action: `${action}; nothing was sent` });
}

/** Of 200, because Fiken puts "Fri postering registrert via API: " before it. */
const longestDescription = 166;

const longestLineText = 200;
