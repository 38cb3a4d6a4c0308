import { createVippsClient, type VippsClient, type VippsLedger } from '@bilag/vipps';
import { isLoopback, type VippsSource } from '../config/company.ts';
import { credentialsOf, type CredentialStore } from '../config/credentials.ts';
import { version } from '../version.ts';

/** A client, and the ledgers its keys can see. */
export interface SharedClient {
  readonly client: VippsClient;
  ledgers(signal: AbortSignal): Promise<readonly VippsLedger[]>;
}

/** Companies with the same keys share a client: rate limits are per key. */
export class VippsClients {
  readonly #store: CredentialStore;
  readonly #clients = new Map<string, SharedClient>();

  constructor(store: CredentialStore) {
    this.#store = store;
  }

  async of(source: VippsSource): Promise<SharedClient> {
    const key = JSON.stringify([source.keys, source.credentials, source.baseUrl]);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = createVippsClient({
      credentials: await credentialsOf(source, this.#store),
      system: { name: 'bilag', version, pluginName: 'bilag-cli', pluginVersion: version },
      ...(source.baseUrl === undefined ? {} : { baseUrl: source.baseUrl }),
      // A server on this machine asks for no politeness.
      ...(source.baseUrl !== undefined && isLoopback(source.baseUrl) ? { http: { limits: localLimits } } : {}),
    });
    let listed: Promise<readonly VippsLedger[]> | undefined;
    const shared: SharedClient = {
      client,
      ledgers: async (signal) => {
        listed ??= Array.fromAsync(client.ledgers({ signal }));
        return listed;
      },
    };
    this.#clients.set(key, shared);
    return shared;
  }

  async close(): Promise<void> {
    for (const { client } of this.#clients.values()) await client.close();
    this.#clients.clear();
  }
}

const localLimits = { concurrency: 8, perSecond: 100_000 };
