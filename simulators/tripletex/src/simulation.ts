import type { Simulation } from '@bilag/fault-server';
import type { TripletexAccountOptions } from './tripletex-options.ts';
import { startTripletexSimulator } from './tripletex-simulator.ts';

const companyId = 2_100_001;

/** What Bilag's Norwegian accounts are, and a new company in Tripletex does not have. */
export const bilagAccounts: readonly TripletexAccountOptions[] = [
  { number: '1578', name: 'Omtvistede betalinger' },
  { number: '1925', name: 'Utbetalinger underveis' },
  { number: '2960', name: 'Påløpte gebyrer' },
  { number: '2999', name: 'Uavklart' },
  { number: '3030', name: 'Salg, middels sats', lockedTo: '31' },
  { number: '3040', name: 'Salg av råfisk', lockedTo: '32' },
  { number: '3050', name: 'Salg, lav sats', lockedTo: '33' },
  { number: '3120', name: 'Salg til utlandet', lockedTo: '52' },
  { number: '3900', name: 'Annen inntekt', vatCodes: ['0', '6', '7'] },
];

/** `bilag simulate tripletex`. */
export const tripletexSimulation: Simulation = {
  kind: 'simulation',
  title: 'Tripletex, with one company',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const company = { id: companyId, organisationNumber, accounts: bilagAccounts };
    const simulator = await startTripletexSimulator({ port, now, companies: [company] });
    const { url, credentials } = simulator;
    const { consumerToken, employeeTokens } = credentials;
    const secrets = { consumerToken, employeeToken: employeeTokens[companyId] ?? '' };
    const target = {
      adapter: '@bilag/tripletex',
      config: { host: url, credentials: 'env:TRIPLETEX', companyId },
    };
    return {
      url,
      keys: [{ name: 'TRIPLETEX', secrets }],
      target,
      json: { url, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
