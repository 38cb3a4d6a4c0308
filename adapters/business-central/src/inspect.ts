import { addDays, type Finding } from '@bilag/core';
import { modeFinding, yearMissing } from '@bilag/http';
import type { BusinessCentralConfig } from './config.ts';
import { referenceOf, type EntryGroup } from './from-business-central.ts';
import type { RegisterEntries } from './registers.ts';
import type { JournalReply, SetupReply } from './replies.ts';

/** What {@link inspectionOf} looks at. */
export interface Inspected {
  /** Absent where there is none with that code. */
  readonly journal: JournalReply | undefined;
  readonly entries: Pick<RegisterEntries, 'groups' | 'dimensions' | 'periods'>;
  readonly setup: SetupReply;
  /** What waits in the journal, of whoever it is. */
  readonly waiting: readonly EntryGroup[];
  /** A month from now. */
  readonly soon: string;
}

/** What there is to say of a company before anything is posted to it. Pure. */
export function inspectionOf(config: BusinessCentralConfig, inspected: Inspected): readonly Finding[] {
  const where = `journal batch ${config.journal}`;
  const { entries, waiting, soon } = inspected;
  const own = waiting.filter((group) => referenceOf(group) !== '').length;
  // A fiscal year is set up with the first period of the next, in which nothing is posted yet.
  const next = entries.periods.at(-1)?.startingDate;
  const found = [
    ...journalProblems(config, inspected),
    ...setupProblems(config, inspected),
    ...dateProblems(inspected),
  ];
  return [
    ...found.map((one) => ({ where, ...one })),
    ...yearMissing('Business Central', next && addDays(next, -1), soon),
    modeFinding({ mode: config.mode, waiting: own, where }),
  ];
}

type Said = Omit<Finding, 'where'> & { readonly where?: string };

function journalProblems({ journal: code, mode }: BusinessCentralConfig, { journal, waiting }: Inspected): Said[] {
  if (journal === undefined) {
    const message = `there is no journal batch ${code} in the default template of general journals`;
    const action = 'create it there, for Bilag alone, without number series and balancing account';
    return [{ code: 'journal-missing', severity: 'error', message, action }];
  }
  const found: Said[] = [];
  const { balancingAccountNumber } = journal;
  if (balancingAccountNumber) {
    const message = `it balances every line on account ${balancingAccountNumber}, so that each would be posted twice`;
    const action = 'take the balancing account out of the journal batch';
    found.push({ code: 'journal-balancing', severity: 'error', message, action });
  }
  const strangers = waiting.filter((group) => referenceOf(group) === '').length;
  if (strangers > 0) {
    const message = `${strangers} ${strangers === 1 ? 'document of others waits' : 'documents of others wait'} in it, and a journal is posted whole`;
    const action = 'move what is not Bilag’s to another journal batch';
    found.push({ code: 'journal-shared', severity: mode === 'posted' ? 'error' : 'warning', message, action });
  }
  return found;
}

/** What the config names and the company does not have. */
function setupProblems({ vatGroups, dimensions }: BusinessCentralConfig, { entries }: Inspected): Said[] {
  const groups = new Set(Object.values(vatGroups).map(({ group }) => group));
  const missing = [...groups].filter((group) => !entries.groups.has(group));
  const found: Said[] = [];
  if (missing.length > 0) {
    const message = `there is no VAT product posting group ${missing.join(', ')}`;
    const action = `name the company’s own under vatGroups in the config: ${namesOf(entries.groups)}`;
    found.push({ code: 'vat-group-missing', severity: 'warning', message, where: 'vatGroups', action });
  }
  for (const code of dimensions.filter((one) => !entries.dimensions.has(one))) {
    const message = `there is no dimension ${code}`;
    const action = 'name one of the company’s under dimensions in the config';
    found.push({ code: 'dimension-missing', severity: 'error', message, where: 'dimensions', action });
  }
  return found;
}

function namesOf(groups: RegisterEntries['groups']): string {
  return [...groups.keys()].slice(0, 20).join(', ') || 'it has none';
}

/** What is dated after the last date that is open is refused: somebody opens it in time. */
function dateProblems({ setup: { allowPostingTo }, soon }: Inspected): Said[] {
  if (allowPostingTo === undefined || allowPostingTo >= soon) return [];
  const message = `nothing can be posted after ${allowPostingTo}`;
  const action = 'move Allow Posting To in its General Ledger Setup, or leave it empty';
  return [{ code: 'posting-ends', severity: 'warning', message, where: 'General Ledger Setup', action }];
}
