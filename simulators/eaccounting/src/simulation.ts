import type { Simulation } from '@bilag/fault-server';
import { startEAccountingSimulator } from './eaccounting-simulator.ts';

/** `bilag simulate eaccounting`. */
export const eAccountingSimulation: Simulation = {
  kind: 'simulation',
  title: 'Visma eAccounting, with one company',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const company = { id: 'exempel-1', name: 'Exempel AB', organisationNumber };
    const simulator = await startEAccountingSimulator({ port, now, companies: [company] });
    const { url } = simulator;
    const { clientId, clientSecret, refreshTokens } = simulator.credentials;
    const secrets = { clientId, clientSecret, refreshToken: refreshTokens[company.id] ?? '' };
    // A refresh token works once: the next one has to be written somewhere, and the environment cannot be.
    const target = {
      adapter: '@bilag/eaccounting',
      config: { host: url, credentials: 'file:EACCOUNTING', mode: 'draft' },
    };
    const about = 'Copy them with bilag keys EACCOUNTING, because a refresh token works once.';
    return {
      url,
      keys: [{ name: 'EACCOUNTING', about, secrets }],
      target,
      json: { url, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
