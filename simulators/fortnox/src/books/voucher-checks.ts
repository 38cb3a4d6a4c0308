import { amount, isPlainDate, negate, parseAmount, type Amount } from '@bilag/core';
import { NumberText, parseWithNumberTexts } from '@bilag/fault-server';
import type { FortnoxCompany } from './fortnox-company.ts';
import { FortnoxRefusal } from './fortnox-refusal.ts';
import type { HeldRow, VoucherDraft } from './held-voucher.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The object that a body holds under a name, as Fortnox wraps everything. */
export function wrappedIn(body: Uint8Array, name: string): Fields {
  let value: unknown;
  try {
    value = parseWithNumberTexts(body);
  } catch {
    throw bad(2000106, 'Felaktig JSON.');
  }
  return fieldsOf(fieldsOf(value)[name]);
}

/** Reads a voucher that somebody posts. */
export function readVoucher(body: Uint8Array, year: number, company: FortnoxCompany): VoucherDraft {
  const sent = wrappedIn(body, 'Voucher');
  const { VoucherRows: rows } = sent;
  const date = sent['TransactionDate'];
  if (typeof date !== 'string' || !isPlainDate(date)) throw bad(2000107, 'TransactionDate är inget datum.');
  const series = textOf(sent['VoucherSeries'], 'VoucherSeries', 10);
  if (!company.series.has(series)) throw bad(2000594, `Verifikationsserien ${series} finns inte.`);
  const description = textOf(sent['Description'], 'Description', 200);
  if (description === '') throw bad(2000104, 'Description saknas.');
  if (!Array.isArray(rows) || rows.length < 2) throw bad(2000587, 'En verifikation har minst två rader.');
  return {
    series,
    year,
    date,
    description,
    comments: textOf(sent['Comments'], 'Comments', 1000),
    rows: rows.map((row) => readRow(row, company)),
  };
}

function readRow(value: unknown, company: FortnoxCompany): HeldRow {
  const sent = fieldsOf(value);
  const number = sent['Account'] instanceof NumberText ? sent['Account'].text : '';
  const account = company.accounts.get(number);
  if (account === undefined) throw bad(2000423, `Kontot ${number} finns inte.`);
  if (account.isInactive === true) throw bad(2000424, `Kontot ${number} är inte aktivt.`);
  const costCenter = codeOf(sent['CostCenter'], company.options.costCenters, 'Kostnadsstället');
  if (account.costCenter === 'MANDATORY' && costCenter === undefined) {
    throw bad(2000425, `Kontot ${number} kräver kostnadsställe.`);
  }
  const [debit, credit] = [moneyOf(sent['Debit']), moneyOf(sent['Credit'])];
  if (debit !== 0 && credit !== 0) throw bad(2000588, 'En rad har debet eller kredit.');
  return {
    account: number,
    amount: debit === 0 ? negate(credit) : debit,
    information: textOf(sent['TransactionInformation'], 'TransactionInformation', 100),
    costCenter,
    project: codeOf(sent['Project'], company.options.projects, 'Projektet'),
  };
}

function codeOf(value: unknown, known: Readonly<Record<string, string>> = {}, word: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && Object.hasOwn(known, value)) return value;
  throw bad(2000426, `${word} ${String(value).slice(0, 20)} finns inte.`);
}

function moneyOf(value: unknown): Amount {
  if (value === undefined || value === null) return amount(0);
  if (value instanceof NumberText && /^\d{1,13}(?:\.\d\d?0*)?$/.test(value.text)) return parseAmount(value.text);
  throw bad(2000108, 'Beloppet är ogiltigt.');
}

function textOf(value: unknown, name: string, longest: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw bad(2000109, `${name} är ingen text.`);
  if (value.length > longest) throw bad(2000110, `${name} är längre än ${longest}.`);
  return value;
}

function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && !(value instanceof NumberText)) return value as Fields;
  throw bad(2000106, 'Felaktig JSON.');
}

function bad(code: number, message: string): FortnoxRefusal {
  return new FortnoxRefusal(400, code, message);
}
