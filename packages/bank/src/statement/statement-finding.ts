import type { Amount, Finding, Severity } from '@bilag/core';
import { shownAccount } from './account.ts';
import type { Statement } from './statement.ts';

/** A finding about a statement, with the account as far as a report may show it. */
export function findingOf(
  code: string,
  severity: Severity,
  { account, period, where }: Statement,
  message: string,
  action: string,
  difference?: Amount,
): Finding {
  return {
    code,
    severity,
    message,
    where: `${where}, account ${shownAccount(account)}`,
    action,
    ...(period === undefined ? {} : { date: period.from }),
    ...(difference === undefined ? {} : { amount: difference }),
  };
}
