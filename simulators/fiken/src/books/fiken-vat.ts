/**
 * Fiken's VAT codes: numbers in journal lines, names in sales. They are the SAF-T standard codes. The accounts 2701 and
 * 2711 were seen live; those of the other rates are an assumption, as is the rate of RAW_FISH in hundredths.
 */
export interface FikenVatType {
  /** In sales lines; absent on the purchase side. */
  readonly saleName?: string;
  readonly rateBasisPoints: number;
  readonly account?: string;
}

export const fikenVatTypes: Readonly<Record<number, FikenVatType>> = {
  0: { rateBasisPoints: 0 },
  1: { rateBasisPoints: 2500, account: '2711' },
  3: { saleName: 'HIGH', rateBasisPoints: 2500, account: '2701' },
  5: { saleName: 'EXEMPT', rateBasisPoints: 0 },
  6: { saleName: 'OUTSIDE', rateBasisPoints: 0 },
  7: { saleName: 'NONE', rateBasisPoints: 0 },
  11: { rateBasisPoints: 1500, account: '2712' },
  12: { rateBasisPoints: 1111, account: '2714' },
  13: { rateBasisPoints: 1200, account: '2713' },
  31: { saleName: 'MEDIUM', rateBasisPoints: 1500, account: '2702' },
  32: { saleName: 'RAW_FISH', rateBasisPoints: 1111, account: '2704' },
  33: { saleName: 'LOW', rateBasisPoints: 1200, account: '2703' },
  51: { saleName: 'EXEMPT_REVERSE', rateBasisPoints: 0 },
  52: { saleName: 'EXEMPT_IMPORT_EXPORT', rateBasisPoints: 0 },
};

/** Accounts that take one code alone. */
const boundAccounts: Readonly<Record<string, number>> = { '3000': 3, '3100': 5, '3200': 6, '7350': 7 };

/** How Fiken adds VAT to a net line. Its rounding of half an øre is not known, nor whether it adds lines up first. */
export interface VatRounding {
  /** Half an øre becomes one, the default, or none. */
  readonly half: 'up' | 'down';
  /** VAT of each line, the default, or of the sum of an account's lines with one code. */
  readonly of: 'line' | 'account';
}

/** The VAT on top of a net amount. */
export function vatOnTop(net: number, rateBasisPoints: number, half: VatRounding['half']): number {
  const product = BigInt(net) * BigInt(rateBasisPoints);
  const magnitude = product < 0n ? -product : product;
  const rounded = (magnitude + (half === 'up' ? 5_000n : 4_999n)) / 10_000n;
  return Number(product < 0n ? -rounded : rounded);
}

/** The code of a sales line's VAT type. */
export function codeOfSaleName(name: string): number | undefined {
  const found = Object.entries(fikenVatTypes).find(([, type]) => type.saleName === name);
  return found === undefined ? undefined : Number(found[0]);
}

/** Why an account does not take a code, in the words of a refusal. */
export function accountRefusesCode(account: string, code: number): string | undefined {
  const bound = boundAccounts[account];
  if (bound === undefined || bound === code) return undefined;
  return `Konto ${account} kan ikke brukes med mva-kode ${code}`;
}
