import { BilagError, voucherReference, type PlainDate, type Posted, type Voucher } from '@bilag/core';
import type { DeliveryContext } from '../delivery/delivery-run.ts';
import { withKnown } from '../planning/known-posted.ts';
import type { Plan } from '../planning/plan.ts';

/** Sees postings that may be the sales of a plan, unless the log knows them. */
export interface RevenueGuard {
  readonly sees: (posted: Posted) => boolean;
  /** Why nothing is sent when it saw these. */
  readonly refusal: (foreign: readonly Posted[]) => BilagError;
}

/**
 * Looks for signs that the sales of a plan are in the books already: postings on the clearing account that are not ours, such
 * as the target's own import of the provider's report, or a till that books them. Booked twice, revenue and VAT are wrong, and
 * the target accepts it. On the dates of what is to be sent: a correction that a person made long ago is not a sale of today.
 */
export function revenueGuard(plan: Plan): RevenueGuard {
  let [from, to] = ['9999-12-31', ''];
  const clearing = new Set<string>();
  const ours = new Set<string>();
  for (const { change, isToBeSent, key, voucher } of plan.items) {
    if (!isToBeSent || change === 'changed' || voucher === null || !booksRevenue(voucher)) continue;
    for (const date of [voucher.date, voucher.ledgerDate]) {
      if (date < from) from = date;
      if (date > to) to = date;
    }
    for (const account of clearingAccountsOf(voucher)) clearing.add(account);
    ours.add(voucherReference({ key, revision: voucher.revision }));
  }
  return {
    sees: (posted) =>
      posted.date >= from && posted.date <= to && !ours.has(posted.reference) && isLiveOn(clearing, posted),
    refusal: (foreign) => revenueBooked(foreign, [...clearing], plan.companyId),
  };
}

/**
 * What stands on the clearing accounts of the target from one date to another and is not in the delivery log: nothing where
 * the target cannot list.
 */
export async function foreignPostings(
  context: Pick<DeliveryContext, 'service' | 'store' | 'companyId'>,
  wanted: { readonly from: PlainDate; readonly to: PlainDate; readonly clearing: ReadonlySet<string> },
): Promise<readonly Posted[]> {
  const { service } = context;
  if (service.list === undefined) return [];
  const found: Posted[] = [];
  for await (const [posted, known] of withKnown(service.list(wanted.from, wanted.to), context)) {
    if (isLiveOn(wanted.clearing, posted) && !known.isOurs(posted)) found.push(posted);
  }
  return found;
}

function isLiveOn(accounts: ReadonlySet<string>, { state, lines }: Posted): boolean {
  return state === 'live' && lines.some(({ account }) => accounts.has(account));
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
    action:
      'look at them: if another system books these sales, set revenue to already-booked or end that import; if not, say that the revenue is ours. Nothing was sent',
  });
}
