import type { FileSubject } from '@bilag/conformance';
import { journal, type JournalConfig } from '@bilag/journal';
import { beancountLike, ledgerLike, readJournal, type Grammar } from './read-journal.ts';

/** Each dialect. */
export const subjects: readonly FileSubject<JournalConfig>[] = [
  subjectOf('hledger', ledgerLike),
  subjectOf('ledger', ledgerLike),
  subjectOf('beancount', beancountLike),
];

function subjectOf(dialect: JournalConfig['dialect'], grammar: Grammar): FileSubject<JournalConfig> {
  return {
    adapter: journal,
    module: new URL('../src/index.ts', import.meta.url),
    variant: dialect,
    config: { dialect },
    chart: { dimension: { type: 'department', value: '10' } },
    read: readJournal(grammar),
  };
}
