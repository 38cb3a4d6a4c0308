/**
 * A decimal with at most two decimals (more may follow when they are zeros) as whole øre, exactly and however large;
 * undefined for anything else.
 */
export function toOre(text: string): bigint | undefined {
  const match = matchOf(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const kept = fraction.length === 2 ? fraction : fraction.slice(0, 2).padEnd(2, '0');
  if (fraction.length > 2 && /[1-9]/.test(fraction.slice(2))) return undefined;
  const magnitude = whole.length < 14 ? BigInt(Number(whole + kept)) : BigInt(whole + kept);
  return sign === '-' ? -magnitude : magnitude;
}

const decimal = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/;

/** Longer than any decimal of the schema: a long text would cost more than it can say. */
function matchOf(text: string): RegExpExecArray | null {
  return text.length > 200 ? null : decimal.exec(text);
}

/** Any decimal as a whole number of 10⁻⁶, for rates; undefined where it is none. */
export function toMillionths(text: string): bigint | undefined {
  const match = matchOf(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const magnitude = BigInt(`0${whole}${fraction.slice(0, 6).padEnd(6, '0')}`);
  return sign === '-' ? -magnitude : magnitude;
}

/** Øre as text with two decimals. */
export function showOre(value: bigint): string {
  const digits = absolute(value).toString().padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** How many places a decimal shows after its point. */
export function decimalPlaces(text: string): number {
  return matchOf(text)?.[3]?.length ?? 0;
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
