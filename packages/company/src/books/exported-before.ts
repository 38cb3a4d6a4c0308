import { addDays, BilagError, type FileAdapter, type Finding, type PlainDate } from '@bilag/core';
import { openExportRecord, type ExportRecord, type WrittenFile } from '@bilag/engine';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Company } from '../config/company.ts';
import type { LoadedTarget } from '../config/load-adapter.ts';
import type { Period } from '../dates/period.ts';

/** A target, and what is remembered of exports to it. */
export interface RecordedTarget extends LoadedTarget<FileAdapter> {
  readonly record: ExportRecord;
  /** The names of the files it is given now. */
  readonly names: Set<string>;
}

/** Opens what a company remembers of its exports, beside its delivery log, and closes it after the work. */
export async function withExportRecords<Result>(
  { delivery }: Pick<Company, 'delivery'>,
  targets: readonly LoadedTarget<FileAdapter>[],
  work: (recorded: readonly RecordedTarget[]) => Promise<Result>,
): Promise<Result> {
  const path = recordPath(delivery);
  const recorded: RecordedTarget[] = [];
  try {
    for (const target of targets)
      recorded.push({ ...target, record: openExportRecord(path, target.name), names: new Set() });
    return await work(recorded);
  } finally {
    for (const { record } of recorded) record.close();
  }
}

function recordPath(delivery: string): string {
  return `${delivery.replace(/\.sqlite$/, '')}.exports.sqlite`;
}

/** For work that writes no files: the date under which a voucher was exported to any target. */
export async function withExportedDates<Result>(
  { delivery, targets }: Pick<Company, 'delivery' | 'targets'>,
  work: (exportedOn: (key: string) => PlainDate | undefined) => Promise<Result>,
): Promise<Result> {
  const path = recordPath(delivery);
  if (!existsSync(path)) return work(() => undefined);
  const records: ExportRecord[] = [];
  try {
    for (const target of Object.keys(targets)) records.push(openExportRecord(path, target));
    return await work((key) => records.map((record) => record.bookedOn(key)).find((date) => date !== undefined));
  } finally {
    for (const record of records) record.close();
  }
}

/** A file of an earlier export of the same period to the same folder, that is still there. */
export interface EarlierFile {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  readonly createdAt: string;
}

/** Two generations of a period in one folder: somebody would import both. Throws `conflict` unless they may be replaced. */
export async function earlierFiles(
  recorded: readonly RecordedTarget[],
  period: Period,
  options: { readonly folder: string; readonly replace: boolean },
): Promise<readonly EarlierFile[]> {
  const folder = resolve(options.folder);
  const earlier: EarlierFile[] = [];
  for (const file of recorded.flatMap(({ record }) => record.files(folder, period))) {
    const path = join(folder, file.name);
    if ((await lstat(path).catch(() => undefined))?.isFile() !== true) continue;
    earlier.push({ ...file, path });
  }
  const [first] = earlier;
  if (first === undefined || options.replace) return earlier;
  throw new BilagError('conflict', {
    what: `the file is there already: ${period.from} to ${period.to} was exported on ${first.createdAt.slice(0, 10)}`,
    where: earlier.map(({ path }) => path).join(', '),
    action: 'choose another folder, or --replace it; nothing was written',
  });
}

/** Takes away what a new export replaces and its names do not. What was changed since it was exported stays, and is named. */
export async function removeEarlier(
  earlier: readonly EarlierFile[],
  written: readonly WrittenFile[],
): Promise<{ readonly removed: readonly string[]; readonly kept: readonly string[] }> {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const { name, path, sha256 } of earlier) {
    if (written.some((file) => file.name === name)) continue;
    if ((await digestOf(path)) === sha256) {
      await rm(path);
      removed.push(path);
    } else kept.push(path);
  }
  return { removed, kept };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path)) hash.update(block as Uint8Array);
  return hash.digest('hex');
}

/** Keys of vouchers that are not as they were exported. */
export type ExportDifferences = ReturnType<ExportRecord['differences']>;

/** What differs before a period. `known`: as far as it was found out earlier, of vouchers that were not taken now. */
export function differencesBefore(
  record: ExportRecord,
  { from }: Period,
  { policy }: Company,
  known?: { readonly through: PlainDate; readonly differences: ExportDifferences },
): ExportDifferences {
  const begin = known === undefined ? policy.versions[0].from : addDays(known.through, 1);
  const { changed, gone } = known?.differences ?? { changed: [], gone: [] };
  if (begin >= from) return { changed, gone };
  const found = record.differences({ from: begin, to: addDays(from, -1) });
  return { changed: [...changed, ...found.changed], gone: [...gone, ...found.gone] };
}

/**
 * What was handed over earlier under another period, or is not so any more: in this export's period, and from the cut-over to
 * it.
 */
export function differencesFrom(
  record: ExportRecord,
  { from, to }: Period,
  before: ExportDifferences,
  { id }: Company,
): Finding[] {
  const where = `company ${id}, ${record.where}`;
  return [
    ...toOverlap(record.overlapping({ from, to }), where),
    ...toFindings(before, {
      where,
      action:
        'export their period anew and import that in place of its file; where the period is closed, correct the difference by hand',
    }),
    ...toFindings(record.differences({ from, to }), {
      where,
      action: 'if the earlier file was imported, import this one in its place, not beside it',
    }),
  ];
}

/** The vouchers of these days are in another file as well: who imports both has them twice. */
function toOverlap(others: ReturnType<ExportRecord['overlapping']>, where: string): Finding[] {
  const [first] = others;
  if (first === undefined) return [];
  const more = others.length === 1 ? '' : `, and ${others.length - 1} more`;
  return [
    {
      code: 'exported-before',
      severity: 'warning',
      message: `days of this period are in files of another period too: ${first.from} to ${first.to} (${first.name})${more}`,
      where,
      action: 'never import both: their vouchers would be in the books twice',
    },
  ];
}

function toFindings({ changed, gone }: ExportDifferences, place: Pick<Finding, 'where' | 'action'>): Finding[] {
  return [[changed, 'have other lines now'] as const, [gone, 'are not there now'] as const].flatMap(([keys, what]) => {
    if (keys.length === 0) return [];
    const shown = `${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ` and ${keys.length - 5} more` : ''}`;
    const message = `vouchers that were exported earlier ${what}: ${shown}`;
    return [{ code: 'exported-otherwise', severity: 'warning' as const, message, ...place, vouchers: keys }];
  });
}
