import type { Finding } from '@bilag/core';
import { modeFinding, yearMissing } from '@bilag/http';
import type { EconomicConfig } from './config.ts';
import type { JournalReply, PeriodReply } from './replies.ts';
import { ownNumbers } from './voucher-numbers.ts';

/** What {@link inspectionOf} looks at. */
export interface Inspected {
  readonly journal: JournalReply;
  /** Oldest first. */
  readonly periods: readonly PeriodReply[];
  /** Vouchers of ours that wait in the journal. */
  readonly waiting: number;
  /** A month from now. */
  readonly soon: string;
}

/** What there is to say of a journal before anything is posted to it. Pure. */
export function inspectionOf(config: EconomicConfig, inspected: Inspected): readonly Finding[] {
  const { journal, periods, waiting, soon } = inspected;
  const { mode } = config;
  const where = `journal ${config.journal} (${journal.name})`;
  return [
    ...journalProblems(journal, mode).map((one) => ({ where, ...one })),
    ...yearMissing('e-conomic', periods.at(-1)?.dateTo, soon),
    modeFinding({ mode, waiting, where }),
  ];
}

type Said = Omit<Finding, 'where'>;

function journalProblems(journal: JournalReply, mode: EconomicConfig['mode']): Said[] {
  const { isStandingJournal, allowedEntryType, requireAdminApproval } = journal;
  const { minimumVoucherNumber, maximumVoucherNumber } = journal;
  const found: Said[] = [];
  const say = (code: string, severity: Finding['severity'], message: string, action: string): void => {
    found.push({ code, severity, message, action });
  };
  if (isStandingJournal === true) {
    const message = 'it is a standing journal: its entries stay after they are booked, and would be booked again';
    say('journal-standing', 'error', message, 'name another journal in the config, one for Bilag alone');
  }
  if (!['0', '5'].includes(allowedEntryType ?? '0')) {
    say(
      'journal-entry-type',
      'error',
      'it takes no finance vouchers',
      'allow them in its settings, or name another journal',
    );
  }
  const [from, to] = [Number(minimumVoucherNumber ?? 0), Number(maximumVoucherNumber ?? 999_999_999)];
  if (from > ownNumbers.from || to < ownNumbers.to) {
    const message = `its voucher numbers go from ${from} to ${to}, and those of Bilag begin with the date: 260302417`;
    say('journal-numbers', 'error', message, `let them go from ${ownNumbers.from} to ${ownNumbers.to} in its settings`);
  }
  if (requireAdminApproval === true && mode === 'posted') {
    const message = 'its entries have to be approved by an administrator, so that they cannot be booked at once';
    say('journal-approval', 'error', message, 'take that out of its settings, or set mode to draft');
  }
  return found;
}
