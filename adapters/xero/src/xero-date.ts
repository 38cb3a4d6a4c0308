import { isPlainDate, plainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';

/**
 * A date as Xero writes it: `/Date(1552521600000+0000)/`, milliseconds and the offset of the place, or `2019-03-14T00:00:00`.
 */
export const xeroDate: z.ZodType<PlainDate> = z
  .string()
  .transform(dateIn)
  .refine((value): value is PlainDate => isPlainDate(value), 'is not a date');

function dateIn(text: string): string {
  const [, ms, sign = '+', hours = '0', minutes = '0'] =
    /^\/Date\((-?\d{1,15})(?:([+-])(\d\d)(\d\d))?\)\/$/.exec(text) ?? [];
  if (ms === undefined) return text.replace(/T.*$/, '');
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(Number(ms) + offset).toISOString().slice(0, 10);
}

/** A date in a filter. */
export function inFilter(date: PlainDate): string {
  const [year, month, day] = plainDate(date).split('-');
  return `DateTime(${year},${month},${day})`;
}
