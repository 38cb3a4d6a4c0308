import { BilagError, type RawPage, type Reading } from '@bilag/core';
import { placeOf } from './reading.ts';

/** A reading as an archive keeps it, also one that a later reading superseded. */
export interface KeptReading extends Pick<Reading, 'ledgerId' | 'date' | 'topic' | 'closed' | 'pages'> {
  /** 1 for the first reading of its date, then counting up. */
  readonly number: number;
  /** The SHA-256 of what told it apart, where the source said that. */
  readonly fingerprint: string | null;
}

/** A page of any reading, and what is kept of that reading. */
export type HistoryPage = RawPage & Pick<KeptReading, 'number' | 'fingerprint'>;

/** Puts pages that come in their order together to readings. Memory holds one reading. */
export async function* readingsOf(pages: AsyncIterable<HistoryPage>): AsyncGenerator<KeptReading, void, undefined> {
  let open: (KeptReading & { readonly pages: RawPage[] }) | undefined;
  for await (const { number, fingerprint, ...page } of pages) {
    const { ledgerId, date, topic, closed } = page;
    const isNext = open?.number !== number || open.ledgerId !== ledgerId || open.date !== date || open.topic !== topic;
    if (isNext && open !== undefined) yield open;
    if (isNext) open = { ledgerId, date, topic, number, closed, fingerprint, pages: [] };
    open?.pages.push(page);
  }
  if (open !== undefined) yield open;
}

/** What is restored is what was kept, in its turn: nothing is put in its place, and nothing is left out before it. */
export function otherHistory({ ledgerId, date, topic, number }: KeptReading, archive: string): BilagError {
  return new BilagError('conflict', {
    what: `the archive has another reading ${number} of the date, or not the one before it`,
    where: `${placeOf({ ledgerId, date, topic })} in ${archive}`,
    action: 'copy into an archive that is empty, or an older copy of the same; nothing of it was stored',
  });
}
