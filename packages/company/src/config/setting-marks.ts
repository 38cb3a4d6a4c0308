import { createHash } from 'node:crypto';
import type { Company } from './company.ts';

/**
 * A short mark of each of a company's settings, by its name: `rules 2026-01-01`, `target books`, `source`. A setting that was changed
 * has another mark. No setting can be read out of it.
 */
export function settingMarks(company: Company): Readonly<Record<string, string>> {
  const { policy, source, targets, written } = company;
  const { versions, ...rest } = policy;
  const marks: [name: string, setting: unknown][] = [
    ['name', [written.name, written.organisationNumber, written.country, written.currency]],
    ['fiscalYearStartMonth', company.fiscalYearStartMonth],
    ['bankAccounts', company.bankAccounts],
    ['source', [source.declaration.id, source.config, source.ledgers, source.ended, source.files, source.ledger]],
    ...Object.entries(rest),
    ...versions.map(({ from, ...rules }): [string, unknown] => [`rules ${from}`, rules]),
    ...Object.entries(targets).map(([name, { adapter, config }]): [string, unknown] => [
      `target ${name}`,
      [typeof adapter === 'string' ? adapter : adapter.id, config],
    ]),
  ];
  return Object.fromEntries(marks.map(([name, setting]) => [name, markOf(setting)]));
}

function markOf(setting: unknown): string {
  return createHash('sha256').update(textOf(setting)).digest('hex').slice(0, 12);
}

/** What a program gave that is no JSON has one mark: to say what changed must never stop the work. */
function textOf(setting: unknown): string {
  try {
    return JSON.stringify(setting) ?? '';
  } catch {
    return 'no JSON';
  }
}
