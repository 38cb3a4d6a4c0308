import type { BookVatCode } from '@bilag/core';

/** A VAT code of Fiken: a number in journal lines, a name in the lines of sales. They are the SAF-T standard codes. */
export interface FikenVatCode extends BookVatCode {
  readonly saleName?: string;
}

/** The codes a policy may use. Import and foreign services (14 to 22, 81 to 92) are left out: what Fiken books for them is not known. */
export const fikenVatCodes: readonly FikenVatCode[] = [
  code('1', 'Inngående, høy sats', 2500, 'input'),
  code('11', 'Inngående, middels sats', 1500, 'input'),
  code('12', 'Inngående, råfisk', 1111, 'input'),
  code('13', 'Inngående, lav sats', 1200, 'input'),
  code('3', 'Utgående, høy sats', 2500, 'output', 'HIGH'),
  code('31', 'Utgående, middels sats', 1500, 'output', 'MEDIUM'),
  code('32', 'Utgående, råfisk', 1111, 'output', 'RAW_FISH'),
  code('33', 'Utgående, lav sats', 1200, 'output', 'LOW'),
  code('5', 'Fritatt', 0, 'output', 'EXEMPT'),
  code('6', 'Utenfor avgiftsområdet', 0, 'output', 'OUTSIDE'),
  code('7', 'Ingen merverdiavgift', 0, 'output', 'NONE'),
  code('51', 'Fritatt, omvendt avgiftsplikt', 0, 'output', 'EXEMPT_REVERSE'),
  code('52', 'Fritatt, utførsel', 0, 'output', 'EXEMPT_IMPORT_EXPORT'),
];

/** The code, or undefined where this adapter does not post it. */
export function fikenVatCode(name: string): FikenVatCode | undefined {
  return fikenVatCodes.find((one) => one.code === name);
}

/**
 * What Fiken shows of a line's code, in the policy's terms. Fiken shows "no VAT" now as 0 and now as 7; on revenue that is
 * the policy's code 7, and elsewhere none. The lines it adds for VAT are told by their account (NS 4102: 27xx).
 */
export function policyVatCode(account: string, shown: string | undefined): string | undefined {
  if (account.startsWith('27')) return undefined;
  if (shown !== undefined && shown !== '' && shown !== '0' && shown !== '7') return shown;
  return account.startsWith('3') ? '7' : undefined;
}

function code(
  name: string,
  description: string,
  rateBasisPoints: number,
  kind: BookVatCode['kind'],
  saleName?: string,
): FikenVatCode {
  return { code: name, description, rateBasisPoints, kind, ...(saleName === undefined ? {} : { saleName }) };
}
