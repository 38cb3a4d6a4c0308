/**
 * Where the accounts of the Norwegian preset usually stand in the tax return (list 2025-2026): a proposal for a merchant's
 * own mapping, which their accountant confirms. The SAF-T adapter refuses an account without one.
 */
export const proposedGroupings: Readonly<Record<string, { readonly category: string; readonly code: string }>> = {
  '1578': { category: 'balanseverdiForOmloepsmiddel', code: '1570' },
  '1925': { category: 'balanseverdiForOmloepsmiddel', code: '1920' },
  '2960': { category: 'kortsiktigGjeld', code: '2990' },
  '2999': { category: 'kortsiktigGjeld', code: '2990' },
  '3000': { category: 'salgsinntekt', code: '3000' },
  '3030': { category: 'salgsinntekt', code: '3000' },
  '3040': { category: 'salgsinntekt', code: '3000' },
  '3050': { category: 'salgsinntekt', code: '3000' },
  '3100': { category: 'salgsinntekt', code: '3100' },
  '3120': { category: 'salgsinntekt', code: '3100' },
  '3200': { category: 'salgsinntekt', code: '3200' },
  '3900': { category: 'annenDriftsinntekt', code: '3900' },
};
