import type { Attachment } from '@bilag/core';

/** Whose file it is: a line of the journal, or an entry of the ledger. Business Central calls both so. */
export const parentType = 'Journal';

/** What a file of ours is known by: its name, made of characters that file names have everywhere. */
export function fileNameOf({ name }: Pick<Attachment, 'name'>): string {
  return name.replaceAll(/[^\w.-]/g, '_').slice(-longestName);
}

const longestName = 100;
