import type { Secrets } from '@bilag/core';
import {
  defaultXeroOrganisation,
  startXeroSimulator,
  type XeroOrganisationOptions,
  type XeroSimulator,
  type XeroSimulatorOptions,
} from '@bilag/simulator-xero';
import { xero } from '@bilag/xero';
import { FakeContext } from '../../../test/fake-context.ts';
import { madeVouchers, type MadeVouchers } from '../../../test/made-vouchers.ts';
import { targetStage, type TargetStage } from '../../../test/target-stage.ts';
import { configFor } from './conformance.ts';

export interface Stage extends TargetStage<XeroSimulator> {
  /** What is under the reference by now. */
  readonly kept: () => Secrets;
}

/** A simulated organisation, and connections that share one store of keys. */
export async function openStage(
  organisation: Partial<XeroOrganisationOptions> = {},
  options: XeroSimulatorOptions = {},
): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startXeroSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    organisations: [{ ...defaultXeroOrganisation, ...organisation }],
    ...options,
  });
  let kept: Secrets = { ...simulator.credentials };
  const context = new FakeContext(() => kept, 1_000);
  Object.assign(context.credentials, {
    put: async (_: string, secrets: Secrets) => void (kept = secrets),
    exclusively: <Result>(_: string, work: () => Promise<Result>) => work(),
  });
  clock.context = context;
  return { ...targetStage(xero, { simulator, context, config: configFor(simulator) }), kept: () => kept };
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
