import {
  book,
  isDeliverable,
  voucherReference,
  type Finding,
  type PlainDate,
  type Voucher,
  type VoucherShape,
} from '@bilag/core';
import type { DeliveryRow } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import { withBookedDates } from '../books/booked-dates.ts';
import { withLog } from '../delivery/delivery-connection.ts';

/** What replaying came to. */
export interface Replay {
  /** Vouchers that came out of the raw pages. */
  readonly vouchers: number;
  /** Vouchers that were posted, and how many of them came out again byte for byte. */
  readonly posted: number;
  readonly same: number;
  /** Each one that did not. */
  readonly findings: readonly Finding[];
}

/**
 * Makes everything again from the raw pages, each of which is checked against its digest, under the policy of today, and compares it
 * with what was posted: byte for byte, texts and all. Nothing is written, and nothing is asked of the target.
 */
export async function replayCompany(
  company: Company,
  dates: CompanyDates,
  { shape, onDate }: { readonly shape?: VoucherShape | undefined; readonly onDate?: (date: PlainDate) => void } = {},
): Promise<Replay> {
  const { last } = dates;
  if (last === undefined) throw nothingToBook(company);
  const posted = await postedVouchers(company);
  const findings: Finding[] = [];
  const counts = { vouchers: 0, same: 0 };
  const all = posted.size;
  await withBookedDates(company, async (bookedOn) => {
    const lookUps = { ...dates.lookUps, bookedOn, ...(shape === undefined ? {} : { shape }) };
    for await (const booked of book(dates.until(last), company.policy, lookUps)) {
      onDate?.(booked.date);
      if (!isDeliverable(booked)) continue;
      for (const voucher of booked.vouchers) {
        counts.vouchers += 1;
        const row = posted.get(voucher.key);
        if (row === undefined) continue;
        posted.delete(voucher.key);
        const difference = differenceOf(row.voucher, voucher);
        if (difference === undefined) counts.same += 1;
        else findings.push(otherwise(row, difference));
      }
    }
  });
  for (const row of posted.values()) findings.push(otherwise(row, 'the voucher itself: it does not come out any more'));
  return { ...counts, posted: all, findings };
}

/** The live vouchers of the log, by key: of each the latest revision. */
async function postedVouchers(company: Company): Promise<Map<string, DeliveryRow>> {
  const rows = (await withLog(company, async (store) => store.rows(company.id, { states: ['posted'] }))) ?? [];
  return new Map(rows.filter(({ kind }) => kind === 'voucher').map((row) => [row.key, row]));
}

/** The first field that differs; the revision counts the bookings, and says nothing of what is booked. */
function differenceOf(before: Voucher, now: Voucher): string | undefined {
  for (const name of Object.keys({ ...before, ...now }) as (keyof Voucher)[]) {
    if (name !== 'revision' && JSON.stringify(before[name]) !== JSON.stringify(now[name])) return name;
  }
  return undefined;
}

function otherwise(row: DeliveryRow, what: string): Finding {
  const { date, voucher, key } = row;
  return {
    code: 'replayed-otherwise',
    severity: 'error',
    message: `voucher ${voucherReference(voucher)} does not come out as it was posted: ${what}`,
    where: `ledger ${voucher.ledgerId}, ${date}`,
    action: 'see whether the policy or the raw pages changed since; bilag plan says what that would change',
    ledgerId: voucher.ledgerId,
    date,
    vouchers: [key],
  };
}
