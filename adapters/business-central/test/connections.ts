import { businessCentral } from '@bilag/business-central';
import {
  defaultBusinessCentralCompany,
  startBusinessCentralSimulator,
  type BusinessCentralCompanyOptions,
  type BusinessCentralSimulator,
  type BusinessCentralSimulatorOptions,
} from '@bilag/simulator-business-central';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';
import { configFor } from './conformance.ts';

export type Stage = TargetStage<BusinessCentralSimulator>;

/** A simulated company, and connections to it. */
export async function openStage(
  company: Partial<BusinessCentralCompanyOptions> = {},
  options: BusinessCentralSimulatorOptions = {},
): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startBusinessCentralSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    companies: [{ ...defaultBusinessCentralCompany, ...company }],
    ...options,
  });
  const keys = { ...simulator.credentials };
  const context = new FakeContext((reference) => (reference === 'env:BUSINESS_CENTRAL' ? keys : {}), 100);
  clock.context = context;
  return targetStage(businessCentral, { simulator, context, config: configFor(simulator) });
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
