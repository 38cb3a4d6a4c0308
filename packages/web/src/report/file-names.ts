import { createHash } from 'node:crypto';
import { queryOf } from '../addresses.ts';
import type { Parameters, ViewName } from '../view.ts';

/** A page, or a table of one, that a report may have. */
export interface ReportPlace {
  readonly companyId: string | undefined;
  readonly view: ViewName;
  /** The name of a table; undefined for the page itself. */
  readonly table: string | undefined;
  readonly parameters: Parameters;
}

/**
 * The name of its file: `kafe.payouts.month-2026-07.html`. What cannot stand in a name that every system takes is told apart by a digest.
 */
export function fileNameOf({ companyId, view, table, parameters }: ReportPlace): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const choices = given.toSorted(([a], [b]) => (a < b ? -1 : 1)).flat();
  const plain = choices.join('-');
  const kept = plain.replaceAll(/[^a-z0-9.-]+/g, '-').slice(0, 60);
  const digest = createHash('sha256').update(queryOf(parameters)).digest('hex').slice(0, 10);
  const chosen = plain === '' ? [] : [kept === plain ? kept : `${kept}-${digest}`];
  const end = table === undefined ? 'html' : `${table}.csv`;
  return [...(companyId === undefined ? [] : [companyId]), view, ...chosen, end].join('.');
}
