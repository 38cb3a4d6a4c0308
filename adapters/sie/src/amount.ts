/** Longer than any amount that somebody meant. */
const longest = 60;

/** An amount of SIE (a point, at most two decimals, a minus for credit) as whole minor units; undefined for what is none. */
export function minorUnitsOf(text: string): bigint | undefined {
  if (text.length > longest) return undefined;
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const minor = BigInt(whole + fraction.padEnd(2, '0'));
  return sign === '-' ? -minor : minor;
}

export function shown(minor: bigint): string {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
