import { addDays, type Finding, type PlainDate } from '@bilag/core';
import { foreignPostings } from '@bilag/engine';
import type { DeliveryConnection } from '../delivery/delivery-connection.ts';
import type { Company } from '../config/company.ts';
import { clearingAccountsOf } from '../config/load-adapter.ts';

/**
 * Looks for postings on the clearing accounts that are not in the delivery log: signs that another system, such as the
 * target's own import, books the same sales. The last quarter tells.
 */
export async function findForeignRevenue(
  { id, policy }: Company,
  { context }: DeliveryConnection,
  today: PlainDate,
): Promise<readonly Finding[]> {
  const earliest = addDays(today, -92);
  const from = policy.versions[0].from > earliest ? policy.versions[0].from : earliest;
  if (from > today) return [];
  const foreign = await foreignPostings(context, { from, to: today, clearing: clearingAccountsOf(policy) });
  if (foreign.length === 0) return [];
  const shown = foreign.slice(0, 3).map(({ number, id: posting, date }) => `${number ?? posting} of ${date}`);
  return [
    {
      code: 'revenue-elsewhere',
      severity: 'warning',
      message: `${foreign.length} ${foreign.length === 1 ? 'voucher' : 'vouchers'} on the clearing account are not ours (${shown.join(', ')}${foreign.length > 3 ? ' …' : ''}): the same sales may be booked already`,
      where: `company ${id}, ${from} to ${today}`,
      action:
        "see what books them: end the target's own import, or set revenue to already-booked; apply refuses until then, or until it is told --revenue-is-ours",
    },
  ];
}
