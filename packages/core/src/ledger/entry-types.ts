/** The names entry types have had: v1, the beta of 2023, today (Report API changelog). */
const aliases: ReadonlyMap<string, string> = new Map([
  ['payout', 'payout-scheduled'],
  ['scheduled-for-payout', 'payout-scheduled'],
]);

/** The current name of an entry type. */
export function currentType(type: string): string {
  return aliases.get(type) ?? type;
}
