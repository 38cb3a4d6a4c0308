import type { Simulation } from '@bilag/fault-server';
import { defaultEconomicJournal } from './economic-options.ts';
import { startEconomicSimulator } from './economic-simulator.ts';

/** `bilag simulate economic`. */
export const economicSimulation: Simulation = {
  kind: 'simulation',
  title: 'e-conomic, with one agreement',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const agreement = { number: 1, name: 'Eksempel ApS', organisationNumber };
    const simulator = await startEconomicSimulator({ port, now, agreements: [agreement] });
    const { url, credentials } = simulator;
    const { appSecretToken, agreementGrantTokens } = credentials;
    const secrets = { appSecretToken, agreementGrantToken: agreementGrantTokens[agreement.number] ?? '' };
    const config = { host: url, credentials: 'env:ECONOMIC', journal: defaultEconomicJournal.number };
    const target = { adapter: '@bilag/economic', config };
    return {
      url,
      keys: [{ name: 'ECONOMIC', secrets }],
      target,
      json: { url, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
