/** Account → its sum, sorted, without those that come to nothing. */
export function sumsOf(lines: readonly { readonly account: string; readonly amount: number }[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { account, amount } of lines) sums.set(account, (sums.get(account) ?? 0) + amount);
  return [...sums].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
}
