import {
  containedVat,
  exactNumber,
  formatAmount,
  textBesideReference,
  type JournalLine,
  type PlainDate,
  type Voucher,
} from '@bilag/core';
import { cannotHold, lockedBooks, placeOf, plainLine } from '@bilag/http';
import { closedBy, locksOf, rateOn, type RegisterEntries } from './registers.ts';
import type { DimensionReply, VatTypeReply } from './replies.ts';

/** What our journal entries say of where they come from. */
export const ownSource = 'bilag';

/**
 * A journal entry as it is sent: gross lines with VAT types, which Unimicro splits when it books them. Throws `unsupported` for what
 * lines do not hold, `rejected` for what the company does not have, naming the line, and `blocked` on a locked date; nothing was sent then.
 */
export function toUnimicro(voucher: Voucher, reference: string, entries: RegisterEntries): object {
  const where = placeOf(voucher, reference);
  const { date, currency, lines } = voucher;
  if (currency !== entries.currency) {
    const what = `the company keeps its books in ${entries.currency}, not in ${currency}`;
    throw cannotHold('unsupported', what, where, 'post to a company in that currency');
  }
  refuseLocked(voucher, reference, entries);
  const toLine = (line: JournalLine, index: number): object =>
    toDraftLine(line, date, entries, `${where}, line ${index + 1}`);
  return {
    Description: plainLine(`${reference} ${textBesideReference(voucher, reference)}`, 200),
    ExternalReference: reference,
    ExternalSource: ownSource,
    DraftLines: lines.map(toLine),
  };
}

/** Throws `blocked` where the books are locked on the voucher's date, or the VAT that it has. */
export function refuseLocked(voucher: Voucher, reference: string, entries: RegisterEntries): void {
  const { books, vat } = locksOf(entries);
  const hasVat = voucher.lines.some((line) => codeOf(line) !== undefined);
  const through = [books, hasVat ? vat : undefined].find((lock) => lock !== undefined && voucher.date <= lock);
  if (through !== undefined) throw lockedBooks('Unimicro', through, voucher, reference);
}

/** A line without treatment of VAT names no VAT type. */
function codeOf({ vat }: JournalLine): string | undefined {
  return vat === undefined || vat.code === '0' ? undefined : vat.code;
}

function toDraftLine(line: JournalLine, date: PlainDate, entries: RegisterEntries, at: string): object {
  const { account: number, amount, party, text, dimensions = {} } = line;
  const refuse = (what: string): never => {
    throw cannotHold('rejected', what, at, 'mend it in Unimicro, or name another in the policy');
  };
  if (party !== undefined) {
    const what = `a line of a ${party.kind} is not posted to Unimicro`;
    throw cannotHold('unsupported', what, at, 'post on a general account');
  }
  const account = entries.accounts.find(({ AccountNumber }) => AccountNumber === number);
  if (account === undefined) return refuse(`Unimicro has no account ${number}`);
  const why = closedBy(account);
  if (why !== undefined) return refuse(`account ${number} ${why} in Unimicro`);
  const vatType = vatTypeOf(line, date, entries, at);
  const value = exactNumber(formatAmount(amount));
  return {
    FinancialDate: date,
    AccountID: exactNumber(account.ID),
    Amount: value,
    AmountCurrency: value,
    // Without an InvoiceNumber: that would pay a customer's invoice.
    Description: plainLine(text, 500),
    ...(vatType === undefined ? {} : { VatTypeID: exactNumber(vatType.ID) }),
    ...toDimensions(dimensions, entries, at),
  };
}

/** Unimicro computes the VAT when it books: it has to come to the voucher's own, on its account. */
function vatTypeOf(
  line: JournalLine,
  date: PlainDate,
  { vatTypes, accountNumbers }: RegisterEntries,
  at: string,
): VatTypeReply | undefined {
  const code = codeOf(line);
  if (code === undefined || line.vat === undefined) return undefined;
  const { kind, account, rateBasisPoints, amount } = line.vat;
  const refuse = (what: string): never => {
    throw cannotHold('rejected', what, at, 'mend the VAT type there, or the VAT treatment in the policy');
  };
  const known = vatTypes.find(({ VatCode, Locked }) => VatCode === code && Locked !== true);
  if (kind === 'reverse-charge' || known?.ReversedTaxDutyVat === true) {
    const what = `reverse charge (VAT code ${code}) is not posted to Unimicro: how it splits it is not published`;
    throw cannotHold('unsupported', what, at, 'book it without VAT and let a person add the code, or by hand');
  }
  if (known === undefined) return refuse(`Unimicro has no VAT type with the code ${code}`);
  const rate = rateOn(date, known);
  if (rate !== rateBasisPoints || containedVat(line.amount, rate) !== amount) {
    return refuse(`VAT code ${code} is of ${(rate ?? 0) / 100} % in Unimicro, and not of ${rateBasisPoints / 100} %`);
  }
  const accountId = known.OutputVat === false ? known.IncomingAccountID : known.OutgoingAccountID;
  const posted = accountNumbers.get(accountId ?? '');
  if (amount !== 0 && posted !== account) {
    return refuse(
      `VAT code ${code} posts on account ${posted ?? 'none'} in Unimicro, and the policy says ${account ?? 'none'}`,
    );
  }
  return known;
}

function toDimensions(dimensions: Readonly<Record<string, string>>, entries: RegisterEntries, at: string): object {
  const ids = Object.entries(dimensions).map(([type, value]) => {
    const idFrom = (known: readonly DimensionReply[]): unknown => {
      const found = known.find(({ number }) => number === value);
      if (found !== undefined) return exactNumber(found.ID);
      throw cannotHold(
        'rejected',
        `Unimicro has no ${type} ${value}`,
        at,
        'add it there, or name another in the policy',
      );
    };
    if (type === 'department') return { DepartmentID: idFrom(entries.departments) };
    if (type === 'project') return { ProjectID: idFrom(entries.projects) };
    const what = `the dimension "${type}" is not posted to Unimicro`;
    throw cannotHold('unsupported', what, at, 'use department or project');
  });
  return ids.length === 0 ? {} : { Dimensions: Object.assign({}, ...ids) as object };
}
