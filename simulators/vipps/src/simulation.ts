import type { Simulation } from '@bilag/fault-server';
import { demoMerchants } from './merchant/demo-merchants.ts';
import type { V2Ledger } from './merchant/merchant.ts';
import { exampleDay, v1ExampleDay } from './merchant/example-days.ts';
import { namedVippsFaults } from './server/vipps-faults.ts';
import { startVippsSimulator } from './server/vipps-simulator.ts';

/** `bilag simulate`. */
export const vippsSimulation: Simulation = {
  kind: 'simulation',
  title: "Vipps MobilePay's Report API, with made-up merchants",
  faults: Object.keys(namedVippsFaults),
  async start({ port, now, faults, answersClosedVersions }) {
    const simulator = await startVippsSimulator({
      merchants: [exampleDay, v1ExampleDay, ...demoMerchants()],
      now,
      port,
      v1: answersClosedVersions ? 'served' : 'removed',
      faults: Object.entries(namedVippsFaults).flatMap(([name, fault]) => (faults.includes(name) ? [fault] : [])),
    });
    const { url, credentials, ledgers } = simulator;
    const { clientId, clientSecret } = credentials.partner;
    return {
      url,
      keys: [
        {
          name: 'VIPPS',
          about: "An accounting partner's keys: all ledgers, with keys: 'accounting-partner'.",
          secrets: { baseUrl: url, clientId, clientSecret },
        },
        ...credentials.merchants.map((keys) => ({
          name: `VIPPS_${keys.merchantSerialNumber}`,
          about: `A merchant's keys: ${ledgerOf(keys.merchantSerialNumber, ledgers)}.`,
          secrets: {
            baseUrl: url,
            clientId: keys.clientId,
            clientSecret: keys.clientSecret,
            subscriptionKey: keys.subscriptionKey,
            merchantSerialNumber: keys.merchantSerialNumber,
          },
        })),
      ],
      json: { url, credentials, ledgers: ledgers.map(({ ledgerId }) => ledgerId) },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};

/** The company whose config the keys fit. */
function ledgerOf(serialNumber: string, ledgers: readonly V2Ledger[]): string {
  const ledger = ledgers.find(({ settlesForRecipientHandles }) =>
    settlesForRecipientHandles.includes(`api:${serialNumber}`),
  );
  return ledger === undefined ? 'one ledger' : `ledger ${ledger.ledgerId} of organisation ${ledger.owner.id}`;
}
