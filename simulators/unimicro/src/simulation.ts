import type { Simulation } from '@bilag/fault-server';
import { startUnimicroSimulator } from './unimicro-simulator.ts';

/** `bilag simulate unimicro`. */
export const unimicroSimulation: Simulation = {
  kind: 'simulation',
  title: 'Unimicro, with one company',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const company = { key: 'eksempel-as', name: 'Eksempel AS', organisationNumber };
    const simulator = await startUnimicroSimulator({ port, now, companies: [company] });
    const { url } = simulator;
    const secrets = { ...simulator.credentials };
    const config = { host: url, credentials: 'env:UNIMICRO', company: company.key, mode: 'draft' };
    const target = { adapter: '@bilag/unimicro', config };
    return {
      url,
      keys: [{ name: 'UNIMICRO', secrets }],
      target,
      json: { url, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
