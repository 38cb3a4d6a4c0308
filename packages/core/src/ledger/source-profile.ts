import type { Market } from '../policy/chart.ts';

/**
 * What the books call a provider. A source has one, and its ledger dates carry it: core knows no provider by name.
 */
export interface SourceProfile {
  /** As it stands in voucher texts and in the names of accounts, such as `Vipps MobilePay`. */
  readonly provider: string;
  /** The voucher series where the policy names none: at most 10 of A-Z, 0-9 and hyphen, such as `VIPPS`. */
  readonly series: string;
  /** How its payouts come to the bank, by the country of the merchant. A country that is missing here is not known. */
  readonly payouts?: Readonly<Partial<Record<Market, PayoutHabits>>>;
}

/** How a provider pays out: by what bank matching knows a payout again. */
export interface PayoutHabits {
  /** Bank days from the ledger date of the payout to the money: 2 where Monday's payout comes on Wednesday. */
  readonly bankDays: number;
  /**
   * What stands in the text of the bank line, each by itself: the bank decides what it shows. `{number}` is the number of the
   * payout, `{unit}` the digits of the sales unit, `{unit8}` these with leading zeros to eight, `{ddmmyy}` the ledger date.
   */
  readonly texts: readonly string[];
}

/** For ledger dates without a profile: those that a test or a program made by hand. */
export const unnamedSource: SourceProfile = { provider: 'Ledger', series: 'LEDGER' };
