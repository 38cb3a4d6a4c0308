import type { SourceConnection, SourceLedger, SourceScope } from '@bilag/core';
import type { Company } from '../config/company.ts';
import { credentialsFor } from '../config/credential-store.ts';
import type { Surroundings } from '../surroundings.ts';
import { version } from '../version.ts';

/** A connection to a provider, what the company's config comes to, and the ledgers the keys can see. */
export interface SharedConnection {
  readonly scope: SourceScope;
  readonly connection: SourceConnection;
  ledgers(): Promise<readonly SourceLedger[]>;
}

type Listed = Omit<SharedConnection, 'scope'>;

/** Companies with the same keys share a connection: rate limits are per key. */
export class SourceConnections {
  readonly #surroundings: Surroundings;
  readonly #connections = new Map<string, Promise<Listed>>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The connection of a company; undefined where its source only reads files, or has no keys. */
  async of({
    source,
    credentialFile,
  }: Pick<Company, 'source' | 'credentialFile'>): Promise<SharedConnection | undefined> {
    const { declaration, config } = source;
    if (declaration.api === undefined) return undefined;
    const { api } = declaration;
    const scope = api.scope(config);
    if (scope === undefined) return undefined;
    const file = scope.credentials.startsWith('file:') ? credentialFile.path : null;
    const key = JSON.stringify([declaration.id, scope.credentials, file, scope.connection]);
    const { env, signal, onRetry, program = { name: 'bilag-company', version } } = this.#surroundings;
    const credentials = this.#surroundings.credentials ?? credentialsFor({ credentialFile }, env);
    let made = this.#connections.get(key);
    if (made === undefined) {
      const told = onRetry === undefined ? {} : { onRetry };
      made = api.connect(config, { credentials, signal, program, ...told }).then(listedOnce);
      this.#connections.set(key, made);
      // Where the keys could not be had, the next company asks for them again.
      made.catch(() => this.#connections.delete(key));
    }
    return { scope, ...(await made) };
  }

  async close(): Promise<void> {
    for (const made of await Promise.allSettled(this.#connections.values())) {
      if (made.status === 'fulfilled') await made.value.connection.close();
    }
    this.#connections.clear();
  }
}

function listedOnce(connection: SourceConnection): Listed {
  let listed: Promise<readonly SourceLedger[]> | undefined;
  return {
    connection,
    ledgers: async () => {
      // A failure is the caller's alone: the next company asks again.
      listed ??= Array.fromAsync(connection.ledgers()).catch((error: unknown) => {
        listed = undefined;
        throw error;
      });
      return listed;
    },
  };
}
