import type { DatabaseSync } from 'node:sqlite';
import { BilagError, type Finding } from '@bilag/core';
import type { PageRow } from './archive-queries.ts';
import type { PageFiles } from './page-files.ts';
import { placeOf } from './reading.ts';

/** What `verify()` looked at and found. */
export interface ArchiveVerification {
  readonly readings: number;
  readonly pages: number;
  /** As received, before compression. */
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/** Checks the index, and the digest of every page it names. Each damaged place is a finding. */
export async function verifyArchive(
  index: DatabaseSync,
  indexPath: string,
  files: PageFiles,
): Promise<ArchiveVerification> {
  const findings = indexFindings(index, indexPath);
  const seen = { readings: 0, pages: 0, bytes: 0 };
  // A damaged index cannot be trusted to name the pages.
  if (findings.length > 0) return { ...seen, findings };
  seen.readings = Number(index.prepare('SELECT count(*) AS readings FROM reading').get()?.['readings']);
  const rows = index.prepare('SELECT ledger_id, date, topic, digest, bytes FROM page').iterate();
  for (const row of rows as IterableIterator<PageRow>) {
    seen.pages += 1;
    seen.bytes += row.bytes;
    const problem = await files.read(row).then(() => undefined, asBilagError);
    if (problem !== undefined) findings.push(pageFinding(row, problem));
  }
  return { ...seen, findings };
}

function indexFindings(index: DatabaseSync, path: string): Finding[] {
  const rows = index.prepare('PRAGMA integrity_check(10)').all();
  return rows
    .map((row) => String(row['integrity_check']))
    .filter((result) => result !== 'ok')
    .map((result) => ({
      code: 'archive-index-damaged',
      severity: 'error',
      message: `the index of the archive is damaged: ${result}`,
      where: path,
      action: 'restore the archive from a backup',
    }));
}

function pageFinding(row: PageRow, problem: BilagError): Finding {
  return {
    code: problem.kind === 'not-found' ? 'archive-page-missing' : 'archive-page-damaged',
    severity: 'error',
    message: `${problem.what} (${placeOf({ ledgerId: row.ledger_id, date: row.date, topic: row.topic })})`,
    where: problem.where,
    action: problem.action,
    ledgerId: row.ledger_id,
    date: row.date,
  };
}

function asBilagError(error: unknown): BilagError {
  if (error instanceof BilagError) return error;
  throw error;
}
