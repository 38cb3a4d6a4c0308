import type { Voucher } from '@bilag/core';
import { FileSpool } from '../spool/voucher-spool.ts';
import type { PlanItem } from './plan.ts';

/**
 * The vouchers of a plan: packed, and beside the memory where they are many. An item reads its voucher each time it is asked for it, so
 * that whoever takes one item after the other holds few. They are there as long as one of the items is.
 */
export class KeptVouchers {
  readonly #spool = new FileSpool();

  /**
   * The same item, which reads its voucher when it is asked for it. It may be that of another one, which is kept already. What the log
   * gave with its row is left there.
   */
  keep<Item extends HasVoucher>(item: Item, other?: HasVoucher & Kept): Item {
    const { voucher, ...rest } = item;
    if (voucher === null || voucher === item.posted?.voucher) return item;
    const place = other?.voucher === voucher ? other[keptAt] : undefined;
    const value = place ?? { spool: this.#spool, place: this.#spool.addPlaced(voucher) };
    return Object.defineProperty(Object.defineProperty(rest, keptAt, { value }), 'voucher', readWhenAsked) as Item;
  }
}

/** An item of which something else is said; its voucher stays where it is. */
export function withChange(item: PlanItem, change: Partial<Omit<PlanItem, 'voucher'>>): PlanItem {
  const properties = { ...Object.getOwnPropertyDescriptors(item), ...Object.getOwnPropertyDescriptors(change) };
  return Object.defineProperties<object>({}, properties) as PlanItem;
}

type HasVoucher = Pick<PlanItem, 'voucher'> & Partial<Pick<PlanItem, 'posted'>>;

const keptAt: unique symbol = Symbol('where its voucher is kept');

interface Kept {
  readonly [keptAt]?: { readonly spool: FileSpool; readonly place: number };
}

/** One for all: V8 keeps a shape for each getter. */
const readWhenAsked = {
  enumerable: true,
  get(this: Required<Kept>): Voucher {
    const { spool, place } = this[keptAt];
    return spool.at(place);
  },
};
