import type { CredentialStore } from '@bilag/core';
import { createVippsClient, type VippsClient, type VippsLedger } from '@bilag/vipps';
import { isLoopback, type Company, type VippsSource } from '../config/company.ts';
import { baseUrlOf, credentialsOf } from './credentials.ts';
import { version } from '../version.ts';

/** A client, and the ledgers its keys can see. */
export interface SharedClient {
  readonly client: VippsClient;
  ledgers(signal: AbortSignal): Promise<readonly VippsLedger[]>;
}

/** Where a company's keys are. */
export type StoreOf = (company: Pick<Company, 'credentialFile'>) => CredentialStore;

/** Told when a failed request will be tried again, and after how long. */
export type OnWait = (waitMs: number) => void;

/** Companies with the same keys share a client: rate limits are per key. */
export class VippsClients {
  readonly #storeOf: StoreOf;
  readonly #onWait: OnWait | undefined;
  readonly #clients = new Map<string, Promise<SharedClient>>();

  constructor(storeOf: StoreOf, onWait?: OnWait) {
    this.#storeOf = storeOf;
    this.#onWait = onWait;
  }

  async of(source: VippsSource, company: Pick<Company, 'credentialFile'>): Promise<SharedClient> {
    const file = source.credentials.startsWith('file:') ? company.credentialFile.path : null;
    const key = JSON.stringify([source.keys, source.credentials, file, source.baseUrl]);
    const client = this.#clients.get(key) ?? makeClient(source, this.#storeOf(company), this.#onWait);
    this.#clients.set(key, client);
    return client;
  }

  async close(): Promise<void> {
    for (const made of await Promise.allSettled(this.#clients.values())) {
      if (made.status === 'fulfilled') await made.value.client.close();
    }
    this.#clients.clear();
  }
}

async function makeClient(
  source: VippsSource,
  store: CredentialStore,
  onWait: OnWait | undefined,
): Promise<SharedClient> {
  const baseUrl = await baseUrlOf(source, store);
  const client = createVippsClient({
    credentials: await credentialsOf(source, store),
    system: { name: 'bilag', version, pluginName: 'bilag-cli', pluginVersion: version },
    ...(baseUrl === undefined ? {} : { baseUrl }),
    http: {
      // A server on this machine asks for no politeness.
      ...(baseUrl !== undefined && isLoopback(baseUrl) ? { limits: localLimits } : {}),
      onEvent: ({ type, waitMs = 0 }) => {
        if (type === 'wait') onWait?.(waitMs);
      },
    },
  });
  let listed: Promise<readonly VippsLedger[]> | undefined;
  return {
    client,
    ledgers: async (signal) => {
      // A failure is the caller's alone: the next company asks again.
      listed ??= Array.fromAsync(client.ledgers({ signal })).catch((error: unknown) => {
        listed = undefined;
        throw error;
      });
      return listed;
    },
  };
}

const localLimits = { concurrency: 8, perSecond: 100_000 };
