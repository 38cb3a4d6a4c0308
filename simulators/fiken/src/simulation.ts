import type { Simulation } from '@bilag/fault-server';
import { startFikenSimulator } from './fiken-simulator.ts';

/** Banks and payment services are sub-accounts in Fiken, and its VAT accounts have numbers of their own. */
const accounts: Readonly<Record<string, string>> = {
  '1920': '1920:10001',
  '1579': '1920:10002',
  '2700': '2701',
  '2701': '2702',
  '2703': '2703',
};

/** `bilag simulate fiken`. */
export const fikenSimulation: Simulation = {
  kind: 'simulation',
  title: 'Fiken, with one company',
  faults: [],
  async start({ port, now, organisationNumber }) {
    const company = { slug: 'eksempel-as', name: 'Eksempel AS', organizationNumber: organisationNumber };
    const simulator = await startFikenSimulator({ port, now: () => now().getTime(), companies: [company] });
    const { baseUrl, credentials } = simulator;
    const secrets = { token: credentials.token };
    const target = {
      adapter: '@bilag/fiken',
      config: { credential: 'env:FIKEN', company: company.slug, baseUrl, accounts },
    };
    return {
      url: baseUrl,
      keys: [{ name: 'FIKEN', secrets }],
      target,
      json: { url: baseUrl, credentials: secrets, organisationNumber, target },
      [Symbol.asyncDispose]: () => simulator.close(),
    };
  },
};
