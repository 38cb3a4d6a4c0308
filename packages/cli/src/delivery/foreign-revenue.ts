import { addDays, type Finding, type PlainDate, type Posted } from '@bilag/core';
import type { DeliveryConnection } from './delivery-connection.ts';
import type { Company } from '../config/company.ts';

/**
 * Looks for postings on the clearing accounts that are not in the delivery log: signs that another system, such as the
 * target's own import, books the same sales. The last quarter tells.
 */
export async function findForeignRevenue(
  { id, policy }: Company,
  { service, store }: DeliveryConnection,
  today: PlainDate,
): Promise<readonly Finding[]> {
  const list = service.list?.bind(service);
  if (list === undefined) return [];
  const earliest = addDays(today, -92);
  const from = policy.versions[0].from > earliest ? policy.versions[0].from : earliest;
  if (from > today) return [];
  const clearing = new Set(policy.versions.map(({ accounts }) => accounts.clearing));
  const rows = await store.rows(id);
  const ours = new Set(rows.flatMap(({ reference, delivery }) => [reference, delivery.targetId]));
  const foreign: Posted[] = [];
  for await (const posted of list(from, today)) {
    const isOurs = ours.has(posted.reference) || ours.has(posted.id) || ours.has(posted.reverses ?? '');
    if (posted.state === 'live' && !isOurs && posted.lines.some(({ account }) => clearing.has(account))) {
      foreign.push(posted);
    }
  }
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
