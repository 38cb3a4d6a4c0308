import { BilagError, voucherReference, type PlainDate, type Posted, type Voucher } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import type { DeliverySession } from './delivery-session.ts';
import type { Plan } from './plan.ts';

/**
 * Looks for signs that the sales of a plan are in the books already: postings on the clearing account that are not ours, such
 * as the target's own import of the provider's report, or a till that books them. Booked twice, revenue and VAT are wrong, and
 * the target accepts it. Throws `blocked` with an explanation; the operator chooses.
 */
export async function refuseBookedRevenue(plan: Plan, session: DeliverySession): Promise<void> {
  const { companyId } = session.context;
  const vouchers = plan.items.flatMap(({ change, isSent, voucher }) =>
    isSent && change !== 'changed' && voucher !== null && booksRevenue(voucher) ? [voucher] : [],
  );
  const dates = vouchers.flatMap(({ date, ledgerDate }) => [date, ledgerDate]).sort();
  const [from, to] = [dates[0], dates.at(-1)];
  if (from === undefined || to === undefined) return;
  const clearing = new Set(vouchers.flatMap(clearingAccountsOf));
  const ours = vouchers.map(voucherReference);
  const foreign = await session.request('look for revenue', () =>
    foreignPostings(session.context, { from, to, clearing, ours }),
  );
  if (foreign.length > 0) throw revenueBooked(foreign, [...clearing], companyId);
}

/**
 * What stands on the clearing accounts of the target from one date to another and is neither in the delivery log nor among
 * the references that are `ours`: nothing where the target cannot list.
 */
export async function foreignPostings(
  { service, store, companyId }: Pick<DeliveryContext, 'service' | 'store' | 'companyId'>,
  wanted: {
    readonly from: PlainDate;
    readonly to: PlainDate;
    readonly clearing: ReadonlySet<string>;
    readonly ours?: readonly string[];
  },
): Promise<readonly Posted[]> {
  if (service.list === undefined) return [];
  const rows = await store.rows(companyId);
  const ids = new Set(rows.map(({ delivery }) => delivery.targetId));
  const references = new Set([...rows.map(({ reference }) => reference), ...(wanted.ours ?? [])]);
  const found: Posted[] = [];
  for await (const posted of service.list(wanted.from, wanted.to)) {
    const isOurs = references.has(posted.reference) || ids.has(posted.id) || ids.has(posted.reverses ?? null);
    if (isOurs || posted.state !== 'live') continue;
    if (posted.lines.some(({ account }) => wanted.clearing.has(account))) found.push(posted);
  }
  return found;
}

/** Revenue lines have no role: their accounts are the merchant's own. */
function booksRevenue(voucher: Voucher): boolean {
  return voucher.lines.some((line) => line.role === undefined);
}

function clearingAccountsOf(voucher: Voucher): string[] {
  return voucher.lines.flatMap((line) => (line.role === 'clearing' ? [line.account] : []));
}

function revenueBooked(foreign: readonly Posted[], clearing: readonly string[], companyId: string): BilagError {
  const shown = foreign.slice(0, 5).map(({ number, id, date }) => `${number ?? id} of ${date}`);
  const more = foreign.length > shown.length ? ` and ${foreign.length - shown.length} more` : '';
  return new BilagError('blocked', {
    what: `the books have ${foreign.length} ${foreign.length === 1 ? 'voucher' : 'vouchers'} on the clearing account ${clearing.join(', ')} that are not ours (${shown.join(', ')}${more}), so that the same revenue may be booked already`,
    where: companyId,
    now: 'look at them: if another system books these sales, set revenue to already-booked or end that import; if not, say that the revenue is ours. Nothing was sent',
  });
}
