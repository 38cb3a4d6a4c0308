/**
 * What the books call a provider. A source has one, and its ledger dates carry it: core knows no provider by name.
 */
export interface SourceProfile {
  /** As it stands in voucher texts and in the names of accounts, such as `Vipps MobilePay`. */
  readonly provider: string;
  /** The voucher series where the policy names none: at most 10 of A-Z, 0-9 and hyphen, such as `VIPPS`. */
  readonly series: string;
}

/** For dates that carry none: made by hand, in a test or a program of one's own. */
export const unnamedSource: SourceProfile = { provider: 'Ledger', series: 'LEDGER' };
