import type { Simulation } from '@bilag/fault-server';
import { defaultTaxTypesByCode } from './xero-options.ts';
import { startXeroSimulator } from './xero-simulator.ts';

/** `bilag simulate xero`. */
export const xeroSimulation: Simulation = {
  kind: 'simulation',
  title: 'Xero, with one organisation',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const simulator = await startXeroSimulator({
      port,
      now,
      organisations: [{ name: 'Eksempel AS', organisationNumber }],
    });
    const { url, credentials } = simulator;
    const { tenant } = simulator.backDoor.organisation();
    const config = { host: url, tenant, credentials: 'file:XERO', taxTypes: defaultTaxTypesByCode };
    // A refresh token works once: the next one has to be written somewhere, and the environment cannot be.
    const about = 'Copy them with bilag keys XERO, because a refresh token works once.';
    const target = { adapter: '@bilag/xero', config };
    return {
      url,
      keys: [{ name: 'XERO', about, secrets: { ...credentials } }],
      target,
      json: { url, credentials, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
