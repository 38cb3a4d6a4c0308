import type { CompanyState, KeptChange } from '@bilag/office';
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
