import { BilagError, type FileReading, type PlainDate } from '@bilag/core';
import type { Company } from '../config/company.ts';

/** What an import may hold. */
export interface Allowed {
  /** The ledgers that the archive knew before. */
  readonly known: ReadonlySet<string>;
  readonly today: PlainDate;
  readonly newLedgers: readonly string[];
}

/** Refuses what belongs to somebody else, is in another currency, or has not happened yet. */
export function refuseReading(
  { ledgerId, date, currency, owner = '', page }: FileReading,
  name: string,
  company: Company,
  { known, today, newLedgers }: Allowed,
): void {
  const where = `${name}, ${page.where}`;
  const digits = owner.replaceAll(/\D/g, '');
  if (digits.length >= 6 && digits !== company.organisationNumber) {
    throw new BilagError('conflict', {
      what: `the report is of organisation ${digits}, and the company is ${company.organisationNumber}`,
      where: `${where}, company ${company.id}`,
      action: 'import it for the company that it is of; nothing was imported',
    });
  }
  if (date > today) {
    const what = `the report has ${date}, and today is ${today}`;
    const action = 'look at the file, and at the clock of this machine; nothing was imported';
    throw new BilagError('rejected', { what, where, action });
  }
  if (currency !== company.currency) {
    const what = `the report is in ${currency === '' ? 'no currency' : currency}, and the company's books are in ${company.currency}`;
    const action = 'make a company for each currency; nothing was imported';
    throw new BilagError('conflict', { what, where, action });
  }
  refuseLedger(ledgerId, where, company, known, newLedgers);
}

function refuseLedger(
  ledgerId: string,
  where: string,
  { source, id }: Company,
  known: ReadonlySet<string>,
  newLedgers: readonly string[],
): void {
  const chosen = source.ledgers === undefined ? undefined : [...source.ledgers, ...Object.keys(source.ended ?? {})];
  const isOwn =
    chosen?.includes(ledgerId) ?? (known.size === 0 || known.has(ledgerId) || newLedgers.includes(ledgerId));
  if (isOwn) return;
  throw new BilagError('conflict', {
    what: `the report is of ledger ${ledgerId}, and company ${id} has ${(chosen ?? [...known]).join(', ')}`,
    where,
    action:
      chosen === undefined
        ? `if it is a new one of this company, import it with --new-ledger ${ledgerId}; nothing was imported`
        : 'import it for the company that it is of, or add it to source.ledgers; nothing was imported',
  });
}
