import { isPlainDate, parseAmount, type Amount, type PlainDate } from '@bilag/core';
import { NumberText, parseWithNumberTexts } from '@bilag/fault-server';
import { EconomicRefusal } from './economic-refusal.ts';
import type { DraftParts, EconomicAgreement } from './economic-agreement.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A JSON body that is an object. */
export function bodyOf(body: Uint8Array): Fields {
  let value: unknown;
  try {
    value = parseWithNumberTexts(body);
  } catch {
    throw invalid('The body is no JSON.');
  }
  return fieldsOf(value, '');
}

/** The lines of `POST /draft-entries/bulk`, checked one after the other; the first that is wrong refuses all. */
export function readBulk(body: Uint8Array, agreement: EconomicAgreement): DraftParts[] {
  const { entries } = bodyOf(body);
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new EconomicRefusal(400, 'OneAPIEntriesListCannotBeEmpty', 'The list of entries is empty.', 'entries');
  }
  if (entries.length > 500) throw new EconomicRefusal(400, 'OneAPITooManyEntries', 'More than 500 entries.', 'entries');
  return entries.map((entry, index) => readEntry(entry, `entries[${index}].`, agreement));
}

/** One line. Fields that are not known are ignored, and null is refused, as the description says. */
export function readEntry(value: unknown, at: string, agreement: EconomicAgreement): DraftParts {
  const sent = fieldsOf(value, at);
  for (const [name, held] of Object.entries(sent)) if (held === null) throw invalid(`${name} is null.`, `${at}${name}`);
  const refuse = (code: string, property: string, words: string): never => {
    throw new EconomicRefusal(400, code, words, `${at}${property}`);
  };
  const journalNumber = wholeOf(sent['journalNumber'], `${at}journalNumber`) ?? 0;
  const journal = agreement.journals.get(journalNumber);
  if (journal === undefined) return refuse('JournalDoesNotExist', 'journalNumber', 'The journal does not exist.');
  const entryTypeNumber = wholeOf(sent['entryTypeNumber'], `${at}entryTypeNumber`) ?? 0;
  const { allowedEntryType = 0, minimumVoucherNumber = 0, maximumVoucherNumber = 999_999_999 } = journal;
  const isAllowed = allowedEntryType === 0 || allowedEntryType === entryTypeNumber;
  if (entryTypeNumber !== 5 || !isAllowed)
    return refuse('JournalEntryTypeNotCorrect', 'entryTypeNumber', 'Wrong type.');
  const voucherNumber = wholeOf(sent['voucherNumber'], `${at}voucherNumber`);
  if (voucherNumber !== undefined && (voucherNumber < minimumVoucherNumber || voucherNumber > maximumVoucherNumber)) {
    const words = `The voucher number is not within ${minimumVoucherNumber} and ${maximumVoucherNumber}.`;
    return refuse('JournalEntryVoucherNumberNotWithinBoundaries', 'voucherNumber', words);
  }
  const date = dateOf(sent['date'], `${at}date`);
  agreement.checkDate(date, `${at}date`);
  const currency = textOf(sent['currency'], `${at}currency`) ?? '';
  if (currency !== agreement.baseCurrency)
    return refuse('JournalEntryCurrencyNotFound', 'currency', 'No such currency.');
  const text = textOf(sent['text'], `${at}text`) ?? '';
  if (text.length > 250) return refuse('JournalEntryTextTooLong', 'text', 'The text is longer than 250.');
  const account = accountOf(sent, 'accountNumber', at, agreement);
  const contraAccount = accountOf(sent, 'contraAccountNumber', at, agreement);
  if (account === undefined && contraAccount === undefined) {
    return refuse('JournalEntryAccountAndContraAccountNotSet', 'accountNumber', 'Neither account is set.');
  }
  return {
    entryTypeNumber,
    journalNumber,
    voucherNumber,
    date,
    currency,
    text,
    account,
    contraAccount,
    amount: moneyOf(sent['amount'], `${at}amount`),
    vatCode: vatCodeOf(sent, 'vatCode', at, agreement),
    contraVatCode: vatCodeOf(sent, 'contraVatCode', at, agreement),
  };
}

/** The numbers of the lines that are to be booked. */
export function readEntryNumbers(body: Uint8Array): number[] {
  const { entryNumbers } = bodyOf(body);
  if (!Array.isArray(entryNumbers)) throw invalid('entryNumbers is no list.', 'entryNumbers');
  return entryNumbers.map((number) => wholeOf(number, 'entryNumbers') ?? -1);
}

function accountOf(sent: Fields, name: string, at: string, { accounts }: EconomicAgreement): string | undefined {
  const number = wholeOf(sent[name], at + name);
  if (number === undefined) return undefined;
  const account = accounts.get(String(number));
  const contra = name === 'accountNumber' ? '' : 'Contra';
  const refuse = (code: string, words: string): never => {
    throw new EconomicRefusal(400, code, `Account ${number} ${words}.`, at + name);
  };
  if (account === undefined) return refuse(`JournalEntry${contra}AccountNotFound`, 'was not found');
  if (account.isHeading === true) return refuse(`JournalEntryWrong${contra}AccountType`, 'is a heading');
  if (account.isBarred === true) return refuse(`JournalEntry${contra}AccountNotAccessible`, 'is barred');
  if (account.isBlockedForDirectEntries === true) {
    return refuse(`JournalEntry${contra}AccountIsBlockedForDirectEntries`, 'is blocked for direct entries');
  }
  if (account.isDepartmentMandatory === true)
    return refuse('JournalEntryDepartmentalDistributionNotFound', 'asks for a department');
  return account.number;
}

function vatCodeOf(sent: Fields, name: string, at: string, { vat }: EconomicAgreement): string | undefined {
  const code = textOf(sent[name], at + name);
  if (code === undefined || vat.has(code)) return code;
  throw new EconomicRefusal(400, 'JournalEntryVatCodeNotFound', `VAT code ${code} was not found.`, at + name);
}

function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)) {
    return value as Fields;
  }
  throw invalid('It is no object.', at);
}

function wholeOf(value: unknown, property: string): number | undefined {
  if (value === undefined) return undefined;
  if (!(value instanceof NumberText) || !/^\d{1,9}$/.test(value.text)) throw invalid('It is no number.', property);
  return Number(value.text);
}

function moneyOf(value: unknown, property: string): Amount {
  if (!(value instanceof NumberText) || !/^-?\d+(?:\.\d\d?0*)?$/.test(value.text)) {
    throw invalid('It is no amount.', property);
  }
  if (value.text.length > 17) {
    throw new EconomicRefusal(400, 'JournalEntryAmountExceedsDigitLimit', 'The amount is too large.', property);
  }
  return parseAmount(value.text);
}

function dateOf(value: unknown, property: string): PlainDate {
  const [, date = ''] = /^(\d{4}-\d\d-\d\d)(?:T00:00:00(?:\.0+)?Z)?$/.exec(String(value)) ?? [];
  if (typeof value === 'string' && isPlainDate(date)) return date;
  throw invalid('It is no date.', property);
}

function textOf(value: unknown, property: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw invalid('It is no text.', property);
}

function invalid(words: string, property = ''): EconomicRefusal {
  return new EconomicRefusal(400, 'ValidationError', words, property);
}
