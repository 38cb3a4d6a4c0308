import { economic } from '@bilag/economic';
import {
  startEconomicSimulator,
  type EconomicAgreementOptions,
  type EconomicSimulator,
} from '@bilag/simulator-economic';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';
import { tokensOf } from './conformance.ts';

export type Stage = TargetStage<EconomicSimulator>;

/** A simulated agreement, and connections to it. */
export async function openStage(agreement: Partial<EconomicAgreementOptions> = {}): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startEconomicSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    agreements: [{ number: 1, name: 'Kaffebaren Eksempel ApS', organisationNumber: '12345678', ...agreement }],
  });
  const context = new FakeContext((reference) => (reference === 'env:ECONOMIC' ? tokensOf(simulator) : {}), 100);
  clock.context = context;
  const own = { credentials: 'env:ECONOMIC', journal: 7, clearingAccounts: ['52100'] };
  return targetStage(economic, { simulator, context, config: { host: simulator.url, ...own, timeoutMs: 1_000 } });
}

export { day } from '../../../test/made-vouchers.ts';

const made = madeVouchers({
  ledgerId: '412403',
  currency: 'DKK',
  clearing: '52100',
  sale: { account: '1000', code: 'U25', vatAccount: '64020' },
});
export const reference: string = made.reference;
export const plain: MadeVouchers['plain'] = made.plain;
export const sale: MadeVouchers['sale'] = made.sale;
export const voucher: MadeVouchers['voucher'] = made.voucher;
