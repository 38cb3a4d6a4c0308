import type { Language } from '@bilag/core';
import type { ActionName, Parameters, ViewName } from './view.ts';

/** The address of a page on the server: `/nb/c/kafe/payouts?month=2026-07`. Every choice stands in it. */
export function pageAddress(
  language: Language,
  companyId: string | undefined,
  view: ViewName,
  parameters: Parameters = {},
): string {
  return `${folderOf(language, companyId)}${view}${queryOf(parameters)}`;
}

/** The address of a table as CSV: `/nb/c/kafe/payouts/payouts.csv?month=2026-07`. */
export function tableAddress(
  language: Language,
  companyId: string | undefined,
  view: ViewName,
  table: string,
  parameters: Parameters = {},
): string {
  return `${folderOf(language, companyId)}${view}/${table}.csv${queryOf(parameters)}`;
}

/** The address of the form where a person does something. */
export function actionAddress(
  language: Language,
  companyId: string,
  action: ActionName,
  parameters: Parameters = {},
): string {
  return `${folderOf(language, companyId)}do/${action}${queryOf(parameters)}`;
}

/** The address that says how an act ended. */
export function doneAddress(language: Language, companyId: string, actId: string): string {
  return `${folderOf(language, companyId)}done/${actId}`;
}

function folderOf(language: Language, companyId: string | undefined): string {
  return companyId === undefined ? `/${language}/` : `/${language}/c/${encodeURIComponent(companyId)}/`;
}

/** What is chosen, in the order of its names, so that one choice has one address. */
export function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  given.sort(([a], [b]) => (a < b ? -1 : 1));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
