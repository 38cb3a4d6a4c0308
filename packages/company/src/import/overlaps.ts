import {
  BilagError,
  entriesNotIn,
  isClosed,
  type LedgerDate,
  type PlainDate,
  type RawPage,
  type SourceImports,
} from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import type { StagedKey, Staging } from './staging.ts';

/** What a date of a file is compared with, and how its pages are read. */
export interface Overlapping {
  readonly archive: ArchiveStore;
  /** The dates that the archive has something of, as `<ledger> <date>`. */
  readonly archived: ReadonlySet<string>;
  readonly staging: Staging;
  readonly dates: SourceImports<unknown>['dates'];
  readonly config: unknown;
  readonly currency: string;
}

/** The code of a finding that says: pages of one date contradict each other. */
const otherFacts = 'other-facts';

/**
 * Decides what of a file's date is new: the topics to keep. What is there already is not kept once more; an open date may
 * grow. Throws `conflict`, which names both places, where the file tells other facts than what is there.
 */
export async function newTopics(
  topics: readonly StagedKey[],
  file: number,
  overlapping: Overlapping,
): Promise<{ readonly kept: readonly StagedKey[]; readonly date: LedgerDate | undefined }> {
  const [{ ledgerId, date }] = topics as readonly [StagedKey];
  const { staging } = overlapping;
  const existing = [...(await archivedPages(ledgerId, date, overlapping)), ...staging.accepted(ledgerId, date)];
  if (existing.length === 0)
    return {
      kept: topics,
      date: await readDate(
        topics.flatMap((key) => staging.pages(key, file)),
        overlapping,
      ),
    };
  const before = await readDate(existing, overlapping);
  const kept: StagedKey[] = [];
  let together = existing;
  for (const key of topics) {
    const pages = staging.pages(key, file);
    const same = together.filter(({ topic }) => topic === key.topic);
    if (same.length > 0 && !(await supersedes(pages, same, overlapping))) continue;
    together = [...together.filter(({ topic }) => topic !== key.topic), ...pages];
    kept.push(key);
  }
  if (kept.length === 0) return { kept, date: before };
  const after = await readDate(together, overlapping);
  refuseContradiction(after, before);
  return isTold(after, before) ? { kept: [], date: before } : { kept, date: after };
}

async function archivedPages(
  ledgerId: string,
  date: PlainDate,
  { archive, archived }: Overlapping,
): Promise<RawPage[]> {
  return archived.has(`${ledgerId} ${date}`) ? Array.fromAsync(archive.pages({ ledgerId, from: date, to: date })) : [];
}

/** Whether pages of a topic say more than those that are there: throws `conflict` where they say something else. */
async function supersedes(
  pages: readonly RawPage[],
  there: readonly RawPage[],
  overlapping: Overlapping,
): Promise<boolean> {
  const [now, before] = [await readDate(pages, overlapping), await readDate(there, overlapping)];
  const common = (entries: LedgerDate['entries']): LedgerDate['entries'] =>
    entries.filter(({ account }) => now.accounts[account] !== undefined && before.accounts[account] !== undefined);
  const [lost, added] = [
    entriesNotIn(common(before.entries), common(now.entries)),
    entriesNotIn(common(now.entries), common(before.entries)),
  ];
  if (lost.length === 0 && added.length === 0) return isClosed(now) && !isClosed(before);
  const wasOpen = there.some(({ closed }) => !closed);
  if (wasOpen && lost.length === 0) return true;
  // An older report of a date that has grown since.
  if (pages.some(({ closed }) => !closed) && added.length === 0) return false;
  const [first] = [...added, ...lost];
  throw conflict({
    ledgerId: before.ledgerId,
    date: before.date,
    what: `two files differ on ${before.date}: ${added.length} entries are in the second alone, and ${lost.length} in the first${first === undefined ? '' : `, such as ${first.type} ${first.pspReference ?? 'without an id'}`}`,
    where: `${placesOf(there)} and ${placesOf(pages)}`,
  });
}

/** Only what is new: an archive that contradicts itself already says so each time it is booked. */
function refuseContradiction(after: LedgerDate, before: LedgerDate): void {
  const known = new Set((before.findings ?? []).map(({ message }) => message));
  const finding = after.findings?.find(({ code, message }) => code === otherFacts && !known.has(message));
  if (finding === undefined) return;
  throw conflict({ ledgerId: after.ledgerId, date: after.date, what: finding.message, where: finding.where });
}

/** Whether the pages together tell what was told before. */
function isTold(after: LedgerDate, before: LedgerDate): boolean {
  return idsOf(after) === idsOf(before) && isClosed(after) === isClosed(before);
}

function idsOf({ entries }: LedgerDate): string {
  return JSON.stringify(entries.map(({ id }) => id));
}

async function readDate(pages: readonly RawPage[], { dates, config, currency }: Overlapping): Promise<LedgerDate> {
  const ordered = pages.toSorted((a, b) => (a.topic < b.topic ? -1 : Number(a.topic > b.topic)));
  const [date] = await Array.fromAsync(dates(ordered, { currency }, config));
  if (date === undefined) throw new TypeError('pages give a date');
  return date;
}

function placesOf(pages: readonly RawPage[]): string {
  return [...new Set(pages.map(({ request }) => request))].slice(0, 2).join(', ');
}

function conflict({
  what,
  where,
}: {
  readonly ledgerId: string;
  readonly date: PlainDate;
  readonly what: string;
  readonly where: string;
}): BilagError {
  return new BilagError('conflict', {
    what,
    where,
    action: 'find out which of them is right, and import that one alone; nothing was imported',
  });
}
