import { containedVat, formatAmount, negate, subtract, sum } from '@bilag/core';
import type { BusinessCentralJournalOptions } from '../business-central-options.ts';
import type { BusinessCentralCompany } from './business-central-company.ts';
import { refusedByLogic } from './business-central-refusal.ts';
import type { HeldEntry, HeldLine } from './held.ts';

/** An entry to be, and the line it comes from. */
export type MadeEntry = Omit<HeldEntry, 'id' | 'entryNumber' | 'createdAt'> & { readonly line: HeldLine };

/** What the lines of a journal become in the ledger. The first that cannot be posted refuses all. */
export function entriesOf(
  lines: readonly HeldLine[],
  journal: BusinessCentralJournalOptions,
  company: BusinessCentralCompany,
): MadeEntry[] {
  if (lines.length === 0) throw refusedByLogic('There is nothing to post.');
  for (const line of lines) refuseLine(line, journal, company);
  refuseUnbalanced(lines);
  const numbers = new Map<string, string>();
  const { postingSeries } = journal;
  const first = new Set(company.entries.map(({ documentNumber }) => documentNumber)).size + 1;
  for (const { documentNumber } of lines) {
    if (numbers.has(documentNumber)) continue;
    numbers.set(
      documentNumber,
      postingSeries === undefined ? documentNumber : postingSeries + String(first + numbers.size),
    );
  }
  return lines.flatMap((line) =>
    postingsOf(line, company).map((entry) => ({ ...entry, documentNumber: numbers.get(line.documentNumber) ?? '' })),
  );
}

/** What one line becomes, whatever else there is: the VAT's own entry stands beside it. */
export function postingsOf(line: HeldLine, { vatGroups, accounts }: BusinessCentralCompany): MadeEntry[] {
  const { account, amount, taxCode, balancingAccount, postingDate, documentNumber, description, dimensions } = line;
  const common = { postingDate, documentNumber, description, dimensions, line };
  const balancing = balancingAccount === '' ? [] : [{ ...common, account: balancingAccount, amount: negate(amount) }];
  const group = vatGroups.get(taxCode);
  const isTaxed = accounts.get(account)?.postingType !== undefined && group?.account !== undefined;
  const contained = isTaxed ? containedVat(amount, group?.rateBasisPoints ?? 0) : undefined;
  if (contained === undefined || contained === 0) return [{ ...common, account, amount }, ...balancing];
  return [
    { ...common, account, amount: subtract(amount, contained) },
    { ...common, account: group?.account ?? '', amount: contained },
    ...balancing,
  ];
}

function refuseLine(line: HeldLine, { code }: BusinessCentralJournalOptions, company: BusinessCentralCompany): void {
  const { postingDate: date, taxCode, account, lineNumber } = line;
  const place = `Journal Template Name='GENERAL',Journal Batch Name='${code}',Line No.='${lineNumber}'`;
  const { allowPostingFrom = '', allowPostingTo = '9999' } = company;
  if (date < allowPostingFrom || date > allowPostingTo) {
    const words = 'Posting Date is not within your range of allowed posting dates';
    throw refusedByLogic(`${words} in Gen. Journal Line ${place}.`);
  }
  const { periods } = company;
  const [first, end] = [periods[0]?.startingDate ?? '9999', periods.at(-1)?.startingDate ?? ''];
  if (date < first || date >= end) throw refusedByLogic(`There is no accounting period for ${date}.`);
  if (taxCode !== '' && company.accounts.get(account)?.postingType === undefined) {
    throw refusedByLogic(
      `Gen. Posting Type must have a value in Gen. Journal Line: ${place}. It cannot be zero or empty.`,
    );
  }
}

/** Lines of one document number and date balance, but those that have an account to balance them. */
function refuseUnbalanced(lines: readonly HeldLine[]): void {
  const open = lines.filter(({ balancingAccount }) => balancingAccount === '');
  for (const group of Map.groupBy(open, (line) => `${line.documentNumber} ${line.postingDate}`).values()) {
    const total = sum(group.map(({ amount }) => amount));
    if (total === 0) continue;
    const { documentNumber } = group[0] as HeldLine;
    throw refusedByLogic(
      `Document No. ${documentNumber} is out of balance by ${formatAmount(total)}. Please check that Posting Date, Document Type, Document No. and Amount are correct for each line.`,
    );
  }
}
