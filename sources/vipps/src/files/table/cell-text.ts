import { type Amount, amount, decimalsOf, isPlainDate, parseAmount, type PlainDate } from '@bilag/core';

/**
 * An amount in major units as a file has it: `1234.50`, `-70,00`, `1 234,50` after a spreadsheet program, and numbers of
 * a spreadsheet as they are stored (`16450.619999999999` is 16450.62). Undefined for anything else: where both a point and
 * a comma stand, nobody can know which of them is the decimal, nor whether `4.000` is four or four thousand.
 */
export function amountIn(text: string, currency: string): Amount | undefined {
  const written = text
    .trim()
    .replaceAll(/(?<=\d)\s(?=\d{3}(?!\d))/g, '')
    .replace(/^\u2212/, '-');
  const match = /^([-+]?\d+)(?:[.,](\d+))?$/.exec(written);
  if (match === null || /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(written)) return undefined;
  const [, whole = '', fraction = ''] = match;
  if (whole.length > longestWhole) return undefined;
  const decimals = decimalsOf(currency);
  const kept = `${whole.replace(/^\+/, '')}.${fraction.slice(0, decimals).padEnd(decimals, '0')}`;
  const exact = parseAmount(decimals === 0 ? kept.slice(0, -1) : kept, decimals);
  const lost = fraction.slice(decimals);
  if (/^0*$/.test(lost) || /^0{6}/.test(lost)) return exact;
  if (!/^9{6}/.test(lost)) return undefined;
  return amount(exact + (whole.startsWith('-') ? -1 : 1));
}

/** With two decimals more it is as long as a whole number may be. */
const longestWhole = 13;

/** Whether a spreadsheet program has shortened a long number, such as `2,17811E+11`: what it was is lost. */
export function isShortened(text: string): boolean {
  return /^\d(?:[.,]\d+)?E\+\d{2,}$/i.test(text);
}

/** A date as a file has it: `2026-08-31`, `31.08.2026`, with or without a time, or the number a spreadsheet keeps. */
export function dateIn(text: string): PlainDate | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?=$|[ T])/.exec(text);
  const nordic = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?=$|[ T])/.exec(text);
  const [year, month, day] = iso?.slice(1) ?? nordic?.slice(1).toReversed() ?? [];
  const date =
    year === undefined
      ? (momentOfSerial(text)?.slice(0, 10) ?? '')
      : `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  return isPlainDate(date) ? date : undefined;
}

/** A moment as it is written, but with its date first, as the provider writes it: a spreadsheet program may have changed that. */
export function momentIn(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const turned = trimmed.replace(/^\d{1,2}\.\d{1,2}\.\d{4}(?=$|[ T])/, (nordic) => dateIn(nordic) ?? nordic);
  return momentOfSerial(trimmed) ?? turned;
}

/** Days since the end of 1899, as spreadsheets count them (ISO/IEC 29500-1, 18.17.4.1), to the second. */
function momentOfSerial(text: string): string | undefined {
  if (!/^\d{5}(?:\.\d+)?$/.test(text)) return undefined;
  const seconds = Math.round(Number(text) * 86_400);
  return new Date(Date.UTC(1899, 11, 30) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
