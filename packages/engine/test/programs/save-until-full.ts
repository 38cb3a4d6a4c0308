/** Saves rows into a delivery log on a small disk until it is full, and says what became of them. */
import { newDelivery } from '@bilag/core';
import { openDeliveryLog, type DeliveryRow } from '../../src/index.ts';
import { sampleVoucher } from '../sample-vouchers.ts';

const path = `${process.argv[2]}/delivery.sqlite`;
const store = await openDeliveryLog(path);
const lease = await store.takeLease('kaffebaren', { holder: 'me', now: 0, leaseMs: 1, requestTimeoutMs: 1 });
let saved = 0;
let message = '';
try {
  for (; saved < 5000; saved += 1) await store.save(lease, [row(saved)]);
} catch (error) {
  message = String(error);
}
await store.close();
const again = await openDeliveryLog(path);
const kept = (await again.rows('kaffebaren')).length;
process.stdout.write(JSON.stringify({ isKept: saved > 5 && kept === saved, message }));

function row(index: number): DeliveryRow {
  const voucher = sampleVoucher({ index, text: 'Salg'.repeat(500) });
  return {
    companyId: 'kaffebaren',
    key: voucher.key,
    revision: 1,
    kind: 'voucher',
    reference: voucher.key,
    date: voucher.date,
    digest: voucher.digest,
    voucher,
    delivery: { ...newDelivery('view'), state: 'intended' },
    run: 'first',
    createdAt: 1,
    updatedAt: 1,
    isAttached: false,
    isHeld: false,
  };
}
