import { BilagError, type PlainDate, type Voucher } from '@bilag/core';

/** Where something is wrong with a voucher, for people. */
export function placeOf({ date }: Pick<Voucher, 'date'>, reference: string): string {
  return `voucher ${reference}, ${date}`;
}

/**
 * A target cannot hold a part of a voucher: found before anything was sent.
 *
 * @example
 * ```ts
 * import { cannotHold } from '@bilag/http';
 *
 * const what = 'Acme Books has no account 3999';
 * cannotHold('rejected', what, 'voucher 302321-20260302, line 2', 'add it there').action; // => 'add it there; nothing was sent'
 * ```
 */
export function cannotHold(
  kind: 'rejected' | 'unsupported' | 'blocked',
  what: string,
  where: string,
  action: string,
): BilagError {
  return new BilagError(kind, { what, where, action: `${action}; nothing was sent` });
}

/** The books of a target are locked on a voucher's date; `title` is what people call the target. */
export function lockedBooks(title: string, through: PlainDate, voucher: Voucher, reference: string): BilagError {
  return new BilagError('blocked', {
    what: `the books are locked through ${through}`,
    where: placeOf(voucher, reference),
    action: `open the period in ${title}, or book it on a later date with lockedThrough; nothing was posted`,
  });
}
