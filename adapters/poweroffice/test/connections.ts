import type { Secrets, Service } from '@bilag/core';
import { powerOffice } from '@bilag/poweroffice';
import {
  startPowerOfficeSimulator,
  type PowerOfficeSimulator,
  type PowerOfficeSimulatorOptions,
} from '@bilag/simulator-poweroffice';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';
import { keysOf } from './conformance.ts';

/** The turns of eight a second. */
export function contextWith(credentials: Readonly<Record<string, Secrets>>): FakeContext {
  return new FakeContext((reference) => credentials[reference] ?? {}, 125);
}

export type Stage = TargetStage<PowerOfficeSimulator, Service>;

export async function openStage(options: PowerOfficeSimulatorOptions = {}): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startPowerOfficeSimulator({ now: () => new Date(clock.context?.ms ?? 0), ...options });
  const keys = keysOf(simulator);
  const { clientKey = '', ...shared } = keys;
  const context = contextWith({ 'env:ALL': keys, 'env:SHARED': shared, 'env:OWN': { clientKey } });
  clock.context = context;
  const config = { host: simulator.url, credentials: 'env:ALL', timeoutMs: 1_000 };
  return targetStage(powerOffice, { simulator, context, config });
}

export { day } from '../../../test/made-vouchers.ts';

const made = madeVouchers({
  ledgerId: '302321',
  currency: 'NOK',
  clearing: '1579',
  sale: { account: '3000', code: '3', vatAccount: '2700' },
});
export const reference: string = made.reference;
export const plain: MadeVouchers['plain'] = made.plain;
export const sale: MadeVouchers['sale'] = made.sale;
export const voucher: MadeVouchers['voucher'] = made.voucher;
