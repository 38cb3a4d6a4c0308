import { plainTextPdf, plainDate } from '@bilag/core';
import type { ServiceWorld } from '../../../services/service-world.ts';

/** A day's work with everything a service can do, several things at once as the engine does them. */
export async function busySession(world: ServiceWorld): Promise<void> {
  const service = world.connect();
  await service.identify();
  await service.chart();
  const vouchers = [world.vouchers.sales(), world.vouchers.payout(), world.vouchers.sales([50_000])];
  const receipts = await Promise.all(vouchers.map((voucher) => service.post(voucher, voucher.key)));
  await Promise.all(vouchers.map((voucher) => service.find?.(voucher.key)));
  const content = plainTextPdf('Bilag', { title: 'bilag' });
  const [first, second] = receipts;
  if (first === undefined || second === undefined) return;
  await service.attach?.(first.id, { name: 'bilag.pdf', mediaType: 'application/pdf', content });
  const date = vouchers[1]?.date ?? plainDate('2026-03-02');
  await service.reverse?.(second.id, date, `${vouchers[1]?.key ?? ''}.U1`);
  if (service.list !== undefined) await Array.fromAsync(service.list(plainDate('2026-03-01'), plainDate('2026-03-31')));
}
