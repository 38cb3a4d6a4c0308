import { openServiceWorld } from '@bilag/conformance';
import { formatAmount } from '@bilag/core';
import { subject } from '../test/conformance.ts';

// Posts one voucher to the fake target and shows what the target's books have then.
const world = await openServiceWorld(subject);
const voucher = world.vouchers.sales();
const { state, targetId } = await world.deliver(voucher);
console.log(`voucher ${voucher.key} is ${state} as ${targetId ?? 'nothing'} in ${world.adapter.title}:`);
for (const { account, amount, vatCode } of world.live().flatMap(({ postings }) => postings)) {
  console.log(
    `  ${account}  ${formatAmount(amount).padStart(10)}  ${vatCode === undefined ? '' : `VAT code ${vatCode}`}`,
  );
}
await world.close();
