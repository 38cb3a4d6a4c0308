import { isFromFile, type PlainDate } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import { createHash } from 'node:crypto';
import type { CompanySource } from '../config/source.ts';

/** Where books that are made of an archive may go on, and whether what they were made of is still there. */
export interface DateCheckpoints {
  /** The last date up to this one on which every ledger that has not ended is closed. */
  lastClosed(upTo: PlainDate): PlainDate | undefined;
  /** A digest of everything that the dates up to this one are made of. */
  madeOf(through: PlainDate): string;
  readonly kept: Pick<ArchiveStore, 'checkpoint' | 'keepCheckpoint'>;
}

interface DatesOfLedger {
  readonly id: string;
  readonly currency: string;
  /** Its last ledger date, where the config says that it has ended. */
  readonly end: PlainDate | undefined;
  /** What the archive knows of it, in the order of dates. */
  readonly known: Awaited<ReturnType<ArchiveStore['dates']>>;
}

/**
 * Undefined where dates may say something else when they are read without those before: where pages stood in files, and of a
 * source that does not promise it.
 */
export function checkpointsOf(
  kept: DateCheckpoints['kept'],
  { declaration, config }: CompanySource,
  ledgers: readonly DatesOfLedger[],
): DateCheckpoints | undefined {
  const { id, profile, api } = declaration;
  const version = api?.datesVersion;
  if (version === undefined || ledgers.some(({ known }) => known.some(isFromFile))) return undefined;
  const isClosedOn = ({ end, known }: DatesOfLedger, date: PlainDate): boolean => {
    if (end !== undefined && end < date) return true;
    const own = known.filter((each) => each.date === date);
    return own.length > 0 && own.every(({ closed }) => closed);
  };
  return {
    kept,
    lastClosed: (upTo) =>
      ledgers
        .flatMap(({ known }) => known.findLast(({ date, closed }) => closed && date <= upTo)?.date ?? [])
        .toSorted()
        .toReversed()
        .find((date) => ledgers.every((ledger) => isClosedOn(ledger, date))),
    madeOf: (through) => {
      const hash = createHash('sha256');
      const of = ledgers.map((ledger) => [ledger.id, ledger.currency, ledger.end ?? null]);
      hash.update(JSON.stringify([id, version, profile, config, of]));
      for (const { known } of ledgers) {
        let text = '';
        for (const { ledgerId, topic, date, closed, number } of known)
          if (date <= through) text += `\n${ledgerId}\t${topic}\t${date}\t${closed}\t${number}`;
        hash.update(text);
      }
      return hash.digest('hex');
    },
  };
}
