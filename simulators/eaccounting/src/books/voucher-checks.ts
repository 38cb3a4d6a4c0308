import { amount, isPlainDate, negate, parseAmount, type Amount } from '@bilag/core';
import { NumberText, parseWithNumberTexts } from '@bilag/fault-server';
import type { EAccountingCompany } from './eaccounting-company.ts';
import { EAccountingRefusal, invalid } from './eaccounting-refusal.ts';
import type { HeldEAccountingRow, VoucherDraft } from './held-voucher.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The object that a body is; nothing else is taken. */
export function readObject(body: Uint8Array): Fields {
  try {
    return fieldsOf(parseWithNumberTexts(body));
  } catch (error) {
    if (error instanceof EAccountingRefusal) throw error;
    return invalid('', 'The body is no JSON.');
  }
}

const voucherFields = new Set(['VoucherDate', 'VoucherText', 'NumberSeries', 'Rows']);
const rowFields = new Set(['AccountNumber', 'DebitAmount', 'CreditAmount', 'TransactionText', 'ProjectId']);

/** Reads a voucher that somebody sends, or a draft: its rows take shorter texts. */
export function readVoucher(
  body: Uint8Array,
  company: EAccountingCompany,
  { isDraft, takesSeries }: { readonly isDraft: boolean; readonly takesSeries: boolean },
): VoucherDraft {
  const sent = readObject(body);
  refuseOthers(sent, voucherFields);
  const date = sent['VoucherDate'];
  if (typeof date !== 'string' || !isPlainDate(date)) return invalid('VoucherDate', 'The date is not valid.');
  const { Rows: rows } = sent;
  if (!Array.isArray(rows)) return invalid('Rows', 'Rows are missing.');
  const text = textOf(sent['VoucherText'], 'VoucherText', 1_000);
  if (text === '' && !isDraft) return invalid('VoucherText', 'VoucherText is missing.');
  const series = textOf(sent['NumberSeries'], 'NumberSeries', 10);
  return {
    date,
    text,
    series: takesSeries && series !== '' ? series : 'A',
    rows: rows.map((row) => readRow(fieldsOf(row), company, isDraft)),
  };
}

function readRow(sent: Fields, company: EAccountingCompany, isDraft: boolean): HeldEAccountingRow {
  refuseOthers(sent, rowFields);
  const number = sent['AccountNumber'] instanceof NumberText ? sent['AccountNumber'].text : '';
  const account = company.accounts.get(number);
  if (account === undefined)
    throw new EAccountingRefusal(400, 3002, `Account ${number} does not exist.`, 'AccountNumber');
  if (account.isInactive === true) throw new EAccountingRefusal(400, 4004, `Account ${number} is not active.`);
  if (account.isBlockedForManualBooking === true)
    invalid('AccountNumber', `Account ${number} is blocked for manual booking.`);
  if (account.needsCostCenter === true) invalid('CostCenterItemId1', `Account ${number} needs a cost center.`);
  const [debit, credit] = [moneyOf(sent['DebitAmount']), moneyOf(sent['CreditAmount'])];
  if (debit !== 0 && credit !== 0) invalid('Rows', 'A row has debit or credit.');
  const text = textOf(sent['TransactionText'], 'TransactionText', isDraft ? 50 : 60);
  if (text !== '' && account.takesNoText === true) invalid('TransactionText', `Account ${number} takes no text.`);
  return {
    account: number,
    amount: debit === 0 ? negate(credit) : debit,
    text,
    project: projectOf(sent['ProjectId'], company),
  };
}

function projectOf(value: unknown, { projects }: EAccountingCompany): string | undefined {
  if (value === undefined || value === null) return undefined;
  return projects.find(({ id }) => id === value)?.number ?? invalid('ProjectId', 'The project does not exist.');
}

function moneyOf(value: unknown): Amount {
  if (value === undefined || value === null) return amount(0);
  if (value instanceof NumberText && /^\d{1,11}(?:\.\d\d?0*)?$/.test(value.text)) return parseAmount(value.text);
  return invalid('Rows', 'The amount is not valid.');
}

function textOf(value: unknown, field: string, longest: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return invalid(field, `${field} is no text.`);
  return value.length > longest ? invalid(field, `${field} is longer than ${longest}.`) : value;
}

/** `additionalProperties: false`. */
function refuseOthers(sent: Fields, known: ReadonlySet<string>): void {
  const other = Object.keys(sent).find((name) => !known.has(name));
  if (other !== undefined) invalid(other, `${other} is not known.`);
}

export function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof NumberText) ? (value as Fields) : invalid('', 'An object is asked for.');
}
