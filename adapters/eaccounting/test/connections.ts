import type { Secrets } from '@bilag/core';
import { eAccounting } from '@bilag/eaccounting';
import {
  defaultEAccountingCompany,
  startEAccountingSimulator,
  type EAccountingCompanyOptions,
  type EAccountingSimulator,
  type EAccountingSimulatorOptions,
} from '@bilag/simulator-eaccounting';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';
import { keysOf } from './conformance.ts';

export type Stage = TargetStage<EAccountingSimulator>;

/** A simulated company, and connections to it that book at once. */
export async function openStage(
  company: Partial<EAccountingCompanyOptions> = {},
  options: EAccountingSimulatorOptions = {},
): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startEAccountingSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    companies: [{ ...defaultEAccountingCompany, ...company }],
    ...options,
  });
  let kept: Secrets = keysOf(simulator);
  const context = new FakeContext(() => kept, 125);
  Object.assign(context.credentials, {
    put: async (_: string, secrets: Secrets) => void (kept = secrets),
    exclusively: <Result>(_: string, work: () => Promise<Result>) => work(),
  });
  clock.context = context;
  const own = { credentials: 'file:EACCOUNTING', mode: 'posted', clearingAccounts: ['1686'], timeoutMs: 1_000 };
  return targetStage(eAccounting, { simulator, context, config: { host: simulator.url, ...own } });
}

export { day } from '../../../test/made-vouchers.ts';

const made = madeVouchers({
  ledgerId: '512403',
  currency: 'SEK',
  clearing: '1686',
  sale: { account: '3001', code: 'MP1', vatAccount: '2611' },
});
export const reference: string = made.reference;
export const plain: MadeVouchers['plain'] = made.plain;
export const sale: MadeVouchers['sale'] = made.sale;
export const voucher: MadeVouchers['voucher'] = made.voucher;
