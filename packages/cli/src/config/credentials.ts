import { BilagError } from '@bilag/core';
import type { VippsCredentials } from '@bilag/vipps';
import type { VippsSource } from './company.ts';

/** Where keys are kept. The environment is one; a vault can be another. */
export interface CredentialStore {
  /** A single value by its name, such as `VIPPS_CLIENT_ID`; undefined when it is not there. */
  get(name: string): Promise<string | undefined>;
}

/** Keys from environment variables. */
export function environmentStore(env: Readonly<Record<string, string | undefined>>): CredentialStore {
  return { get: async (name) => env[name] };
}

/** Reads the keys that a source refers to: `env:VIPPS` is `VIPPS_CLIENT_ID`, `VIPPS_CLIENT_SECRET` and so on. */
export async function credentialsOf(source: VippsSource, store: CredentialStore): Promise<VippsCredentials> {
  const prefix = source.credentials.replace(/^env:/, '');
  const names = source.keys === 'merchant' ? [...partnerFields, ...merchantFields] : partnerFields;
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const field of names) {
    const value = (await store.get(`${prefix}_${field}`))?.trim();
    if (value === undefined || value === '') missing.push(`${prefix}_${field}`);
    else values.set(field, value);
  }
  if (missing.length > 0) {
    throw new BilagError('config', {
      what: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set`,
      where: `the environment, for source.credentials "${source.credentials}"`,
      now: 'set them to the production keys from portal.vippsmobilepay.com → For developers → API keys',
    });
  }
  const keys = { clientId: values.get('CLIENT_ID') ?? '', clientSecret: values.get('CLIENT_SECRET') ?? '' };
  if (source.keys === 'accounting-partner') return { kind: 'accounting-partner', ...keys };
  return {
    kind: 'merchant',
    ...keys,
    subscriptionKey: values.get('SUBSCRIPTION_KEY') ?? '',
    merchantSerialNumber: values.get('MERCHANT_SERIAL_NUMBER') ?? '',
  };
}

const partnerFields = ['CLIENT_ID', 'CLIENT_SECRET'];
const merchantFields = ['SUBSCRIPTION_KEY', 'MERCHANT_SERIAL_NUMBER'];
