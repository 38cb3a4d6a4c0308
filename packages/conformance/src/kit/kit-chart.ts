/** A revenue account with its VAT. */
export interface KitSale {
  readonly account: string;
  readonly vatCode: string;
  readonly rateBasisPoints: number;
  /** Where the VAT is posted; null at 0 %. */
  readonly vatAccount: string | null;
}

/** The accounts and codes of the vouchers that the laws make. The fake target has all of them. */
export interface KitChart {
  readonly currency: string;
  readonly bank: string;
  readonly clearing: string;
  readonly fee: string;
  /** At least one with VAT. */
  readonly sales: readonly KitSale[];
  /** A value the target knows; absent: the target has no dimensions. */
  readonly dimension?: { readonly type: string; readonly value: string };
  /** An account the target does not have. */
  readonly missingAccount: string;
  /** The VAT of services from abroad, owed and deducted at once; absent: the Norwegian code 86. */
  readonly reverseCharge?: KitReverseCharge;
}

/** Reverse charge on a cost. */
export interface KitReverseCharge {
  readonly account: string;
  readonly vatCode: string;
  readonly rateBasisPoints: number;
  /** Where the VAT is owed. */
  readonly vatAccount: string;
  /** Where it is deducted. */
  readonly deductionAccount: string;
}

/** The Norwegian preset of core, with the codes of SAF-T. */
export const norwegianChart: KitChart = {
  currency: 'NOK',
  bank: '1920',
  clearing: '1579',
  fee: '7770',
  sales: [
    { account: '3000', vatCode: '3', rateBasisPoints: 2500, vatAccount: '2700' },
    { account: '3030', vatCode: '31', rateBasisPoints: 1500, vatAccount: '2701' },
  ],
  missingAccount: '3999',
};
