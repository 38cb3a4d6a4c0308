import type { HeldXeroJournal } from '../books/held.ts';
import { badQuery } from '../books/xero-refusal.ts';

/** Reads a filter such as `Date>=DateTime(2026,03,01) AND Narration.StartsWith("x")`: these conditions, joined by AND. */
export function whereOf(text: string | null): (journal: HeldXeroJournal) => boolean {
  if (text === null || text === '') return () => true;
  const conditions = text.split(/\s+AND\s+|&&/i).map((one) => conditionOf(one.trim()));
  return (journal) => conditions.every((passes) => passes(journal));
}

function conditionOf(text: string): (journal: HeldXeroJournal) => boolean {
  const [, start] = /^Narration\.StartsWith\("([^"]*)"\)$/.exec(text) ?? [];
  if (start !== undefined) return ({ narration }) => narration.startsWith(start);
  const [, status] = /^Status=="(\w+)"$/.exec(text) ?? [];
  if (status !== undefined) return (journal) => journal.status === status;
  const [, operator, year, month = '', day = ''] =
    /^Date(>=|<=|==)DateTime\((\d{4}),(\d{1,2}),(\d{1,2})\)$/.exec(text) ?? [];
  if (operator === undefined) throw badQuery(`Operator or property is not known: ${text}`);
  const wanted = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return ({ date }) => (operator === '>=' ? date >= wanted : operator === '<=' ? date <= wanted : date === wanted);
}
