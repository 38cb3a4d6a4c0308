import type { Secrets } from '@bilag/core';
import { fortnox } from '@bilag/fortnox';
import {
  defaultFortnoxCompany,
  startFortnoxSimulator,
  type FortnoxCompanyOptions,
  type FortnoxSimulator,
} from '@bilag/simulator-fortnox';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';
import { keysOf } from './conformance.ts';

export interface Stage extends TargetStage<FortnoxSimulator> {
  /** What is under the reference by now. */
  readonly kept: () => Secrets;
}

/** A simulated company, and connections that share one store of keys. */
export async function openStage(company: Partial<FortnoxCompanyOptions> = {}, tokenSeconds = 3600): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startFortnoxSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    tokenSeconds,
    companies: [{ ...defaultFortnoxCompany, ...company }],
  });
  let kept: Secrets = keysOf(simulator);
  const context = new FakeContext(() => kept, 250);
  Object.assign(context.credentials, {
    put: async (_: string, secrets: Secrets) => void (kept = secrets),
    exclusively: <Result>(_: string, work: () => Promise<Result>) => work(),
  });
  clock.context = context;
  const own = { credentials: 'file:FORTNOX', series: 'V', clearingAccounts: ['1686'] };
  const config = { host: simulator.url, ...own, timeoutMs: 1_000 };
  return { ...targetStage(fortnox, { simulator, context, config }), kept: () => kept };
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
