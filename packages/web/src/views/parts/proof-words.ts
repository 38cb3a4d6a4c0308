import type { ProofLine, ProofTable } from '@bilag/company';
import { shownAccount } from '@bilag/bank';
import type { PageContext } from '../../view.ts';

/** What an account of a month is called: the proof itself speaks English. */
export function accountName({ id, about }: Pick<ProofTable, 'id' | 'about'>, { texts, company }: PageContext): string {
  const { month } = texts.views;
  const provider = company?.source.declaration.profile?.provider ?? '';
  const rest = id.slice(about.length + 1);
  if (about === 'funds') return month.fundsTitle(provider, rest);
  if (about === 'fees') return month.feesTitle(provider, rest);
  if (about === 'bank') return month.bankTitle(shownAccount(rest));
  return about === 'transit' ? month.transitTitle : month.targetTitle(rest);
}

/** What a figure of such a table is called. */
export function labelOfLine(
  { id: tableId, about }: ProofTable,
  { id, is, label }: ProofLine,
  context: PageContext,
): string {
  const { month } = context.texts.views;
  if (is === 'opening' || is === 'closing' || is === 'difference') return month[is];
  if (is === 'compared') {
    if (id === `${tableId}-invoices-compared`) return month.comparedInvoices;
    return about === 'bank' ? month.comparedBank : about === 'target' ? month.comparedTarget : month.compared;
  }
  const labels: Readonly<Record<string, string | undefined>> = month.lines;
  const kind = `${about}-${id.slice(tableId.length + 1)}`;
  return (Object.hasOwn(labels, kind) ? labels[kind] : undefined) ?? label;
}
