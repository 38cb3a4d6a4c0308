/**
 * The parts accounts play for Bilag. Numbers are the merchant's choice: the role is the contract.
 *
 * | role | holds |
 * |---|---|
 * | `bank` | the merchant's bank account |
 * | `inTransit` | payouts scheduled and not yet on the bank statement |
 * | `clearing` | what the provider owes the merchant: equals the funds balance |
 * | `feesPayable` | what the merchant owes the provider: equals the fees balance |
 * | `payable` | supplier debt, for the provider's invoices |
 * | `fee` | the provider's fees, an expense |
 * | `suspense` | what cannot be booked without a person |
 * | `disputed` | captures held back while the payer disputes them |
 * | `topUpContra` | against which a top-up of a negative balance is booked |
 * | `receivable` | customers, for captures that pay an invoice |
 */
export const accountRoles = [
  'bank',
  'inTransit',
  'clearing',
  'feesPayable',
  'payable',
  'fee',
  'suspense',
  'disputed',
  'topUpContra',
  'receivable',
] as const;

export type AccountRole = (typeof accountRoles)[number];

export const markets = ['NO', 'DK', 'SE', 'FI'] as const;
export type Market = (typeof markets)[number];

/** The account numbers of a market as roles, and its usual VAT treatments. Every number can be overridden. */
export interface ChartPreset {
  readonly accounts: Readonly<Record<AccountRole, string>>;
  readonly vat: Readonly<Record<string, PresetVat>>;
}

/** VAT as a preset proposes it: rate, code, revenue account, and where the VAT is posted. */
export interface PresetVat {
  readonly rateBasisPoints: number;
  readonly code: string;
  readonly account: string;
  readonly vatAccount: string | null;
}

/**
 * Proposals by market. Norway: NS 4102 numbers by role and SAF-T standard tax codes. Denmark, Sweden (BAS 2026) and
 * Finland: common numbers of those charts. They are proposals: ask the merchant's accountant.
 */
export const chartPresets: Readonly<Record<Market, ChartPreset>> = {
  NO: {
    accounts: {
      bank: '1920',
      inTransit: '1925',
      clearing: '1579',
      feesPayable: '2960',
      payable: '2400',
      fee: '7770',
      suspense: '2999',
      disputed: '1578',
      topUpContra: '2400',
      receivable: '1500',
    },
    vat: {
      '25': { rateBasisPoints: 2500, code: '3', account: '3000', vatAccount: '2700' },
      '15': { rateBasisPoints: 1500, code: '31', account: '3030', vatAccount: '2701' },
      '12': { rateBasisPoints: 1200, code: '33', account: '3050', vatAccount: '2703' },
      '11.11': { rateBasisPoints: 1111, code: '32', account: '3040', vatAccount: '2702' },
      '0': { rateBasisPoints: 0, code: '5', account: '3100', vatAccount: null },
      export: { rateBasisPoints: 0, code: '52', account: '3120', vatAccount: null },
      exempt: { rateBasisPoints: 0, code: '6', account: '3200', vatAccount: null },
      donation: { rateBasisPoints: 0, code: '7', account: '3900', vatAccount: null },
    },
  },
  DK: {
    accounts: {
      bank: '55000',
      inTransit: '55010',
      clearing: '52100',
      feesPayable: '63080',
      payable: '63000',
      fee: '7220',
      suspense: '63990',
      disputed: '52110',
      topUpContra: '63000',
      receivable: '53000',
    },
    vat: {
      '25': { rateBasisPoints: 2500, code: 'U25', account: '1000', vatAccount: '64020' },
      exempt: { rateBasisPoints: 0, code: 'U0', account: '1050', vatAccount: null },
      export: { rateBasisPoints: 0, code: 'UEXP', account: '1060', vatAccount: null },
      donation: { rateBasisPoints: 0, code: '0', account: '1070', vatAccount: null },
    },
  },
  SE: {
    accounts: {
      bank: '1930',
      inTransit: '1688',
      clearing: '1686',
      feesPayable: '2990',
      payable: '2440',
      fee: '6570',
      suspense: '2999',
      disputed: '1687',
      topUpContra: '2440',
      receivable: '1510',
    },
    vat: {
      '25': { rateBasisPoints: 2500, code: 'MP1', account: '3001', vatAccount: '2611' },
      '12': { rateBasisPoints: 1200, code: 'MP2', account: '3002', vatAccount: '2621' },
      '6': { rateBasisPoints: 600, code: 'MP3', account: '3003', vatAccount: '2631' },
      exempt: { rateBasisPoints: 0, code: 'MF', account: '3004', vatAccount: null },
      export: { rateBasisPoints: 0, code: 'E', account: '3105', vatAccount: null },
      donation: { rateBasisPoints: 0, code: '0', account: '3993', vatAccount: null },
    },
  },
  FI: {
    accounts: {
      bank: '1910',
      inTransit: '1915',
      clearing: '1790',
      feesPayable: '2960',
      payable: '2870',
      fee: '8564',
      suspense: '2999',
      disputed: '1791',
      topUpContra: '2870',
      receivable: '1700',
    },
    vat: {
      '25.5': { rateBasisPoints: 2550, code: '25.5', account: '3000', vatAccount: '2939' },
      '13.5': { rateBasisPoints: 1350, code: '13.5', account: '3010', vatAccount: '2939' },
      '10': { rateBasisPoints: 1000, code: '10', account: '3020', vatAccount: '2939' },
      exempt: { rateBasisPoints: 0, code: '0', account: '3030', vatAccount: null },
    },
  },
};
