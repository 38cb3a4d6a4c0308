import {
  amount,
  book,
  definePolicy,
  formatAmount,
  ledgerEntry,
  linesOf,
  parseAmount,
  plainDate,
  type BookedDate,
  type BookOptions,
  type Finding,
  type LedgerAccount,
  type LedgerDate,
  type LedgerEntry,
  type PolicyInput,
  type SourceProfile,
  type Voucher,
} from '../src/index.ts';
import type { PolicyVersionInput } from '../src/policy/policy.ts';

/** What a source says of itself: the texts of the vouchers have it, and core has it from nowhere else. */
export const profile: SourceProfile = { provider: 'Betaling', series: 'BETALING' };

/** A type that the provider has renamed since: its entries say both names. */
function typeOf(type: string): Pick<LedgerEntry, 'type' | 'renamedTo'> {
  const isOld = type === 'payout' || type === 'scheduled-for-payout';
  return isOld ? { type, renamedTo: 'payout-scheduled' } : { type };
}

/** How a written ledger was read. */
export interface Reading {
  readonly fees?: 'ledger' | 'accrued';
  readonly open?: readonly string[];
  readonly currency?: string;
  /** Running balances are written into the entries, as the provider does; false for v1 rows, which have none. */
  readonly balances?: boolean;
  readonly openings?: { readonly funds?: number; readonly fees?: number };
}

/**
 * A ledger as a bookkeeper would write it down, one entry a line: `date account type reference unit amount`, with `-`
 * for what is missing. Every date from the first to the last that has a line becomes a ledger date.
 */
export function ledger(written: string, reading: Reading = {}, ledgerId = '302321'): LedgerDate[] {
  const { currency = 'NOK', balances = true } = reading;
  const running = { funds: reading.openings?.funds ?? 0, fees: reading.openings?.fees ?? 0 };
  const entries: LedgerEntry[] = [];
  for (const [index, row] of rowsOf(written).entries()) {
    const [date = '', account = '', type = '', psp = '-', unit = '-', value = '', order = '-', named] = row;
    const own = parseAmount(value);
    const before = running[account as LedgerAccount];
    running[account as LedgerAccount] += own;
    entries.push(
      ledgerEntry({
        ledgerId: named ?? ledgerId,
        account: account as LedgerAccount,
        ledgerDate: plainDate(date),
        ...typeOf(type),
        amount: own,
        currency,
        pspReference: psp === '-' ? null : psp,
        reference: order === '-' ? null : order,
        salesUnit: unit === '-' ? null : unit,
        time: `${date}T12:00:00.${String(index).padStart(6, '0')}Z`,
        ...(balances ? { balanceBefore: amount(before), balanceAfter: amount(before + own) } : {}),
      }),
    );
  }
  return [...Map.groupBy(entries, (entry) => entry.ledgerDate)].map(([date, own]) => {
    const closed = !(reading.open ?? []).includes(date);
    return {
      ledgerId,
      date,
      currency,
      profile,
      accounts: {
        funds: { closed },
        ...(reading.fees === undefined ? {} : { fees: { closed, accrued: reading.fees === 'accrued' } }),
      },
      entries: own,
    };
  });
}

function rowsOf(written: string): string[][] {
  return written
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) => row.split(/\s+/));
}

/** A Norwegian policy of one version with 25 % sales. */
export function policy(more: Partial<PolicyVersionInput> = {}, whole: Partial<PolicyInput> = {}): PolicyInput {
  return { versions: [{ from: '2020-01-01', market: 'NO', sales: { sale: '25' }, ...more }], ...whole };
}

/** Books written dates by a written policy. */
export function booked(
  dates: readonly LedgerDate[],
  choices: PolicyInput = policy(),
  options?: BookOptions,
): Promise<BookedDate[]> {
  return Array.fromAsync(book(dates, definePolicy(choices), options));
}

/** Vouchers as a plain-text journal: `date key`, then `account amount code dimensions`, VAT lines written out. */
export function journal(dates: readonly BookedDate[]): string {
  return dates
    .flatMap((date) => date.vouchers)
    .map(voucherText)
    .join('\n');
}

function voucherText(voucher: Voucher): string {
  const lines = linesOf(voucher, 'explicit').map(({ account, amount: value, vat, dimensions, party }) => {
    const details = [vat === undefined ? '' : `code ${vat.code}`, ...Object.values(dimensions ?? {}), party?.id ?? ''];
    return `  ${account} ${formatAmount(value).padStart(9)} ${details.filter(Boolean).join(' ')}`.trimEnd();
  });
  return [`${voucher.date} ${voucher.key}`, ...lines].join('\n');
}

/** Findings of dates as `severity code`. */
export function findings(dates: readonly BookedDate[], least: Finding['severity'] = 'warning'): string[] {
  const rank = { info: 0, warning: 1, error: 2 };
  return dates
    .flatMap((date) => date.findings)
    .filter((finding) => rank[finding.severity] >= rank[least])
    .map((finding) => `${finding.severity} ${finding.code}`);
}

/** Text as written in a test, without its indentation. */
export function text(written: string): string {
  const rows = written.split('\n').filter((row) => row.trim() !== '');
  const indent = Math.min(...rows.map((row) => row.length - row.trimStart().length));
  return rows.map((row) => row.slice(indent).trimEnd()).join('\n');
}
