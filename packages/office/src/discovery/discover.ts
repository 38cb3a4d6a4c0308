import type { SharedConnection } from '@bilag/company';
import type { SourceLedger } from '@bilag/core';
import type { KeptChange, OfficeStore } from '../store/office-store.ts';
import type { SeenLedger } from './ledger-changes.ts';

/**
 * Asks which ledgers keys can see, and keeps what is new, changed or gone since the last look. An empty list is no error:
 * everything is gone then. Throws what asking throws.
 */
export async function discover(
  connection: Pick<SharedConnection, 'scope' | 'ledgers'>,
  store: OfficeStore,
  now: Date,
): Promise<readonly KeptChange[]> {
  const ledgers = await connection.ledgers();
  return store.look(connection.scope.keys, ledgers.map(seenAs), now.getTime());
}

function seenAs({ id, currency, owner, handles, payoutAccount = null }: SourceLedger): SeenLedger {
  return { id, currency, owner, units: handles, payoutAccount };
}
