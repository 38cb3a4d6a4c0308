import { type Company, SourceConnections, type Surroundings } from '@bilag/company';
import type { SourceLedger } from '@bilag/core';
import type { KeptChange, OfficeStore } from '../store/office-store.ts';
import type { SeenLedger } from './ledger-changes.ts';

/** Looks at which ledgers keys can see: once for each set of keys, however many companies have them. */
export class Looks {
  readonly #store: OfficeStore;
  readonly #now: () => Date;
  readonly #made = new Map<string, Promise<readonly KeptChange[]>>();
  /** The ids of all ledgers that any of the keys see. */
  readonly seen: Set<string> = new Set();

  constructor(store: OfficeStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** What has changed since the last look with the company's keys; nothing where it has none. Throws what asking throws. */
  async at(company: Company, connections: SourceConnections): Promise<readonly KeptChange[]> {
    const { declaration, config } = company.source;
    const scope = declaration.api?.scope(config);
    if (scope === undefined) return [];
    const key = JSON.stringify([declaration.id, scope.keys, scope.connection, company.credentialFile.path]);
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    const look = (async (): Promise<readonly KeptChange[]> => {
      const ledgers = (await (await connections.of(company))?.ledgers()) ?? [];
      for (const { id } of ledgers) this.seen.add(id);
      return this.#store.look(scope.keys, ledgers.map(seenAs), this.#now().getTime());
    })();
    this.#made.set(key, look);
    // A failure is the caller's alone: with the next company it is looked again.
    look.catch(() => this.#made.delete(key));
    return look;
  }
}

/**
 * The connections of one company's work: those that everybody shares, for keys that see many merchants' ledgers, because
 * limits are per key; a merchant's own end with its work.
 */
export async function withConnectionsOf<Result>(
  company: Company,
  shared: SourceConnections,
  surroundings: Surroundings,
  work: (connections: SourceConnections) => Promise<Result>,
): Promise<Result> {
  const { declaration, config } = company.source;
  if (declaration.api?.scope(config)?.keysSee === 'many') return work(shared);
  const own = new SourceConnections(surroundings);
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}

/** What looking at all keys came to. */
export interface Discovery {
  readonly changes: readonly KeptChange[];
  /** How many ledgers the keys see. */
  readonly ledgers: number;
}

/**
 * Asks with the keys of every company which ledgers they see, and keeps what is new, changed or gone since the last look. A
 * list without ledgers is no error: everything is gone then. Keys that cannot be asked are told, and stop no others.
 */
export async function discover(
  companies: AsyncIterable<Company> | Iterable<Company>,
  options: {
    readonly store: OfficeStore;
    readonly surroundings: Surroundings;
    readonly onFailure: (company: Company, error: unknown) => void | Promise<void>;
  },
): Promise<Discovery> {
  const { store, surroundings, onFailure } = options;
  const shared = new SourceConnections(surroundings);
  const looks = new Looks(store, surroundings.now);
  const changes = new Map<string, KeptChange>();
  try {
    for await (const company of companies) {
      surroundings.signal.throwIfAborted();
      try {
        const found = await withConnectionsOf(company, shared, surroundings, async (connections) =>
          looks.at(company, connections),
        );
        for (const change of found) changes.set(change.id, change);
      } catch (error) {
        surroundings.signal.throwIfAborted();
        await onFailure(company, error);
      }
    }
  } finally {
    await shared.close();
  }
  return { changes: [...changes.values()], ledgers: looks.seen.size };
}

function seenAs({ id, currency, owner, handles, payoutAccount = null }: SourceLedger): SeenLedger {
  return { id, currency, owner, units: handles, payoutAccount };
}
