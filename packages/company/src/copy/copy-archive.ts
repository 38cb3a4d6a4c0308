import { isDeepStrictEqual } from 'node:util';
import { BilagError } from '@bilag/core';
import type { ArchiveStore, KeptReading } from '@bilag/engine';
import type { CopyOptions } from './copy-company.ts';

/** How much of an archive was copied. */
export interface CopiedArchive {
  /** Superseded ones too. */
  readonly readings: number;
  readonly pages: number;
}

/** Read back together: enough to keep a database busy, and little in memory. */
const readingsAtOnce = 50;
const bytesAtOnce = 4_000_000;

/**
 * Copies everything that an archive keeps to another, and compares them, body by body. A checkpoint is not copied: it is made
 * again.
 */
export async function copyArchive(
  from: ArchiveStore,
  to: ArchiveStore,
  { signal, onProgress }: CopyOptions,
): Promise<CopiedArchive> {
  await refuseOthers(from, to);
  await to.rememberLedgers(await from.ledgers());
  let [readings, pages] = [0, 0];
  for await (const some of together(from.history())) {
    signal.throwIfAborted();
    await to.restore(some);
    readings += some.length;
    for (const reading of some) pages += reading.pages.length;
    onProgress?.({ readings, pages });
  }
  // Only now: a cursor that is ahead of its pages would lose them.
  for (const cursor of await from.cursors()) await to.setCursor(cursor);
  await mustBeSame(from, to, signal);
  return { readings, pages };
}

async function* together(history: AsyncIterable<KeptReading>): AsyncGenerator<readonly KeptReading[], void, undefined> {
  let some: KeptReading[] = [];
  let bytes = 0;
  for await (const reading of history) {
    some.push(reading);
    for (const { body } of reading.pages) bytes += body.length;
    if (some.length < readingsAtOnce && bytes < bytesAtOnce) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** What is there and not here was never copied from here: it is told before anything is mixed. */
async function refuseOthers(from: ArchiveStore, to: ArchiveStore): Promise<void> {
  const own = new Set((await from.dates()).map(nameOf));
  const other = (await to.dates()).find((date) => !own.has(nameOf(date)));
  if (other !== undefined)
    throw otherArchive(`${other.date} of ledger ${other.ledgerId} is there, and not here`, from, to);
}

function nameOf({ ledgerId, date, topic }: Pick<KeptReading, 'ledgerId' | 'date' | 'topic'>): string {
  return JSON.stringify([ledgerId, date, topic]);
}

/** In step: what is the same so far is let go of. */
async function mustBeSame(from: ArchiveStore, to: ArchiveStore, signal: AbortSignal): Promise<void> {
  const copies = to.history()[Symbol.asyncIterator]();
  try {
    for await (const reading of from.history()) {
      signal.throwIfAborted();
      const { value: copy, done } = await copies.next();
      if (done === true || !isDeepStrictEqual(shown(copy), shown(reading))) {
        throw otherArchive(
          `reading ${reading.number} of ${reading.date}, ledger ${reading.ledgerId}, is not the same`,
          from,
          to,
        );
      }
    }
    if ((await copies.next()).done !== true) throw otherArchive('more is there than here', from, to);
  } finally {
    await copies.return?.();
  }
  if (!isDeepStrictEqual(await besideReadings(to), await besideReadings(from)))
    throw otherArchive('ledgers or cursors differ', from, to);
}

async function besideReadings(archive: ArchiveStore): Promise<unknown> {
  return [await archive.ledgers(), await archive.cursors()];
}

function shown({ pages, ...reading }: KeptReading): unknown {
  const shownPages = pages.map(({ sequence, request, receivedAt, body }) => ({
    sequence,
    request,
    receivedAt,
    body: Buffer.from(body),
  }));
  return { ...reading, pages: shownPages };
}

function otherArchive(what: string, from: ArchiveStore, to: ArchiveStore): BilagError {
  return new BilagError('conflict', {
    what: `the archives are not the same: ${what}`,
    where: `${from.where}, ${to.where}`,
    action:
      'see that nobody fetches meanwhile, and copy again; into another place if it holds something else. Nothing was taken out of use',
  });
}
