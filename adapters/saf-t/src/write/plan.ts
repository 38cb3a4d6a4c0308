import { add, BilagError, zero, type Amount, type PlainDate } from '@bilag/core';
import type { FilePosition } from './header.ts';
import type { Model } from './model.ts';
import type { Part, Survey } from './survey.ts';

/** One file of the set, with the totals that stand before its lines. */
export interface PlannedFile extends FilePosition {
  readonly withMasterFiles: boolean;
  readonly withEntries: boolean;
  readonly parts: ReadonlySet<Part>;
  readonly journals: readonly string[];
  readonly transactions: number;
  readonly debit: Amount;
}

/**
 * Which files there are: one, or the header with the master files and then each period in one or more parts. A set that
 * would not fit in one file is split by period even when that was not asked for.
 */
export function planOf(model: Model, survey: Survey, firstBytes: number): readonly PlannedFile[] {
  const { maxBytes, split } = model.config;
  if (firstBytes > maxBytes) {
    throw new BilagError('config', {
      what: `header and master files take ${firstBytes} bytes and a file may have ${maxBytes}`,
      where: 'config.maxBytes',
      action: 'raise maxBytes: master files stand in one file',
    });
  }
  const parts = survey.periods.flatMap((period) => period.parts);
  const bytes = parts.reduce((total, part) => total + part.bytes, firstBytes);
  if (parts.length === 0 || (split === 'none' && bytes <= maxBytes)) {
    return [fileOf(1, 1, model.book.period, parts, survey, true)];
  }
  const total = 1 + parts.length;
  return [
    fileOf(1, total, model.book.period, [], survey, true),
    ...survey.periods
      .flatMap((period) => period.parts.map((part) => ({ period, part })))
      .map(({ period, part }, position) => fileOf(position + 2, total, period, [part], survey, false)),
  ];
}

function fileOf(
  index: number,
  total: number,
  { from, to }: { readonly from: PlainDate; readonly to: PlainDate },
  parts: readonly Part[],
  survey: Survey,
  withMasterFiles: boolean,
): PlannedFile {
  return {
    index,
    total,
    period: { from, to },
    withMasterFiles,
    withEntries: total === 1 || !withMasterFiles,
    parts: new Set(parts),
    journals: survey.journals.filter((series) => parts.some((part) => part.journals.has(series))),
    transactions: parts.reduce((count, part) => count + part.transactions, 0),
    debit: parts.reduce((sum, part) => add(sum, part.debit), zero),
  };
}
