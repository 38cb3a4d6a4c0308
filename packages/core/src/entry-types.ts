/** The names entry types have had: v1, the beta of 2023, today (Report API changelog). */
const aliases: Readonly<Record<string, string>> = {
  payout: 'payout-scheduled',
  'scheduled-for-payout': 'payout-scheduled',
};

/** The current name of an entry type. */
export function currentType(type: string): string {
  return aliases[type] ?? type;
}
