import {
  amount,
  book,
  definePolicy,
  ledgerEntry,
  plainDate,
  type BookedDate,
  type Market,
  type ServiceAdapter,
} from '@bilag/core';

export type TargetName =
  | 'business-central'
  | 'eaccounting'
  | 'economic'
  | 'fiken'
  | 'fortnox'
  | 'tripletex'
  | 'unimicro'
  | 'xero';

/** Every service that is tried, and the country its books are in. */
export const markets: Readonly<Record<TargetName, Market>> = {
  'business-central': 'NO',
  eaccounting: 'SE',
  economic: 'DK',
  fiken: 'NO',
  fortnox: 'SE',
  tripletex: 'NO',
  unimicro: 'NO',
  xero: 'NO',
};

/** Those that cannot prove that a voucher did not arrive: what got lost before it did is asked of a person. */
export const askingTargets: ReadonlySet<TargetName> = new Set<TargetName>(['eaccounting']);

export const targetNames = Object.keys(markets) as readonly TargetName[];

/** What a delivering process is told to do. */
export interface Task {
  readonly target: TargetName;
  readonly logPath: string;
  readonly turnFolder: string;
  readonly config: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  /** Virtual milliseconds at its start. */
  readonly now: number;
  /** What each day sold, in units of 10, 100, 1000 … kroner: the digits of a balance count its vouchers. None: nothing is applied. */
  readonly days: readonly number[];
  readonly undoes: boolean;
  /** Kills itself at this step; never when negative. */
  readonly dieAtStep: number;
}

/** What it says when it is done, or before a request: the time, so that the simulator has it too. */
export type Told =
  | { readonly says: 'ready' }
  | { readonly says: 'turn'; readonly now: number }
  | {
      readonly says: 'done';
      readonly now: number;
      readonly steps: number;
      readonly ends: readonly string[];
      readonly asked: readonly string[];
      readonly error?: { readonly kind: string; readonly message: string };
    };

/** One sale and its payout a day, booked in the target's shape and country. */
export function bookedDays(
  days: readonly number[],
  adapter: Pick<ServiceAdapter, 'shape'>,
  market: Market,
): AsyncIterable<BookedDate> {
  const policy = definePolicy({
    versions: [{ from: '2026-03-01', market, sales: { sale: '25' }, lines: 'summary' }],
  });
  const currency = { NO: 'NOK', DK: 'DKK', SE: 'SEK', FI: 'EUR' }[market];
  const dates = days.map((units, day) => {
    const date = plainDate(`2026-03-0${day + 2}`);
    const gross = units * 1000 * 10 ** day;
    const common = {
      ledgerId: '302321',
      account: 'funds',
      ledgerDate: date,
      currency,
      reference: null,
    } as const;
    const entry = (type: string, value: number, pspReference: string): ReturnType<typeof ledgerEntry> =>
      ledgerEntry({ ...common, type, amount: amount(value), pspReference, salesUnit: null, time: null });
    const entries = [entry('capture', gross, `sale-${day}`), entry('payout-scheduled', -gross, `302321-200004${day}`)];
    return { ledgerId: '302321', date, currency, accounts: { funds: { closed: true } }, entries };
  });
  return book(dates, policy, { shape: adapter.shape });
}
