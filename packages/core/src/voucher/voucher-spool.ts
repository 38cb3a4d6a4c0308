import type { Voucher } from './voucher.ts';

/**
 * Keeps the vouchers of a run, so that whoever needs them again does not book them again: `openVoucherSpool()` of
 * `@bilag/engine` keeps them beside the memory. What comes back is as it was given, to the last character; it is a copy, and
 * need not be frozen.
 */
export interface VoucherSpool {
  add(voucher: Voucher): void;
  /** All that is kept when the iteration begins, in the order in which it came; as often as it is asked for. */
  vouchers(): Iterable<Voucher>;
  /** Forgets everything. */
  close(): void;
}
