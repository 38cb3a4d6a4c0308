import { BilagError, expectedDigest, voucherReference, type PlainDate, type Voucher } from '@bilag/core';
import type { DeliveryContext } from './delivery-run.ts';
import { inSession } from '../writing/delivery-session.ts';
import { lastRevisions } from '../planning/one-grouping.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';
import { newRow } from '../writing/voucher-writes.ts';

/** Which held vouchers: one, by its key or reference, or everything between two posting dates. */
export type HeldChoice = { readonly voucher: string } | { readonly from: PlainDate; readonly to: PlainDate };

/**
 * Keeps vouchers back until they are released: `plan` shows them as `held`, `apply` does nothing about them, and no voucher
 * of their ledger dates is posted under another grouping. What is posted stays posted. Gives the rows as they are now.
 *
 * Throws `conflict` for a voucher that is under way: whether it arrived has to be known first.
 *
 * @example
 * ```ts
 * import { hold, release, type DeliveryContext, type Plan } from '@bilag/engine';
 *
 * async function holdFirst({ items }: Plan, context: DeliveryContext): Promise<void> {
 *   const [item] = items;
 *   if (item?.voucher == null) return;
 *   await hold([item.voucher], context);
 *   await release({ voucher: item.key }, context);
 * }
 * ```
 */
export async function hold(vouchers: readonly Voucher[], context: DeliveryContext): Promise<readonly DeliveryRow[]> {
  return inSession(context, 'hold', async (session) => {
    const held: DeliveryRow[] = [];
    for (const voucher of vouchers) {
      const rows = await context.store.rows(context.companyId, { key: voucher.key });
      const known = rows.filter(({ kind }) => kind === 'voucher').toSorted((a, b) => b.revision - a.revision)[0];
      if (known?.delivery.state === 'intended' || known?.delivery.state === 'unknown-outcome') throw underWay(known);
      held.push({ ...(known ?? planned(voucher, session)), isHeld: true });
    }
    await session.save('save held', held);
    return held;
  });
}

/**
 * Lets held vouchers go: the next plan posts what should be in the books and is not. Gives the rows as they are now.
 *
 * Throws `not-found` when nothing of it is held.
 */
export async function release(choice: HeldChoice, context: DeliveryContext): Promise<readonly DeliveryRow[]> {
  return inSession(context, 'release', async (session) => {
    const rows = await chosen(choice, context);
    const released = rows.flatMap((row) => (row.kind === 'voucher' && row.isHeld ? [{ ...row, isHeld: false }] : []));
    if (released.length === 0) throw nothingHeld(choice, context);
    await session.save('save released', released);
    return released;
  });
}

/** Everything under a key, or what has the reference: a first revision has both. */
async function chosen(choice: HeldChoice, { store, companyId }: DeliveryContext): Promise<readonly DeliveryRow[]> {
  if (!('voucher' in choice)) return store.rows(companyId, choice);
  const rows = await store.rows(companyId, { key: choice.voucher });
  return rows.length > 0 ? rows : store.rows(companyId, { reference: choice.voucher });
}

/** The vouchers that are held: of each key the last revision says. */
export function heldVouchers(rows: readonly DeliveryRow[]): readonly DeliveryRow[] {
  return lastRevisions(rows).filter(({ isHeld }) => isHeld);
}

function planned(voucher: Voucher, session: Parameters<typeof newRow>[4]): DeliveryRow {
  const expected = expectedDigest(voucher, session.context.adapter);
  return newRow(voucher, 'voucher', voucherReference(voucher), expected, session);
}

function underWay({ reference, date }: DeliveryRow): BilagError {
  return new BilagError('conflict', {
    what: 'the voucher was sent with an unknown outcome',
    where: `voucher ${reference}, ${date}`,
    action: 'apply again, so that it is looked up, or settle it; nothing was held',
  });
}

function nothingHeld(choice: HeldChoice, { companyId }: DeliveryContext): BilagError {
  const asked = 'voucher' in choice ? `voucher ${choice.voucher.slice(0, 60)}` : `${choice.from} to ${choice.to}`;
  return new BilagError('not-found', {
    what: `nothing of it is held: ${asked}`,
    where: companyId,
    action: 'look at the status for what is held; nothing was changed',
  });
}
