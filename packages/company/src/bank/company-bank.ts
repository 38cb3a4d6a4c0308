import {
  linesOfStatements,
  matchPayouts,
  payoutPattern,
  proveStatements,
  readBankFile,
  type AccountDays,
  type BankCalendar,
  type ExpectedPayout,
  type LineMatch,
  type Statement,
} from '@bilag/bank';
import type { BankLine, Finding, LedgerDate } from '@bilag/core';
import type { BankDecision, KeptBankFile } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { withRecordIfAny } from '../stores.ts';
import { expectedPayouts } from './expected-payouts.ts';

/** What a company's bank says, and what of it belongs to payouts. */
export interface CompanyBank {
  /** Byte for byte. */
  readonly files: readonly KeptBankFile[];
  readonly accounts: readonly AccountDays[];
  /** Every booked line of statements that proved themselves, in the order of dates. */
  readonly matches: readonly LineMatch[];
  /** What is booked of them. */
  readonly facts: readonly BankLine[];
  readonly payouts: readonly ExpectedPayout[];
  readonly decisions: readonly BankDecision[];
  readonly findings: readonly Finding[];
  readonly calendar: BankCalendar;
  /** What texts that name a payout look like. */
  readonly pattern: ReturnType<typeof payoutPattern>;
}

/** A company's ledger dates without its bank, as the matching reads them. */
export interface DatesOfLedgers {
  readonly dates: () => AsyncIterable<LedgerDate>;
  readonly handlesOf: (ledgerId: string) => readonly string[];
}

/** Reads and matches what the bank delivered; undefined where it has delivered nothing. Nothing is written. */
export async function readCompanyBank(company: Company, ledgers: DatesOfLedgers): Promise<CompanyBank | undefined> {
  const kept = await withRecordIfAny(company.stores.openBank(company, { create: false }), async (record) => ({
    files: await record.files(),
    decisions: await record.decisions(),
  }));
  if (kept === undefined) return undefined;
  const { habits, units, ...expected } = await expectedPayouts(company, ledgers.dates(), ledgers.handlesOf);
  return matchedBank({ ...kept, pattern: payoutPattern(habits, units), ...expected });
}

/** What bank and ledgers say, before they are held against each other. */
type UnmatchedBank = Pick<CompanyBank, 'files' | 'decisions' | 'payouts' | 'calendar' | 'pattern'>;

/** Proves the statements in files, and matches what they say. */
export async function matchedBank({
  files,
  decisions,
  payouts,
  calendar,
  pattern,
}: UnmatchedBank): Promise<CompanyBank> {
  const { proved, findings } = proveStatements(await statementsIn(files));
  const { lines, accounts } = linesOfStatements(proved);
  const matching = matchPayouts({
    payouts,
    lines,
    decisions: decisions.filter(({ takenBackAt }) => takenBackAt === null),
    bankDays: calendar.count,
    pattern,
  });
  return {
    files,
    accounts,
    matches: matching.matches,
    facts: matching.facts,
    payouts,
    decisions,
    findings: [...findings, ...matching.findings],
    calendar,
    pattern,
  };
}

/** What was decided about lines of the bank, also what was taken back: without reading the statements. */
export async function bankDecisions(company: Company): Promise<readonly BankDecision[]> {
  const opening = company.stores.openBank(company, { create: false });
  return (await withRecordIfAny(opening, (record) => record.decisions())) ?? [];
}

async function statementsIn(files: readonly KeptBankFile[]): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  for (const { bytes, name, account } of files)
    for (const statement of await readBankFile(bytes, name, account === null ? {} : { account }))
      statements.push(statement);
  return statements;
}
