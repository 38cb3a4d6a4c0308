import type { ServiceLaw } from '../../../services/service-law.ts';
import { mustHoldAsBooked } from './exact.ts';
import { holdableInTurn, mustBeReceiptOf, mustFind } from '../expectations.ts';

/** A busy day is one voucher, of as many lines as the adapter says it takes. */
export const long: ServiceLaw = {
  id: 'long',
  sentence: 'A voucher of a thousand lines, or of as many as the target takes, arrives whole.',
  async prove(open) {
    const world = await open();
    const lines = Math.min(1_000, world.adapter.shape.maxLines);
    const grosses = Array.from({ length: lines - 1 }, (_, index) => 46_000 + 11_500 * (index % 200));
    const voucher = world.vouchers.sales(holdableInTurn(world, grosses));
    const { digest } = await world.connect().post(voucher, voucher.key);
    mustHoldAsBooked(world.live(voucher.key), voucher);
    await mustBeReceiptOf(digest, voucher, world, `a voucher of ${lines} lines`);
    await mustFind(world, voucher, voucher.key, `a voucher of ${lines} lines`);
    return `${lines} lines`;
  },
};
