import type { AccountRole } from './chart.ts';
import { accountsOf, type Policy, type PolicyVersion } from './policy.ts';

/**
 * Account numbers on which every line names the supplier, whichever part posts on them: what an account asks for does not
 * depend on why it is posted on.
 *
 * @example
 * ```ts
 * import { definePolicy, supplierAccounts } from '@bilag/core';
 *
 * const policy = definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] });
 * [...supplierAccounts(policy)]; // => ['2400']
 * ```
 */
export function supplierAccounts({ versions }: Policy): ReadonlySet<string> {
  return new Set(versions.flatMap((version) => accountsOfRole(version, 'payable')));
}

/** The account numbers that play a part in a version: its own, and those of single ledgers. */
export function accountsOfRole(version: PolicyVersion, role: AccountRole): readonly string[] {
  const ledgers = Object.keys(version.ledgers).map((ledgerId) => accountsOf(version, ledgerId)[role]);
  return [...new Set([version.accounts[role], ...ledgers])];
}
