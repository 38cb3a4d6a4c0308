import { isBilagError, type PlainDate } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { withArchive } from '../dates/company-archive.ts';
import { feedPlace } from './followed-ledger.ts';

/** How far a ledger is in the archive, and how what is new of it is read. */
export interface LedgerProgress {
  readonly ledgerId: string;
  /** The last date up to which everything since the cut-over is closed, topic by topic. */
  readonly topics: readonly { readonly topic: string; readonly closedThrough: PlainDate | null }[];
  /** How many dates of the archive are open. */
  readonly openDates: number;
  /**
   * `date`: every open date is asked for each time. `feed`: many dates were open, as with a monthly settlement, so the feed is
   * followed, and a date is asked for when it may have closed.
   */
  readonly readBy: 'date' | 'feed';
}

/** What the archive says of each ledger of a company, offline; nothing where nothing was fetched or a source reads files. */
export async function ledgerProgress(company: Company): Promise<readonly LedgerProgress[]> {
  const { declaration, config } = company.source;
  const topics = declaration.api?.scope(config)?.topics;
  if (topics === undefined) return [];
  const cutOver = company.policy.versions[0].from;
  try {
    return await withArchive(company, { create: false }, async (archive) => {
      const ledgers = await archive.ledgers();
      return Promise.all(ledgers.map(async ({ id }) => progressOf(archive, id, topics, cutOver)));
    });
  } catch (error) {
    if (isBilagError(error) && error.kind === 'not-found') return [];
    throw error;
  }
}

async function progressOf(
  archive: ArchiveStore,
  ledgerId: string,
  topics: readonly string[],
  cutOver: PlainDate,
): Promise<LedgerProgress> {
  const read = await Promise.all(
    topics.map(async (topic) => ({
      topic,
      closedThrough: (await archive.lastClosed(ledgerId, topic, cutOver)) ?? null,
      open: (await archive.dates({ ledgerId, topic, from: cutOver })).filter(({ closed }) => !closed),
      place: await feedPlace(archive, ledgerId, topic),
    })),
  );
  return {
    ledgerId,
    topics: read.map(({ topic, closedThrough }) => ({ topic, closedThrough })),
    openDates: new Set(read.flatMap(({ open }) => open.map(({ date }) => date))).size,
    readBy: read.some(({ place }) => place !== undefined) ? 'feed' : 'date',
  };
}
