import {
  entriesNotIn,
  type Finding,
  formatAmount,
  isClosed,
  isFromFile,
  type LedgerDate,
  type LedgerEntry,
  type RawPage,
  sum,
} from '@bilag/core';
import { factsOnce } from '../entries/facts-once.ts';
import { vippsProfile } from '../profile.ts';
import { type FilePage, parseFilePage, portalTopic } from './file-page.ts';
import { portalEntries } from './portal/portal-entries.ts';
import type { OwnWords } from './portal/portal-words.ts';
import { retainedEntries, settlementEntries, type SettlementChoices } from './settlement/settlement-entries.ts';

/** How pages from files are read. */
export interface FileChoices extends SettlementChoices {
  readonly currency: string;
  readonly words: OwnWords;
}

/**
 * A ledger date of which some pages stood in files. One of them is believed: what the API has closed, else a report of the
 * portal, which both have the whole date, else the settlements. What another one has and that one has not is a finding that
 * names both.
 */
export function dateWithFiles(
  pages: readonly RawPage[],
  choices: FileChoices,
  fromApi: (pages: readonly RawPage[]) => LedgerDate,
): LedgerDate {
  const settlements = pages.filter((page) => isFromFile(page) && page.topic !== portalTopic);
  const report = pages.filter(({ topic }) => topic === portalTopic);
  const received = pages.filter((page) => !isFromFile(page));
  const whole = [
    ...(received.length === 0 ? [] : [{ pages: received, date: fromApi(received) }]),
    ...(report.length === 0 ? [] : [{ pages: report, date: reportDate(report, choices) }]),
  ];
  const parts = settlements.length === 0 ? undefined : { pages: settlements, date: settledDate(settlements, choices) };
  const believed = whole.find(({ date }) => isClosed(date)) ?? whole[0];
  if (believed === undefined) return (parts as Told).date;
  const others = whole.filter((told) => told !== believed);
  const findings = [
    ...others.flatMap((other) => otherFacts(believed, other, onFunds)),
    ...others.flatMap((other) => (isClosed(other.date) ? otherFacts(other, believed, onFunds) : [])),
    ...(parts === undefined ? [] : otherFacts(believed, parts, isPaidOut)),
    ...(parts?.date.findings ?? []),
  ];
  return { ...believed.date, ...withFindings([...(believed.date.findings ?? []), ...findings]) };
}

/** What pages of one origin tell of a date. */
interface Told {
  readonly pages: readonly RawPage[];
  readonly date: LedgerDate;
}

/** A report has the funds account alone. */
const onFunds = ({ account }: LedgerEntry): boolean => account === 'funds';

/** What a settlement withholds for a date is made from its rows; the ledger may do so on another date. */
const isPaidOut = ({ account, type }: LedgerEntry): boolean => account === 'funds' && type !== 'fees-retained';

function reportDate(pages: readonly RawPage[], choices: FileChoices): LedgerDate {
  const parts = readPages(pages);
  const read = parts.map(({ page, of }) => portalEntries(page, of, choices.words));
  const entries = read.flatMap((part) => part.entries);
  const once = factsOnce([{ where: placeOf(pages), entries, besides: new Map() }]);
  const accounts = { funds: { closed: isWhole(parts) && pages.every(({ closed }) => closed) } };
  return dateOf(
    pages,
    choices,
    accounts,
    once.entries,
    read.flatMap(({ findings }) => findings),
  );
}

function settledDate(pages: readonly RawPage[], choices: FileChoices): LedgerDate {
  const [first] = pages as readonly [RawPage];
  const bySettlement = [...Map.groupBy(pages, ({ topic }) => topic).values()].map(readPages);
  const reads = bySettlement.map((own) => settlementEntries(own, choices));
  const withheld = sum(reads.map((read) => read.withheld));
  // No payment is in two settlements: rows that look alike are facts of their own.
  const once = factsOnce([
    {
      where: placeOf(pages),
      entries: [...reads.flatMap(({ entries }) => entries), ...retainedEntries(first, choices, withheld, choices)],
      besides: new Map(reads.flatMap(({ besides }) => [...besides])),
    },
  ]);
  const findings = [...reads.flatMap((read) => read.findings), ...perhapsTwice(pages, reads)];
  const closed = bySettlement.every(isWhole);
  const accounts = { funds: { closed }, ...(choices.fees ? { fees: { closed } } : {}) };
  return dateOf(pages, choices, accounts, once.entries, findings);
}

interface PageRead {
  readonly page: RawPage;
  readonly of: FilePage;
}

function readPages(pages: readonly RawPage[]): readonly PageRead[] {
  return pages
    .toSorted((a, b) => a.sequence - b.sequence)
    .map((page) => ({ page, of: parseFilePage(page.body, page.request) }));
}

/** A page that is lost leaves its date open. */
function isWhole(pages: readonly PageRead[]): boolean {
  return pages.every(({ page }, index) => page.sequence === index) && pages.at(-1)?.of.isLast === true;
}

function dateOf(
  pages: readonly RawPage[],
  { currency }: FileChoices,
  accounts: LedgerDate['accounts'],
  entries: readonly LedgerEntry[],
  findings: readonly Finding[],
): LedgerDate {
  const [{ ledgerId, date }] = pages as readonly [RawPage];
  return { ledgerId, date, currency, profile: vippsProfile, accounts, entries, ...withFindings(findings) };
}

/** What one tells and the one that is believed does not. */
function otherFacts(believed: Told, other: Told, isCompared: (entry: LedgerEntry) => boolean): Finding[] {
  const strays = entriesNotIn(other.date.entries.filter(isCompared), believed.date.entries);
  const [first] = strays;
  if (first === undefined) return [];
  const { ledgerId, date } = believed.date;
  const [here, there] = [placeOf(other.pages), placeOf(believed.pages)];
  const count = strays.length === 1 ? 'an entry' : `${strays.length} entries`;
  const example = `${first.type} ${first.pspReference ?? 'without an id'} of ${formatAmount(first.amount)}`;
  return [
    {
      code: 'other-facts',
      severity: 'error',
      message: `${here} has ${count} that ${there} does not have, such as ${example}`,
      where: `ledger ${ledgerId}, ${date}, ${here} and ${there}`,
      action: 'find out which of them is right before anything is posted',
      ledgerId,
      date,
      facts: strays.map(({ id }) => id),
    },
  ];
}

/** One payment under two settlements, told with another time: nothing says whether it was paid twice. */
function perhapsTwice(
  pages: readonly RawPage[],
  reads: readonly { readonly entries: readonly LedgerEntry[] }[],
): Finding[] {
  const seen = new Map<string, { readonly entry: LedgerEntry; readonly index: number }>();
  return reads.flatMap(({ entries }, index) =>
    entries.flatMap((entry) => {
      if (entry.pspReference === null || entry.account === 'fees') return [];
      const key = `${entry.type} ${entry.pspReference} ${entry.amount}`;
      const other = seen.get(key);
      seen.set(key, { entry, index });
      if (other === undefined || other.index === index) return [];
      const { ledgerId, ledgerDate } = entry;
      const finding: Finding = {
        code: 'perhaps-twice',
        severity: 'warning',
        message: `${entry.type} ${entry.pspReference} stands in two settlements`,
        where: `ledger ${ledgerId}, ${ledgerDate}, ${placeOf(pages)}`,
        action: 'compare the two files',
        ledgerId,
        date: ledgerDate,
        facts: [other.entry.id, entry.id],
      };
      return [finding];
    }),
  );
}

/** The requests behind pages, such as `july.csv rows 2 to 40`. */
function placeOf(pages: readonly RawPage[]): string {
  const [first, second] = [...new Set(pages.map(({ request }) => request))];
  return second === undefined ? (first ?? '') : `${first} and ${second}`;
}

function withFindings(findings: readonly Finding[]): { readonly findings?: readonly Finding[] } {
  return findings.length === 0 ? {} : { findings };
}
