import type { Simulation } from '@bilag/fault-server';
import { startFortnoxSimulator } from './fortnox-simulator.ts';

/** `bilag simulate fortnox`. */
export const fortnoxSimulation: Simulation = {
  kind: 'simulation',
  title: 'Fortnox, with one company',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const company = { number: 1, name: 'Exempel AB', organisationNumber };
    const simulator = await startFortnoxSimulator({ port, now, companies: [company] });
    const { url } = simulator;
    const { clientId, clientSecret, refreshTokens } = simulator.credentials;
    const secrets = { clientId, clientSecret, refreshToken: refreshTokens[company.number] ?? '' };
    // A refresh token works once: the next one has to be written somewhere, and the environment cannot be.
    const target = { adapter: '@bilag/fortnox', config: { host: url, credentials: 'file:FORTNOX', series: 'V' } };
    return {
      url,
      keys: [
        { name: 'FORTNOX', about: 'Copy them with bilag keys FORTNOX, because a refresh token works once.', secrets },
      ],
      target,
      json: { url, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
