import { BilagError, quotedName } from '@bilag/core';
import { demoMerchants, exampleDay, namedVippsFaults, startVippsSimulator, v1ExampleDay } from '@bilag/simulator-vipps';
import { startFikenSimulator } from '@bilag/simulator-fiken';
import { startPowerOfficeSimulator } from '@bilag/simulator-poweroffice';
import { startTripletexSimulator, type TripletexAccountOptions } from '@bilag/simulator-tripletex';

/** A running simulation, and what a user has to know of it. */
export interface RunningSimulation extends AsyncDisposable {
  readonly json: object;
  /** Assignments for a shell, and comments. */
  readonly lines: readonly string[];
}

export interface SimulationOptions {
  readonly port: number;
  readonly now: () => Date;
  readonly faults: readonly string[];
  readonly v1: boolean;
  readonly organisationNumber: string;
}

export type Simulation = (options: SimulationOptions) => Promise<RunningSimulation>;

export const vippsFaultNames: readonly string[] = Object.keys(namedVippsFaults);

/** Every system there is a simulation of, by name. */
export const simulations: Readonly<Record<string, Simulation>> = {
  vipps: simulateVipps,
  tripletex: simulateTripletex,
  fiken: simulateFiken,
  poweroffice: simulatePowerOffice,
};

async function simulateVipps({ port, now, faults, v1 }: SimulationOptions): Promise<RunningSimulation> {
  const simulator = await startVippsSimulator({
    merchants: [exampleDay, v1ExampleDay, ...demoMerchants()],
    now,
    port,
    v1: v1 ? 'served' : 'removed',
    faults: faults.map(faultOf),
  });
  const { url, credentials, ledgers } = simulator;
  return {
    json: { url, credentials, ledgers: ledgers.map(({ ledgerId }) => ledgerId) },
    lines: [
      "# Vipps MobilePay's Report API, simulated; Ctrl-C stops it. The keys are fake. Paste what you need into another shell.",
      "# An accounting partner's keys, as 'env:VIPPS': all ledgers.",
      `export VIPPS_BASE_URL=${url}`,
      `export VIPPS_CLIENT_ID=${credentials.partner.clientId}`,
      `export VIPPS_CLIENT_SECRET=${credentials.partner.clientSecret}`,
      ...credentials.merchants.flatMap((keys) => {
        const prefix = `VIPPS_${keys.merchantSerialNumber}`;
        return [
          `# A merchant's keys, as 'env:${prefix}': one ledger.`,
          `export ${prefix}_BASE_URL=${url}`,
          `export ${prefix}_CLIENT_ID=${keys.clientId}`,
          `export ${prefix}_CLIENT_SECRET=${keys.clientSecret}`,
          `export ${prefix}_SUBSCRIPTION_KEY=${keys.subscriptionKey}`,
          `export ${prefix}_MERCHANT_SERIAL_NUMBER=${keys.merchantSerialNumber}`,
        ];
      }),
    ],
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function simulateTripletex(options: SimulationOptions): Promise<RunningSimulation> {
  refuseFaults(options);
  const { port, now, organisationNumber } = options;
  const companyId = 2_100_001;
  const simulator = await startTripletexSimulator({
    port,
    now,
    companies: [{ id: companyId, organisationNumber, accounts: tripletexAccounts }],
  });
  const { url, credentials } = simulator;
  const employeeToken = credentials.employeeTokens[companyId] ?? '';
  const target = {
    adapter: '@bilag/tripletex',
    config: { host: url, credentials: 'env:TRIPLETEX', companyId },
  };
  return {
    json: { url, credentials: { consumerToken: credentials.consumerToken, employeeToken }, organisationNumber, target },
    lines: [
      '# Tripletex, simulated, with one company; Ctrl-C stops it, and it forgets everything. The keys are fake.',
      `export TRIPLETEX_CONSUMER_TOKEN=${credentials.consumerToken}`,
      `export TRIPLETEX_EMPLOYEE_TOKEN=${employeeToken}`,
      ...targetLines(target, organisationNumber),
    ],
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function simulateFiken(options: SimulationOptions): Promise<RunningSimulation> {
  refuseFaults(options);
  const { port, now, organisationNumber } = options;
  const company = { slug: 'eksempel-as', name: 'Eksempel AS', organizationNumber: organisationNumber };
  const simulator = await startFikenSimulator({ port, now: () => now().getTime(), companies: [company] });
  const { baseUrl, credentials } = simulator;
  const target = {
    adapter: '@bilag/fiken',
    config: { credential: 'env:FIKEN', company: company.slug, baseUrl, accounts: fikenAccounts },
  };
  return {
    json: { url: baseUrl, credentials: { token: credentials.token }, organisationNumber, target },
    lines: [
      '# Fiken, simulated, with one company; Ctrl-C stops it, and it forgets everything. The keys are fake.',
      `export FIKEN_TOKEN=${credentials.token}`,
      ...targetLines(target, organisationNumber),
    ],
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function simulatePowerOffice(options: SimulationOptions): Promise<RunningSimulation> {
  refuseFaults(options);
  const { port, now, organisationNumber } = options;
  const client = { number: 1, name: 'Eksempel AS', organisationNumber };
  const simulator = await startPowerOfficeSimulator({ port, now, clients: [client] });
  const { url } = simulator;
  const { applicationKey, subscriptionKey, clientKeys } = simulator.credentials;
  const credentials = { applicationKey, subscriptionKey, clientKey: clientKeys[client.number] ?? '' };
  const target = { adapter: '@bilag/poweroffice', config: { host: url, credentials: 'env:POWEROFFICE' } };
  return {
    json: { url, credentials, organisationNumber, target },
    lines: [
      '# PowerOffice Go, simulated, with one client; Ctrl-C stops it, and it forgets everything. The keys are fake.',
      `export POWEROFFICE_APPLICATION_KEY=${credentials.applicationKey}`,
      `export POWEROFFICE_SUBSCRIPTION_KEY=${credentials.subscriptionKey}`,
      `export POWEROFFICE_CLIENT_KEY=${credentials.clientKey}`,
      ...targetLines(target, organisationNumber),
    ],
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** What the preset's policy posts on, and a new company in Tripletex does not have. */
export const tripletexAccounts: readonly TripletexAccountOptions[] = [
  { number: '1578', name: 'Omtvistede betalinger' },
  { number: '1925', name: 'Utbetalinger underveis' },
  { number: '2960', name: 'Påløpte gebyrer' },
  { number: '2999', name: 'Uavklart' },
  { number: '3030', name: 'Salg, middels sats', lockedTo: '31' },
  { number: '3050', name: 'Salg, lav sats', lockedTo: '33' },
];

/** Banks and payment services are sub-accounts in Fiken, and its VAT accounts have numbers of their own. */
export const fikenAccounts: Readonly<Record<string, string>> = {
  '1920': '1920:10001',
  '1579': '1920:10002',
  '2700': '2701',
  '2701': '2702',
  '2703': '2703',
};

function targetLines(target: object, organisationNumber: string): readonly string[] {
  return [
    `# For the targets of a company with organisation number ${organisationNumber}:`,
    ...JSON.stringify(target, null, 2)
      .split('\n')
      .map((line) => `# ${line}`),
  ];
}

function faultOf(name: string): (typeof namedVippsFaults)[string] {
  const fault = Object.hasOwn(namedVippsFaults, name) ? namedVippsFaults[name] : undefined;
  if (fault !== undefined) return fault;
  throw new BilagError('config', {
    what: `there is no fault ${quotedName(name)}`,
    where: '--fault',
    now: `choose of: ${vippsFaultNames.join(', ')}`,
  });
}

function refuseFaults({ faults }: SimulationOptions): void {
  if (faults.length === 0) return;
  throw new BilagError('config', {
    what: 'faults by name are of vipps alone',
    where: '--fault',
    now: 'leave it out; a program arms the faults of an accounting system through its simulator',
  });
}
