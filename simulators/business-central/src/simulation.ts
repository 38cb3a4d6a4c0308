import type { Simulation } from '@bilag/fault-server';
import { defaultVatGroupsByCode, simulatedEnvironment, simulatedTenant } from './business-central-options.ts';
import { startBusinessCentralSimulator } from './business-central-simulator.ts';

/** `bilag simulate business-central`. */
export const businessCentralSimulation: Simulation = {
  kind: 'simulation',
  title: 'Business Central, with one company',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const company = { name: 'Eksempel AS', organisationNumber };
    const simulator = await startBusinessCentralSimulator({ port, now, companies: [company] });
    const { url, credentials } = simulator;
    const config = {
      host: url,
      tenant: simulatedTenant,
      environment: simulatedEnvironment,
      company: company.name,
      credentials: 'env:BUSINESS_CENTRAL',
      journal: 'BILAG',
      vatGroups: defaultVatGroupsByCode,
    };
    const target = { adapter: '@bilag/business-central', config };
    return {
      url,
      keys: [{ name: 'BUSINESS_CENTRAL', secrets: { ...credentials } }],
      target,
      json: { url, credentials, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
