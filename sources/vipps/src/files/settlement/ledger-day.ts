import { addDays, type PlainDate } from '@bilag/core';
import { dateIn } from '../table/cell-text.ts';

/**
 * The ledger date of a moment in a settlement file, which tells none. A ledger date is a day at the merchant's place, and
 * begins at midnight, or at the hour that Vipps MobilePay has set for the merchant (Report API guide, ledger date). The
 * files are of Norwegian merchants, and their times what a clock there shows, but for those with another offset.
 */
export function ledgerDateOf(time: string, cutoffHour: number): PlainDate | undefined {
  const local = isForeign(time) ? inOslo(time) : time;
  const date = dateIn(local);
  const hour = Number(/[T ](\d{2})/.exec(local)?.[1] ?? 24);
  return date !== undefined && hour < cutoffHour ? addDays(date, -1) : date;
}

function isForeign(time: string): boolean {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(time) && !/\+0[12]:?00$/.test(time);
}

/** Made when it is needed: few files ask for it, and it takes a twentieth of the time in which a command starts. */
let oslo: Intl.DateTimeFormat | undefined;

function inOslo(time: string): string {
  const instant = Date.parse(time.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  oslo ??= new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'medium' });
  return Number.isNaN(instant) ? '' : oslo.format(instant);
}
