import { zero, type Amount } from '../money/amount.ts';
import type { AccountRole } from './chart.ts';
import { accountsOf, type Policy } from './policy.ts';

/** What stands on an account when Bilag takes over. */
export interface OpeningBalance {
  readonly account: string;
  readonly role: AccountRole;
  readonly amount: Amount;
}

/**
 * What the books open with. Fees that await their invoice are on no account: where the first version books fees by the
 * invoice, so are those of the opening.
 */
export function openingBalances({ openings, versions: [first] }: Policy): readonly OpeningBalance[] {
  return Object.entries(openings).flatMap(([ledgerId, { funds, fees, inTransit }]) => {
    const accounts = accountsOf(first, ledgerId);
    const byRole = { clearing: funds, feesPayable: first.fees.invoiced === 'accrue' ? fees : zero, inTransit };
    return (['clearing', 'feesPayable', 'inTransit'] as const)
      .map((role) => ({ account: accounts[role], role, amount: byRole[role] }))
      .filter(({ amount }) => amount !== 0);
  });
}
