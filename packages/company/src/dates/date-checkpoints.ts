import { addDays, isFromFile, type PlainDate } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import { createHash } from 'node:crypto';
import type { CompanySource } from '../config/source.ts';

/** Where books that are made of an archive may go on, and whether what they were made of is still there. */
export interface DateCheckpoints {
  /** The last date up to this one on which every ledger that has not ended is closed. */
  lastClosed(upTo: PlainDate): Promise<PlainDate | undefined>;
  /** A digest of everything that the dates up to this one are made of. */
  madeOf(through: PlainDate): Promise<string>;
  /** Whether no page after a date stood in a file, or none at all: what files say of a date may come later, and change it. */
  haveNoFilesAfter(date: PlainDate | undefined): Promise<boolean>;
  readonly kept: Pick<ArchiveStore, 'checkpoint' | 'keepCheckpoint'>;
}

interface LedgerWithEnd {
  readonly id: string;
  readonly currency: string;
  /** Its last ledger date, where the config says that it has ended. */
  readonly end: PlainDate | undefined;
}

type DatesOfLedger = Awaited<ReturnType<ArchiveStore['dates']>>;

/** Where a date that all ledgers have closed is looked for first: further back there are years of them. */
const recentDays = 62;

/** Undefined for a source that does not promise that its dates say the same when they are read without those before. */
export function checkpointsOf(
  archive: Pick<ArchiveStore, 'dates' | 'extent' | 'checkpoint' | 'keepCheckpoint'>,
  { declaration, config }: CompanySource,
  ledgers: readonly LedgerWithEnd[],
): DateCheckpoints | undefined {
  const { id, profile, api } = declaration;
  const version = api?.datesVersion;
  if (version === undefined) return undefined;
  const datesIn = async (range: { from?: PlainDate; to?: PlainDate }): Promise<readonly DatesOfLedger[]> =>
    Promise.all(ledgers.map(({ id: ledgerId }) => archive.dates({ ledgerId, ...range })));
  return {
    kept: archive,
    lastClosed: async (upTo) =>
      lastClosedOf(ledgers, await datesIn({ from: addDays(upTo, -recentDays), to: upTo })) ??
      lastClosedOf(ledgers, await datesIn({ to: upTo })),
    madeOf: async (through) => {
      const of = await Promise.all(
        ledgers.map(async (ledger) => {
          const { readings } = await archive.extent(ledger.id, through);
          return [ledger.id, ledger.currency, ledger.end ?? null, readings];
        }),
      );
      return createHash('sha256')
        .update(JSON.stringify([id, version, profile, config, of]))
        .digest('hex');
    },
    haveNoFilesAfter: async (date) =>
      !(await datesIn(date === undefined ? {} : { from: addDays(date, 1) })).flat().some(isFromFile),
  };
}

function lastClosedOf(ledgers: readonly LedgerWithEnd[], known: readonly DatesOfLedger[]): PlainDate | undefined {
  const isClosedOn = ({ end }: LedgerWithEnd, dates: DatesOfLedger, date: PlainDate): boolean => {
    if (end !== undefined && end < date) return true;
    const own = dates.filter((each) => each.date === date);
    return own.length > 0 && own.every(({ closed }) => closed);
  };
  return known
    .flatMap((dates) => dates.findLast(({ closed }) => closed)?.date ?? [])
    .toSorted()
    .toReversed()
    .find((date) => ledgers.every((ledger, index) => isClosedOn(ledger, known[index] ?? [], date)));
}
