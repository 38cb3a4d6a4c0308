import {
  addDays,
  fiscalYearStart,
  fiscalYearStartMonthOf,
  formatAmount,
  linesOf,
  plainDate,
  textBesideReference,
  voucherReference,
  voucherTexts,
  yearOf,
  type Book,
  type PlainDate,
  type RenderContext,
  type Voucher,
} from '@bilag/core';
import { balanceRows, mustBeAYear } from './balances.ts';
import type { SieConfig } from './config.ts';
import { encodeCp437, toCp437Text } from './cp437.ts';
import { surveyOf, type Survey } from './survey.ts';
import { version } from './version.ts';

/**
 * The bytes of a SIE 4 file: what it is, the accounts and objects it uses, the balances of a 4E file, then a #VER for each
 * voucher. The book is read twice; memory holds one voucher.
 */
export async function* toSie(book: Book, config: SieConfig, { createdAt }: RenderContext): AsyncGenerator<Uint8Array> {
  const written = plainDate(createdAt.slice(0, 10));
  const startMonth = fiscalYearStartMonthOf(book.company, config.fiscalYearStartMonth);
  const isExport = config.type === '4E';
  if (isExport) mustBeAYear(book, startMonth);
  const survey = await surveyOf(book, config);
  const balances = isExport ? balanceRows(survey.accounts, survey.movements) : [];
  const heading = [...identification(book, startMonth, isExport, written), ...chart(survey), ...balances];
  yield encodeCp437(rows(heading));
  let count = 0;
  const texts = voucherTexts(book, (voucher) => {
    count += 1;
    return rows(verification(voucher, survey, config.series, isExport ? String(count) : ''));
  });
  for await (const text of texts) yield encodeCp437(text);
}

/** Labels in the order of specification 4B. What a 4I file may not have (#IB, #UB, #RES …) is not here. */
function identification(
  { company, period }: Book,
  startMonth: number | undefined,
  isExport: boolean,
  written: PlainDate,
): string[] {
  const number = company.organisationNumber.slice(-10);
  return [
    '#FLAGGA 0',
    `#PROGRAM "Bilag" ${version}`,
    '#FORMAT PC8',
    `#GEN ${day(written)}`,
    '#SIETYP 4',
    `#ORGNR ${number.slice(0, 6)}-${number.slice(6)}`,
    `#FNAMN ${quoted(company.name)}`,
    ...fiscalYears(period, startMonth),
    ...(isExport ? [`#OMFATTN ${day(period.to)}`] : []),
    `#VALUTA ${company.currency}`,
  ];
}

/** The accounting years of a period: 0 is the last of them, -1 the one before. */
function fiscalYears({ from, to }: Book['period'], startMonth: number | undefined): string[] {
  if (startMonth === undefined) return [];
  const startYear = (date: PlainDate): number => yearOf(fiscalYearStart(date, startMonth));
  const startOf = (year: number): PlainDate => plainDate(`${year}-${String(startMonth).padStart(2, '0')}-01`);
  const last = startYear(to);
  return Array.from({ length: last - startYear(from) + 1 }, (_, back) => {
    const end = addDays(startOf(last - back + 1), -1);
    return `#RAR ${back === 0 ? 0 : -back} ${day(startOf(last - back))} ${day(end)}`;
  });
}

function chart({ accounts, dimensions, objects }: Survey): string[] {
  return [
    ...accounts.map(({ number, name }) => `#KONTO ${number} ${quoted(name)}`),
    ...dimensions.map(([number, name]) => `#DIM ${number} ${quoted(name)}`),
    ...objects.map(({ dimension, id, name }) => `#OBJEKT ${dimension} "${id}" ${quoted(name)}`),
  ];
}

/**
 * In a 4I file the number is the receiver's to give; in a 4E file it counts the vouchers of the year. Our reference begins the
 * text, so that a voucher is found again.
 */
function verification(voucher: Voucher, { objectsOf }: Survey, series: string, number: string): string[] {
  const date = day(voucher.date);
  const reference = voucherReference(voucher);
  const text = quoted([reference, textBesideReference(voucher, reference)].filter(Boolean).join(' '));
  const lines = linesOf(voucher, 'explicit').map((line) => {
    const objects = objectsOf(line).map(({ dimension, id }) => `${dimension} "${id}"`);
    return `#TRANS ${line.account} {${objects.join(' ')}} ${formatAmount(line.amount)} ${date} ${quoted(line.text)}`;
  });
  return [`#VER "${series}" "${number}" ${date} ${text}`, '{', ...lines, '}'];
}

function rows(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}

function day(date: PlainDate): string {
  return date.replaceAll('-', '');
}

/**
 * A text field. Control characters, and marks that turn the order of what is read, become a blank. A quotation mark is written `\"`; a backslash becomes a slash, since at
 * the end of a text nobody could tell it from the beginning of `\"`.
 */
function quoted(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return `"${toCp437Text(line).replaceAll('\\', '/').replaceAll('"', '\\"')}"`;
}
