import type { LedgerProgress } from '@bilag/company';
import type { CompanyState, KeptChange } from '@bilag/office';
import { counted } from './books-tables.ts';
import { toTable } from './table.ts';

/** What has changed among the ledgers that keys see. */
export function changeTable(changes: readonly KeptChange[]): string {
  return toTable(
    ['Ledger', 'Change', 'What', 'Found on', 'Keys'].map((title) => ({ title })),
    changes.map(({ ledgerId, kind, what, at, keys }) => {
      return [ledgerId, kind, what, new Date(at).toISOString().slice(0, 10), keys];
    }),
  );
}

/** Who asks for something, and why: what comes first of each, and how much more there is. */
export async function reasonTable(states: AsyncIterable<CompanyState>): Promise<string> {
  const rows: (readonly string[])[] = [];
  for await (const { companyId, reasons } of states) {
    const [first] = reasons;
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
    rows.push([companyId, `${first?.what ?? ''}${more}`, first?.where ?? '', first?.action ?? '']);
  }
  return toTable(
    ['Company', 'Why', 'Where', 'Now'].map((title) => ({ title })),
    rows,
  );
}

/** How far each ledger is, and how what is new of it is read. */
export function progressLines(ledgers: readonly LedgerProgress[]): string {
  return ledgers
    .map(({ ledgerId, topics, openDates, readBy }) => {
      const closed = topics.map(({ topic, closedThrough }) => `${topic} ${closedThrough ?? 'not yet'}`).join(', ');
      const how =
        readBy === 'date'
          ? 'each of them is asked for every time'
          : 'the feed is followed, because many dates were open; the earliest is asked for every time, all of them once a week';
      const open = openDates === 0 ? 'no date is open' : `${counted(openDates, 'date is', 'dates are')} open`;
      return `ledger ${ledgerId}, closed through: ${closed}; ${open}${openDates === 0 && readBy === 'date' ? '' : `: ${how}`}\n`;
    })
    .join('');
}
