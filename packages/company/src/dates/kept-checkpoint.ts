import { isBilagError, isPlainDate, type PlainDate } from '@bilag/core';
import type { ArchivedCheckpoint, ArchiveStore } from '@bilag/engine';
import { createHash } from 'node:crypto';

/** Everything that what is kept through a date was made of. */
export type MadeOf = (through: PlainDate) => Promise<string>;

/** What was kept, and everything that it was made of. */
export interface FoundCheckpoint<Kept> {
  readonly kept: Kept;
  readonly madeOf: string;
}

/** The last date that a checkpoint holds; undefined where it is none of ours. */
export function throughOf({ content }: ArchivedCheckpoint): PlainDate | undefined {
  const date = content.slice(0, 10);
  return content[10] === '\n' && isPlainDate(date) ? date : undefined;
}

/** Reads what {@link keepCheckpoint} kept: undefined unless it is as it was written, and made of what there is now. */
export async function readCheckpoint<Kept>(
  found: ArchivedCheckpoint | undefined,
  madeOf: MadeOf,
): Promise<FoundCheckpoint<Kept> | undefined> {
  const through = found === undefined ? undefined : throughOf(found);
  if (found === undefined || through === undefined) return undefined;
  const now = await madeOf(through);
  if (digestOf(now, found.content) !== found.madeOf) return undefined;
  return { kept: JSON.parse(found.content.slice(11)) as Kept, madeOf: now };
}

/** Keeps plain data that holds through a date. A place that cannot be written to costs the next run time, and this one nothing. */
export async function keepCheckpoint(
  store: Pick<ArchiveStore, 'keepCheckpoint'>,
  name: string,
  { through, kept, madeOf }: FoundCheckpoint<object> & { readonly through: PlainDate },
): Promise<void> {
  const content = `${through}\n${JSON.stringify(kept)}`;
  try {
    await store.keepCheckpoint(name, { madeOf: digestOf(madeOf, content), content });
  } catch (error) {
    if (!isBilagError(error)) throw error;
  }
}

function digestOf(madeOf: string, content: string): string {
  return createHash('sha256').update(madeOf).update('\n').update(content).digest('hex');
}
