import { NumberText, parseWithNumberTexts } from '@bilag/fault-server';
import { isPlainDate, type PlainDate } from '@bilag/core';
import { minorUnitsOf } from './major-units.ts';
import type { LedgerLineDraft, LedgerVoucherDraft } from './poweroffice-books.ts';
import type { Coded, PowerOfficeClient } from './poweroffice-client.ts';
import { PowerOfficeRefusal } from '../poweroffice-replies.ts';
import { powerOfficeVatCodes } from './poweroffice-vat.ts';

/** Reads a manual voucher that somebody posts. One reason at a time, the first that is found; none is kept of it then. */
export function readManualVoucher(body: Uint8Array, client: PowerOfficeClient): LedgerVoucherDraft {
  const sent = recordOf(parsed(body), '', headerProperties);
  const date = dateOf(sent['VoucherDate'], 'VoucherDate');
  const currency = textOf(sent['CurrencyCode'], 'CurrencyCode', 3);
  if (currency === null) throw missing('CurrencyCode');
  if (currency !== 'NOK') throw bad(`The currency ${currency} is not active on the client.`);
  const lines = sent['VoucherLines'] ?? [];
  if (!Array.isArray(lines)) throw bad('VoucherLines is not a list.');
  if (lines.length === 0) throw bad('The voucher has no lines.');
  return {
    type: 'ManualJournal',
    date,
    currency,
    description: textOf(sent['Description'], 'Description') ?? '',
    externalImportReference: textOf(sent['ExternalImportReference'], 'ExternalImportReference'),
    importedVoucherNo: integerOf(sent['ImportedVoucherNo'], 'ImportedVoucherNo') ?? null,
    saftSourceId: textOf(sent['SaftSourceId'], 'SaftSourceId', 35),
    saftBatchId: textOf(sent['SaftBatchId'], 'SaftBatchId', 35),
    isImported: true,
    lines: lines.map((line, index) => readLine(line, `VoucherLines[${index}]`, client)),
  };
}

/** Properties of a voucher's header; any other is refused (`additionalProperties: false`). */
const headerProperties: ReadonlySet<string> = new Set([
  'VoucherDate',
  'CurrencyCode',
  'Description',
  'ExternalImportReference',
  'ImportedVoucherNo',
  'SaftBatchId',
  'SaftSourceId',
  'VoucherLines',
]);

/** Those of a line that the simulator understands. It refuses the rest rather than forget them. */
const lineProperties: ReadonlySet<string> = new Set([
  'AccountId',
  'CurrencyAmount',
  'CurrencyCode',
  'DepartmentId',
  'Description',
  'ExternalLineReference',
  'PostingDate',
  'ProjectId',
  'VatId',
]);

function readLine(value: unknown, where: string, client: PowerOfficeClient): LedgerLineDraft {
  const sent = recordOf(value, where, lineProperties);
  const accountId = integerOf(sent['AccountId'], `${where}.AccountId`);
  if (accountId === undefined) throw missing(`${where}.AccountId`);
  const account = client.accounts.find(({ id }) => id === Number(accountId));
  if (account === undefined) throw bad(`${where}.AccountId: there is no account with the id ${accountId}.`);
  if (account.isInactive === true) throw bad(`${where}.AccountId: account ${account.number} is not active.`);
  const vatId = integerOf(sent['VatId'], `${where}.VatId`);
  if (vatId === undefined) throw missing(`${where}.VatId`);
  const vat = powerOfficeVatCodes.find(({ id }) => id === Number(vatId));
  if (vat === undefined) throw bad(`${where}.VatId: there is no VAT code with the id ${vatId}.`);
  const { lockedTo = vat.code } = account;
  if (lockedTo !== vat.code) throw bad(`${where}.VatId: account ${account.number} is locked to VAT code ${lockedTo}.`);
  if (sent['CurrencyAmount'] === undefined) throw missing(`${where}.CurrencyAmount`);
  const amount = minorUnitsOf(sent['CurrencyAmount']);
  if (amount === undefined) throw bad(`${where}.CurrencyAmount is not an amount with two decimals.`);
  if (amount === 0) throw bad(`${where}.CurrencyAmount must not be 0.`);
  const currency = textOf(sent['CurrencyCode'], `${where}.CurrencyCode`);
  if (currency !== null && currency !== 'NOK') throw bad(`${where}.CurrencyCode is not active on the client.`);
  const department = codeOf(sent['DepartmentId'], client.departments, `${where}.DepartmentId`);
  const project = codeOf(sent['ProjectId'], client.projects, `${where}.ProjectId`);
  if (account.requires?.includes('department') === true && department === undefined) {
    throw bad(`${where}.DepartmentId is required on account ${account.number}.`);
  }
  if (account.requires?.includes('project') === true && project === undefined) {
    throw bad(`${where}.ProjectId is required on account ${account.number}.`);
  }
  return {
    account: account.number,
    vatCode: vat.code,
    date: dateOf(sent['PostingDate'], `${where}.PostingDate`),
    amount,
    description: textOf(sent['Description'], `${where}.Description`) ?? '',
    externalLineReference: textOf(sent['ExternalLineReference'], `${where}.ExternalLineReference`),
    ...(department !== undefined && { department }),
    ...(project !== undefined && { project }),
  };
}

function parsed(body: Uint8Array): unknown {
  try {
    return parseWithNumberTexts(body);
  } catch {
    throw bad('The body is not JSON.');
  }
}

function recordOf(value: unknown, where: string, known: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${where} is not an object.`);
  const stranger = Object.keys(value).find((name) => !known.has(name));
  if (stranger !== undefined) throw bad(`${where === '' ? '' : `${where}.`}${stranger} is not known.`);
  return value as Readonly<Record<string, unknown>>;
}

function dateOf(value: unknown, where: string): PlainDate {
  if (value === undefined || value === null) throw missing(where);
  if (typeof value !== 'string' || !isPlainDate(value)) throw bad(`${where} is not a date.`);
  return value;
}

function textOf(value: unknown, where: string, longest = Infinity): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw bad(`${where} is not text.`);
  if (value.length > longest) throw bad(`${where} is longer than ${longest}.`);
  return value;
}

function integerOf(value: unknown, where: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof NumberText) || !/^-?\d{1,19}$/.test(value.text)) throw bad(`${where} is not a whole number.`);
  return value.text;
}

function codeOf(value: unknown, known: readonly Coded[], where: string): string | undefined {
  const id = integerOf(value, where);
  if (id === undefined) return undefined;
  const found = known.find((one) => one.id === Number(id));
  if (found === undefined) throw bad(`${where}: there is nothing with the id ${id}.`);
  return found.code;
}

function missing(where: string): PowerOfficeRefusal {
  return bad(`${where} is required.`);
}

function bad(detail: string): PowerOfficeRefusal {
  return new PowerOfficeRefusal(400, detail);
}
