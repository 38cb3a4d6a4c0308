import { formatAmount, type Finding } from '@bilag/core';
import { shownAccount } from '../statement/account.ts';
import type { LineMatch } from './match.ts';
import type { ExpectedPayout } from './payout.ts';

/** What a person has to look at: lines that wait for a decision, and payouts that were aborted when the money was there already. */
export function matchFindings(matches: readonly LineMatch[], payouts: readonly ExpectedPayout[]): readonly Finding[] {
  const waiting = matches.filter(
    ({ outcome, decision }) => decision === undefined && outcome !== 'matched' && outcome !== 'unrelated',
  );
  return [...waiting.map(waits), ...abortedAfter(matches, payouts)];
}

function waits({ line, outcome, payouts, reason }: LineMatch): Finding {
  const [payout] = payouts;
  const isConflict = outcome === 'conflict';
  return {
    code: outcome === 'likely' ? 'bank-line-likely' : isConflict ? 'bank-line-conflict' : 'bank-line-ambiguous',
    severity: outcome === 'likely' ? 'warning' : 'error',
    message: `the line of ${line.date} with ${formatAmount(line.amount)} is not booked: ${reason}`,
    where: `${line.where}, ${line.place}, account ${shownAccount(line.account)}`,
    action: 'look at bilag bank matches, and say what it is with bilag bank decide',
    date: line.date,
    amount: line.amount,
    facts: [line.id],
    ...(payout === undefined
      ? {}
      : { ledgerId: payout.ledgerId, references: payouts.map(({ reference }) => reference) }),
  };
}

/** The provider says that the money came back after the bank had booked it. */
function abortedAfter(matches: readonly LineMatch[], payouts: readonly ExpectedPayout[]): Finding[] {
  const arrived = new Map(
    matches
      .filter(({ outcome }) => outcome === 'matched')
      .flatMap((match) => match.payouts.map((payout) => [payout, match] as const)),
  );
  return payouts.flatMap((payout): Finding[] => {
    const match = arrived.get(payout);
    const { aborted, reference, ledgerId, amount } = payout;
    if (match === undefined || aborted === undefined || match.decision !== undefined) return [];
    return [
      {
        code: 'payout-aborted-after-arrival',
        severity: 'error',
        message: `payout ${reference} of ${formatAmount(amount)} came to the bank on ${match.line.date} and was aborted on ${aborted}`,
        where: `ledger ${ledgerId}, payout ${reference}`,
        action: 'see in the bank account whether the money went back, and ask the provider',
        ledgerId,
        date: aborted,
        amount,
        references: [reference],
      },
    ];
  });
}
