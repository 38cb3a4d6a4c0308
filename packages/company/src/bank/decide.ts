import { checkDecision, type ExpectedPayout, type IdentifiedLine, type LineMatch } from '@bilag/bank';
import { add, BilagError, formatAmount, quotedName, sum } from '@bilag/core';
import type { BankDecision } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { withRecord } from '../stores.ts';
import type { CompanyBank } from './company-bank.ts';

/** What a person says about lines. */
export interface AskedDecision {
  /** Their names, as `bilag bank matches` shows them, or their ids. */
  readonly lines: readonly string[];
  /** The references of the payouts they are; none: they are no payouts. */
  readonly payouts: readonly string[];
  readonly note?: string | undefined;
}

/** The short name of a line: people type it. `3f0a91c2`, and `3f0a91c2-2` for the second of equal rows. */
export function lineName({ id }: Pick<IdentifiedLine, 'id'>): string {
  const [, , , key = '', ordinal = '1'] = id.split('/');
  return key.slice(0, 8) + (ordinal === '1' ? '' : `-${ordinal}`);
}

/**
 * Records what a person decided. Throws `not-found` for a line or a payout that is not there, `conflict` for a line that another
 * decision is about or a payout that has come by others, `rejected` where the sums do not allow it.
 */
export async function decideBankLines(
  company: Company,
  bank: CompanyBank | undefined,
  asked: AskedDecision,
  now: Date,
): Promise<BankDecision> {
  const lines = asked.lines.map((name) => lineOf(name, bank, company));
  const payouts = asked.payouts.map((reference) => payoutOf(reference, bank, company));
  checkDecision(lines, payouts);
  const before = bank?.matches.find(({ line, decision }) => decision !== undefined && lines.includes(line));
  if (before !== undefined) {
    throw new BilagError('conflict', {
      what: `line ${lineName(before.line)} is decided already, by decision ${before.decision}`,
      where: `company ${company.id}`,
      action: `take it back first: bilag bank decide --take-back ${before.decision}; nothing was decided`,
    });
  }
  for (const payout of payouts) refuseArrived(payout, lines, bank?.matches ?? [], company);
  const decision = {
    kind: payouts.length === 0 ? 'unrelated' : 'match',
    lines: lines.map(({ id }) => id),
    payouts: payouts.map(({ reference }) => reference),
    note: asked.note ?? null,
    decidedAt: now.toISOString(),
  } as const;
  return withRecord(company.stores.openBank(company, { create: true }), (record) =>
    record.decide(decision, lastDecision(bank)),
  );
}

/** The number of the last decision that is known; what is decided later, somebody else has not seen. */
export function lastDecision(bank: CompanyBank | undefined): number {
  return bank?.decisions.at(-1)?.number ?? 0;
}

/** Money comes once: what decisions say has come of a payout, and these lines, are no more than it is. */
function refuseArrived(
  payout: ExpectedPayout,
  lines: readonly IdentifiedLine[],
  matches: readonly LineMatch[],
  { id }: Company,
): void {
  const own = matches.filter(({ decision, payouts }) => decision !== undefined && payouts.includes(payout));
  const [first] = own;
  if (first === undefined) return;
  // A line of several payouts is each of them whole.
  const arrived = sum(own.map(({ line, payouts }) => (payouts.length > 1 ? payout.amount : line.amount)));
  const added = sum(lines.map(({ amount }) => amount));
  if (add(arrived, added) <= payout.amount) return;
  throw new BilagError('conflict', {
    what: `payout ${payout.reference} of ${formatAmount(payout.amount)} has come by decision ${first.decision}: ${formatAmount(arrived)}`,
    where: `company ${id}`,
    action: `take it back first if it is wrong: bilag bank decide --take-back ${first.decision}; nothing was decided`,
  });
}

/** Takes a decision back: its lines are what the rules say again. What was posted because of it is missing in the next plan. */
export async function takeBackDecision(company: Company, number: number, now: Date): Promise<BankDecision> {
  return withRecord(company.stores.openBank(company, { create: true }), (record) =>
    record.takeBack(number, now.toISOString()),
  );
}

function lineOf(name: string, bank: CompanyBank | undefined, { id }: Company): IdentifiedLine {
  const found = (bank?.matches ?? []).filter(({ line }) => line.id === name || lineName(line) === name);
  const [match, ...more] = found;
  if (match !== undefined && more.length === 0) return match.line;
  throw new BilagError(match === undefined ? 'not-found' : 'conflict', {
    what: `${match === undefined ? 'no' : 'more than one'} line of the bank is called ${quotedName(name)}`,
    where: `company ${id}`,
    action: 'give its name or its whole id as bilag bank matches --json shows it; nothing was decided',
  });
}

function payoutOf(reference: string, bank: CompanyBank | undefined, { id }: Company): ExpectedPayout {
  const found = (bank?.payouts ?? []).filter((payout) => payout.reference === reference || payout.number === reference);
  const [payout, ...more] = found;
  if (payout !== undefined && more.length === 0) return payout;
  throw new BilagError(payout === undefined ? 'not-found' : 'conflict', {
    what: `${payout === undefined ? 'no' : 'more than one'} payout is called ${quotedName(reference)}`,
    where: `company ${id}`,
    action: 'give its reference, such as 302321-2000045; nothing was decided',
  });
}
