/**
 * Net amounts that come to this net amount and this VAT when the VAT of each is computed and rounded by itself; undefined
 * where there are none.
 *
 * One amount is not always enough. 12.02 at 25 % holds 2.40 of VAT, but 25 % of the rest, 9.62, is 2.405: whoever rounds it
 * up books an øre too much. 9.61 and 0.01 come to 2.4025 and 0.0025, which is 2.40 however halves are rounded. No amount
 * whose VAT ends in exactly half an øre is ever used, because nobody knows which way Fiken rounds it.
 */
export function netAmounts(net: number, vat: number, rateBasisPoints: number): readonly number[] | undefined {
  if (net <= 0) return undefined;
  if (addedVat(net, rateBasisPoints) === vat) return [net];
  for (let piece = 1; piece <= Math.min(largestPiece, net - 1); piece += 1) {
    const rest = addedVat(net - piece, rateBasisPoints);
    const own = addedVat(piece, rateBasisPoints);
    if (rest !== undefined && own !== undefined && rest + own === vat) return [net - piece, piece];
  }
  return undefined;
}

/** VAT on top of a net amount, to the nearest øre; undefined where two are equally near. */
function addedVat(net: number, rateBasisPoints: number): number | undefined {
  const product = BigInt(net) * BigInt(rateBasisPoints);
  if (product % 10_000n === 5_000n) return undefined;
  return Number((product + 5_000n) / 10_000n);
}

/** Fractions of 25, 15, 12 and 11.11 % repeat or come close within this many øre. */
const largestPiece = 100;
