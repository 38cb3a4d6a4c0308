import type { Simulation } from '@bilag/fault-server';
import { startPowerOfficeSimulator } from './poweroffice-simulator.ts';

/** `bilag simulate poweroffice`. */
export const powerOfficeSimulation: Simulation = {
  kind: 'simulation',
  title: 'PowerOffice Go, with one client',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const client = { number: 1, name: 'Eksempel AS', organisationNumber };
    const simulator = await startPowerOfficeSimulator({ port, now, clients: [client] });
    const { url, credentials } = simulator;
    const { applicationKey, subscriptionKey, clientKeys } = credentials;
    const secrets = { applicationKey, subscriptionKey, clientKey: clientKeys[client.number] ?? '' };
    const target = { adapter: '@bilag/poweroffice', config: { host: url, credentials: 'env:POWEROFFICE' } };
    return {
      url,
      keys: [{ name: 'POWEROFFICE', secrets }],
      target,
      json: { url, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
