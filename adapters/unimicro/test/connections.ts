import {
  defaultUnimicroCompany,
  startUnimicroSimulator,
  type UnimicroCompanyOptions,
  type UnimicroSimulator,
  type UnimicroSimulatorOptions,
} from '@bilag/simulator-unimicro';
import { unimicro } from '@bilag/unimicro';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';

export type Stage = TargetStage<UnimicroSimulator>;

/** A simulated company, and connections to it that book at once. */
export async function openStage(
  company: Partial<UnimicroCompanyOptions> = {},
  options: UnimicroSimulatorOptions = {},
): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startUnimicroSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    companies: [{ ...defaultUnimicroCompany, ...company }],
    ...options,
  });
  const context = new FakeContext(() => ({ ...simulator.credentials }), 200);
  clock.context = context;
  const own = { credentials: 'env:UNIMICRO', company: 'kafe-eksempel', mode: 'posted', clearingAccounts: ['1579'] };
  return targetStage(unimicro, { simulator, context, config: { host: simulator.url, ...own, timeoutMs: 1_000 } });
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
