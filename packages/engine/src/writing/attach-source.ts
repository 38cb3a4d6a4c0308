import { consequences } from '@bilag/core';
import type { AttachmentSource } from '../delivery/delivery-run.ts';
import { problemOf, type DeliverySession } from './delivery-session.ts';
import type { DeliveryRow } from '../log/delivery-store.ts';

/** Adds the source data to a posted voucher, once. That it cannot be added is a finding: the booking itself is right. */
export async function attachSource(
  row: DeliveryRow,
  source: AttachmentSource | undefined,
  session: DeliverySession,
): Promise<DeliveryRow> {
  const { service } = session.context;
  const { state, targetId } = row.delivery;
  const attach = service.attach?.bind(service);
  if (attach === undefined || source === undefined || state !== 'posted' || targetId === null || row.isAttached)
    return row;
  const file = await source(row.voucher);
  if (file === undefined) return row;
  try {
    await session.request(`attach to ${row.reference}`, () => attach(targetId, file, session.fence));
  } catch (error) {
    const problem = problemOf(error, `voucher ${row.reference}`);
    session.findings.push({
      code: 'attachment-failed',
      severity: 'warning',
      message: `the voucher is posted, but its source data could not be attached: ${problem.what}`,
      where: `voucher ${row.reference}, ${row.date}`,
      action: 'apply again: what is missing is attached then',
      date: row.date,
      vouchers: [row.key],
    });
    if (consequences[problem.kind].run === 'stops') session.stop(problem);
    return row;
  }
  const attached = { ...row, isAttached: true };
  await session.save(`save attached ${row.reference}`, [attached]);
  return attached;
}
