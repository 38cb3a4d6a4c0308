import type { AnyView, ViewName } from './view.ts';
import { explain } from './views/explain.ts';
import { fees } from './views/fees.ts';
import { log } from './views/log.ts';
import { month } from './views/month.ts';
import { needsYou } from './views/needs-you.ts';
import { overview } from './views/overview.ts';
import { payout } from './views/payout.ts';
import { payouts } from './views/payouts.ts';
import { rows } from './views/rows.ts';
import { settings } from './views/settings.ts';
import { voucher } from './views/voucher.ts';
import { vouchers } from './views/vouchers.ts';

/** Every view there is, in the order of the menu. A page of the server and a file of a report are both found here. */
export const views: readonly AnyView[] = [
  overview,
  needsYou,
  payouts,
  payout,
  vouchers,
  voucher,
  fees,
  month,
  log,
  settings,
  explain,
  rows,
];

/** The view of a page of the office, or of a company. */
export function viewAt(name: string, scope: 'office' | 'company'): AnyView | undefined {
  return views.find((view) => view.name === name && (view.scope === 'both' || view.scope === scope));
}

/** What stands in the menu: a payout and a voucher are reached from their lists. */
export function menuOf(scope: 'office' | 'company'): readonly ViewName[] {
  const inMenu = views.filter((view) => view.scope === 'both' || view.scope === scope).map(({ name }) => name);
  return inMenu.filter((name) => name !== 'payout' && name !== 'voucher' && name !== 'rows');
}
