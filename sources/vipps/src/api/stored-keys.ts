import { BilagError, isBilagError, type CredentialStore, type Secrets, quotedName } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import type { VippsConfig } from '../config.ts';
import type { VippsCredentials } from './credentials.ts';

/**
 * The keys that a source refers to: `env:VIPPS` is `VIPPS_CLIENT_ID`, `VIPPS_CLIENT_SECRET` and so on, `file:VIPPS` has
 * `clientId`, `clientSecret` and so on. Throws `config` with the names of all that are missing.
 */
export async function credentialsOf(source: VippsConfig, store: CredentialStore): Promise<VippsCredentials> {
  const { credentials: reference = noKeys(), keys } = source;
  const secrets = await secretsOf(reference, store);
  const names = keys === 'merchant' ? [...partnerKeys, ...merchantKeys] : partnerKeys;
  const missing = names.filter((name) => (secrets[name] ?? '').trim() === '');
  if (missing.length > 0) throw notSet(missing, reference);
  const own = (name: (typeof names)[number]): string => (secrets[name] ?? '').trim();
  const common = { clientId: own('clientId'), clientSecret: own('clientSecret') };
  if (keys === 'accounting-partner') return { kind: 'accounting-partner', ...common };
  return {
    kind: 'merchant',
    ...common,
    subscriptionKey: own('subscriptionKey'),
    merchantSerialNumber: own('merchantSerialNumber'),
  };
}

/**
 * The address that stands with the keys, `VIPPS_BASE_URL` or `baseUrl`, where the config names none: keys of a simulator bring
 * their address along. Throws `config` for one that keys may not be sent to.
 */
export async function baseUrlOf(
  { credentials: reference = noKeys(), baseUrl }: VippsConfig,
  store: CredentialStore,
): Promise<string | undefined> {
  if (baseUrl !== undefined) return baseUrl;
  const told = (await secretsOf(reference, store))['baseUrl']?.trim() ?? '';
  if (told === '') return undefined;
  if (isSafeAddress(told)) return told;
  throw new BilagError('config', {
    what: 'the address that stands with the keys is none to send them to',
    where: `${isInEnvironment(reference) ? `${reference.slice('env:'.length)}_BASE_URL` : 'baseUrl'}, for source.credentials ${quotedName(reference)}`,
    action: unsafeAddress,
  });
}

function noKeys(): never {
  throw new BilagError('config', {
    what: 'the config has no keys',
    where: 'source.keys',
    action: 'import files, or write whose keys there are and where',
  });
}

/** Nothing at all in the environment is told by the names that are missing. */
async function secretsOf(reference: string, store: CredentialStore): Promise<Secrets> {
  try {
    return await store.get(reference);
  } catch (error) {
    if (isBilagError(error) && error.kind === 'config' && isInEnvironment(reference)) return {};
    throw error;
  }
}

function notSet(missing: readonly string[], reference: string): BilagError {
  const names = isInEnvironment(reference)
    ? missing.map((name) => `${reference.slice('env:'.length)}_${toUpperCase(name)}`)
    : missing;
  const place = isInEnvironment(reference) ? 'the environment' : 'the encrypted file';
  const isPartners = missing.length === merchantKeys.length && merchantKeys.every((name) => missing.includes(name));
  return new BilagError('config', {
    what: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not set`,
    where: `${place}, for source.credentials ${quotedName(reference)}`,
    action: `set them to the production keys from portal.vippsmobilepay.com → For developers → API keys${isPartners ? "; or, if those that are set are an accounting partner's, write keys: 'accounting-partner'" : ''}`,
  });
}

function isInEnvironment(reference: string): boolean {
  return reference.startsWith('env:');
}

function toUpperCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

const partnerKeys = ['clientId', 'clientSecret'] as const;
const merchantKeys = ['subscriptionKey', 'merchantSerialNumber'] as const;
