import type { Finding } from '@bilag/core';
import type { Statement } from './statement.ts';
import { findingOf } from './statement-finding.ts';

/** Statements, each whole, and what is missing of others. */
export interface WholeStatements {
  readonly statements: readonly Statement[];
  readonly findings: readonly Finding[];
}

/**
 * Puts the pages of statements together, and leaves out what was delivered before: the same statement of the same account with
 * the same entries, whatever its file is called. A statement of which a page is missing is left out with a finding.
 */
export function wholeStatements(read: readonly Statement[]): WholeStatements {
  const findings: Finding[] = [];
  const distinct = new Map<string, Statement>();
  for (const statement of read) {
    const identity = identityOf(statement);
    if (!distinct.has(identity)) distinct.set(identity, statement);
    else
      findings.push(
        findingOf('statement-repeated', 'info', statement, 'this statement was read before', 'nothing to do'),
      );
  }
  const pages = new Map<string, Statement[]>();
  const statements: Statement[] = [];
  for (const statement of distinct.values()) {
    const { page } = statement;
    if (page === undefined || (page.number === 1 && page.isLast)) statements.push(statement);
    else pages.set(page.of, [...(pages.get(page.of) ?? []), statement]);
  }
  for (const parts of pages.values()) {
    const missing = missingPage(parts);
    if (missing === undefined) statements.push(...joined(parts));
    else {
      const [first] = parts;
      if (first === undefined) continue;
      const message = `page ${missing} is not there, and there are ${parts.length} others; nothing of them is used`;
      findings.push(findingOf('statement-page-missing', 'error', first, message, 'import the missing page'));
    }
  }
  return { statements, findings };
}

/** What makes it the same statement: a copy that is ordered again may get another message id. */
function identityOf(statement: Statement): string {
  const { account, id, sequence, period, opening, closing, lines, page } = statement;
  const entries = lines.map(({ date, amount, bankReference, texts, status }) => [
    date,
    amount,
    bankReference,
    texts,
    status,
  ]);
  return JSON.stringify([account, id, sequence, period, opening, closing, page?.number, entries]);
}

function missingPage(parts: readonly Statement[]): number | undefined {
  const numbers = new Set(parts.map(({ page }) => page?.number));
  const last = parts.find(({ page }) => page?.isLast === true)?.page?.number;
  for (let number = 1; number <= (last ?? parts.length + 1); number += 1) if (!numbers.has(number)) return number;
  return undefined;
}

/** Pages of a message may be of several accounts, and several statements. */
function joined(parts: readonly Statement[]): Statement[] {
  const byStatement = new Map<string, Statement>();
  for (const part of parts.toSorted((a, b) => (a.page?.number ?? 0) - (b.page?.number ?? 0))) {
    const key = JSON.stringify([part.account, part.sequence ?? part.id]);
    const before = byStatement.get(key);
    byStatement.set(key, before === undefined ? part : together(before, part));
  }
  return [...byStatement.values()];
}

function together(before: Statement, after: Statement): Statement {
  const opening = before.opening ?? after.opening;
  const closing = after.closing ?? before.closing;
  const periods = [before.period, after.period].filter((period) => period !== undefined);
  const from = periods.map((period) => period.from).toSorted()[0];
  const to = periods
    .map((period) => period.to)
    .toSorted()
    .at(-1);
  return {
    ...before,
    ...(from === undefined || to === undefined ? {} : { period: { from, to } }),
    ...(opening === undefined ? {} : { opening }),
    ...(closing === undefined ? {} : { closing }),
    claims: { ...after.claims, ...before.claims },
    lines: [...before.lines, ...after.lines],
  };
}
