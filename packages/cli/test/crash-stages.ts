import type { RefreshCredentials } from '@bilag/fault-server';
import {
  defaultVatGroupsByCode,
  simulatedTenant,
  startBusinessCentralSimulator,
} from '@bilag/simulator-business-central';
import { startEAccountingSimulator } from '@bilag/simulator-eaccounting';
import { startEconomicSimulator } from '@bilag/simulator-economic';
import { startFikenSimulator } from '@bilag/simulator-fiken';
import { startFortnoxSimulator } from '@bilag/simulator-fortnox';
import { defaultTripletexCompany, startTripletexSimulator } from '@bilag/simulator-tripletex';
import { startUnimicroSimulator } from '@bilag/simulator-unimicro';
import { defaultTaxTypesByCode, startXeroSimulator } from '@bilag/simulator-xero';
import { armFault, type FaultName } from '../../../test/crash-runner.ts';
import type { TargetName } from './crash-task.ts';

/** A simulated target, and how things go wrong there. */
export interface Stage {
  readonly config: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  arm(fault: FaultName, at: number): void;
  disarm(): Promise<void>;
  /** What reached the bank, and what was sold with its VAT, in øre. */
  balances(): readonly number[];
  close(): Promise<void>;
}

/** One of each. */
export const openStage: Readonly<Record<TargetName, (time: { ms: number }) => Promise<Stage>>> = {
  'business-central': openBusinessCentral,
  eaccounting: openEAccounting,
  economic: openEconomic,
  fiken: openFiken,
  fortnox: openFortnox,
  tripletex: openTripletex,
  unimicro: openUnimicro,
  xero: openXero,
};

const timeoutMs = 1_000;

async function openXero(time: { readonly ms: number }): Promise<Stage> {
  const simulator = await startXeroSimulator({ now: () => new Date(time.ms), tokenSeconds: 1e9 });
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const { url: host } = simulator;
  const given = await fetch(`${host}/connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  });
  const { access_token: accessToken } = (await given.json()) as { readonly access_token: string };
  const organisation = simulator.backDoor.organisation();
  const { tenant } = organisation;
  const own = { credentials: 'file:XERO', mode: 'posted', taxTypes: defaultTaxTypesByCode, clearingAccounts: ['1579'] };
  return {
    config: { host, tenant, ...own, timeoutMs },
    secrets: { accessToken, accessTokenExpiresMs: String(time.ms + 1e12) },
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(100_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method }) => method === 'PUT',
        read: ({ method, path }) => method === 'GET' && path.includes('Journals'),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const { '1920': bank = 0, '3000': sold = 0, '2700': vat = 0 } = organisation.balances();
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

/** Vouchers are lines of a journal, which is then posted whole: what is left in between counts too. */
async function openBusinessCentral(time: { readonly ms: number }): Promise<Stage> {
  const simulator = await startBusinessCentralSimulator({ now: () => new Date(time.ms) });
  return {
    config: {
      host: simulator.url,
      tenant: simulatedTenant,
      company: 'Kaffebaren Eksempel AS',
      credentials: 'env:BUSINESS_CENTRAL',
      journal: 'BILAG',
      mode: 'posted',
      vatGroups: defaultVatGroupsByCode,
      clearingAccounts: ['1579'],
      timeoutMs,
    },
    secrets: { ...simulator.credentials },
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(100_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method, path }) => method === 'POST' && !path.endsWith('/token'),
        read: ({ method, path }) => method === 'GET' && /journalLines|generalLedgerEntries/.test(path),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const company = simulator.backDoor.company();
      const { '1920': bank = 0, '3000': sold = 0, '2700': vat = 0 } = company.balances({ withDrafts: true });
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

/** Vouchers are drafted and then booked: what is left in between counts too. */
async function openEconomic(time: { readonly ms: number }): Promise<Stage> {
  const simulator = await startEconomicSimulator({ now: () => new Date(time.ms) });
  const { appSecretToken, agreementGrantTokens } = simulator.credentials;
  const { url: host } = simulator;
  return {
    config: { host, credentials: 'env:ECONOMIC', journal: 7, mode: 'posted', clearingAccounts: ['52100'], timeoutMs },
    secrets: { appSecretToken, agreementGrantToken: agreementGrantTokens[1] ?? '' },
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(100_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method }) => method === 'POST',
        read: ({ method, path }) => method === 'GET' && path.endsWith('-entries'),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const agreement = simulator.backDoor.agreement();
      const { '55000': bank = 0, '1000': sold = 0, '64020': vat = 0 } = agreement.balances({ withDrafts: true });
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

async function openFortnox(time: { readonly ms: number }): Promise<Stage> {
  const simulator = await startFortnoxSimulator({ now: () => new Date(time.ms), tokenSeconds: 1e9 });
  const { url: host } = simulator;
  return {
    config: { host, credentials: 'file:FORTNOX', series: 'V', clearingAccounts: ['1686'], timeoutMs },
    secrets: await openedBy(simulator.credentials, `${host}/oauth-v1/token`, time.ms),
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(100_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method }) => method === 'POST',
        read: ({ method, path }) => method === 'GET' && /vouchers|sie/.test(path),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const { '1930': bank = 0, '3001': sold = 0, '2611': vat = 0 } = simulator.backDoor.company().balances();
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

async function openTripletex(time: { readonly ms: number }): Promise<Stage> {
  let searchDelayMs = 0;
  const options = { now: () => new Date(time.ms) };
  // The delay is read at each search.
  Object.defineProperty(options, 'searchDelayMs', { get: () => searchDelayMs, enumerable: true });
  const simulator = await startTripletexSimulator(options);
  const { consumerToken, employeeTokens } = simulator.credentials;
  const company = defaultTripletexCompany.id;
  return {
    config: {
      host: simulator.url,
      credentials: 'env:TRIPLETEX',
      companyId: company,
      clearingAccounts: ['1579'],
      timeoutMs,
    },
    secrets: { consumerToken, employeeToken: employeeTokens[company] ?? '' },
    arm: (name, at) => {
      if (name === 'slow search index') searchDelayMs = 500_000;
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method, path }) =>
          /^POST .*\/voucher$|^PUT .*:reverse$/.test(`${method} ${decodeURIComponent(path)}`),
        read: ({ method, path }) => method === 'GET' && decodeURIComponent(path).includes('/ledger/voucher'),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const { '1920': bank = 0, '3000': sold = 0, '2700': vat = 0 } = simulator.backDoor.company().balances();
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

async function openFiken(time: { ms: number }): Promise<Stage> {
  const simulator = await startFikenSimulator({
    now: () => time.ms,
    sleep: async (ms) => void (time.ms += ms),
    workMs: 0,
    aboveFourPerSecond: 'count',
  });
  const accounts = { '1920': '1920:10001', '1579': '1920:10002', '2700': '2701' };
  const { baseUrl, tokenUrl, credentials } = simulator;
  return {
    config: {
      credential: 'env:FIKEN',
      company: 'bilag-test-as',
      accounts,
      clearingAccounts: ['1579'],
      baseUrl,
      tokenUrl,
      timeoutMs,
    },
    secrets: { token: credentials.token },
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(250_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method }) => method === 'POST' || method === 'PATCH',
        read: ({ method, path }) => method === 'GET' && /journalEntries|sales|transactions/.test(path),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const company = simulator.company();
      return [company.balance('1920:10001'), -(company.balance('3000') + company.balance('2701'))];
    },
    close: () => simulator.close(),
  };
}

async function openUnimicro(time: { readonly ms: number }): Promise<Stage> {
  const simulator = await startUnimicroSimulator({ now: () => new Date(time.ms) });
  const { url: host, credentials } = simulator;
  const own = { credentials: 'env:UNIMICRO', company: 'kafe-eksempel', clearingAccounts: ['1579'] };
  return {
    config: { host, ...own, mode: 'posted', timeoutMs },
    secrets: { ...credentials },
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(100_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method, path }) => method === 'POST' && path.endsWith('/journalentries'),
        read: ({ method, path }) => method === 'GET' && path.includes('/journalentr'),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const { '1920': bank = 0, '3000': sold = 0, '2700': vat = 0 } = simulator.backDoor.company().balances();
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

async function openEAccounting(time: { readonly ms: number }): Promise<Stage> {
  const simulator = await startEAccountingSimulator({ now: () => new Date(time.ms), tokenSeconds: 1e9 });
  const { url: host } = simulator;
  return {
    config: { host, credentials: 'file:EACCOUNTING', mode: 'posted', clearingAccounts: ['1686'], timeoutMs },
    secrets: await openedBy(simulator.credentials, `${host}/connect/token`, time.ms),
    arm: (name, at) => {
      if (name === 'slow search index') simulator.listAfter(250_000);
      armFault(name, at, {
        arm: (fault) => simulator.faults.arm(fault),
        retryAfterSeconds: 5,
        write: ({ method }) => method === 'POST',
        read: ({ method, path }) => method === 'GET' && path.includes('/voucher'),
      });
    },
    disarm: () => simulator.faults.disarmAll(),
    balances: () => {
      const { '1930': bank = 0, '3001': sold = 0, '2611': vat = 0 } = simulator.backDoor.company().balances();
      return [bank, -(sold + vat)];
    },
    close: () => simulator.close(),
  };
}

/** Keys with a token that is good for the whole schedule: refresh tokens work once, and no process keeps the next. */
async function openedBy(
  { clientId, clientSecret, refreshTokens }: RefreshCredentials,
  address: string,
  now: number,
): Promise<Readonly<Record<string, string>>> {
  const given = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: Object.values(refreshTokens)[0] ?? '' }),
  });
  const { access_token: accessToken } = (await given.json()) as { readonly access_token: string };
  return { accessToken, accessTokenExpiresMs: String(now + 1e12) };
}
