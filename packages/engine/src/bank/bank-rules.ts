import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { BilagError } from '@bilag/core';
import type { BankDecision, BankHistory, KeptBankFile } from './bank-record.ts';

/** The files that were not taken back. Throws `rejected` for one that is not what was kept. */
export function bankFilesThatHold({ files }: BankHistory, where: string): readonly KeptBankFile[] {
  return files
    .filter(({ takenBackAt }) => takenBackAt === null)
    .map(({ digest, name, account, importedAt, bytes }) => {
      const file = { digest, name, account, importedAt, bytes };
      if (createHash('sha256').update(file.bytes).digest('hex') === file.digest) return file;
      throw new BilagError('rejected', {
        what: `what the bank delivered cannot be read: the file ${file.name} in it is damaged`,
        where,
        action: 'restore it from a backup',
      });
    });
}

/** Refuses a decision about a line that has one, or about a payout that got one since somebody looked. */
export function refuseDecided(
  decisions: readonly BankDecision[],
  { lines, payouts }: Pick<BankDecision, 'lines' | 'payouts'>,
  seen: number,
  where: string,
): void {
  const before = decisions.find(
    (other) =>
      other.takenBackAt === null &&
      (other.lines.some((line) => lines.includes(line)) ||
        (other.number > seen && other.payouts.some((payout) => payouts.includes(payout)))),
  );
  if (before !== undefined) throw decidedMeanwhile(before, 'nothing was decided', where);
}

/** Refuses to take a file back where something was decided since somebody looked. */
export function refuseDecidedSince(decisions: readonly BankDecision[], seen: number, where: string): void {
  const later = decisions.find(({ number, takenBackAt }) => number > seen && takenBackAt === null);
  if (later !== undefined) throw decidedMeanwhile(later, 'nothing was taken back', where);
}

function decidedMeanwhile({ number, note, decidedAt }: BankDecision, nothing: string, where: string): BilagError {
  return new BilagError('conflict', {
    what: `somebody else decided it meanwhile: decision ${number} of ${decidedAt}${note === null ? '' : ` (${note})`}`,
    where,
    action: `look at it with bilag bank matches, and take it back first if it is wrong: bilag bank decide --take-back ${number}; ${nothing}`,
  });
}

/** What `takeBackFile` throws for a file that does not hold. */
export function noSuchFile(where: string): BilagError {
  return new BilagError('not-found', {
    what: 'no such file of the bank is here, or it was taken back before',
    where,
    action: 'look at the files with bilag bank files; nothing was taken back',
  });
}

/** The decision that was taken back; throws where none was. */
export function decisionTakenBack(
  decisions: readonly BankDecision[],
  number: number,
  isDone: boolean,
  where: string,
): BankDecision {
  const decision = decisions.find((each) => each.number === number);
  if (decision !== undefined && isDone) return decision;
  throw new BilagError(decision === undefined ? 'not-found' : 'conflict', {
    what: decision === undefined ? `there is no decision ${number}` : `decision ${number} was taken back before`,
    where,
    action: 'look at the decisions with bilag bank matches --all; nothing was changed',
  });
}

/** Refuses to put a copy in the place of what is not the same, or an older state of it. */
export function refuseOtherBank(own: BankHistory, history: BankHistory, where: string): void {
  const isOlder =
    own.files.every(({ digest }, index) => history.files[index]?.digest === digest) &&
    own.decisions.every((decision, index) => isSameDecision(decision, history.decisions[index]));
  if (isOlder) return;
  throw new BilagError('conflict', {
    what: 'what a bank delivered is here already, and is not the same',
    where,
    action: 'copy to a place where nothing is; nothing was changed',
  });
}

/** It may have been taken back since. */
function isSameDecision(own: BankDecision, copy: BankDecision | undefined): boolean {
  if (copy === undefined) return false;
  const takenBackAt = own.takenBackAt ?? copy.takenBackAt;
  return isDeepStrictEqual({ ...own, takenBackAt }, { ...copy });
}
