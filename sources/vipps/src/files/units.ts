import type { ImportContext } from '@bilag/core';

/** A sales unit, and the ledger it settles into. */
export interface Unit {
  readonly ledgerId: string;
  /** As entries and policies name it: `api:123455` where the Report API has told, else its number alone. */
  readonly handle: string;
}

/** The ledger of a sales unit by its number, where it has been read before. */
export function knownUnit(number: string, { ledgers }: Pick<ImportContext, 'ledgers'>): Unit | undefined {
  for (const { id, handles } of ledgers) {
    const handle = handles.find((name) => name === number || name.endsWith(`:${number}`));
    if (handle !== undefined) return { ledgerId: id, handle };
  }
  return undefined;
}
