import { add, type Amount, amount, type Finding, formatAmount, type RawPage, subtract } from '@bilag/core';
import { amountIn } from '../table/cell-text.ts';
import type { FilePage, FileRow, SettlementClaim, SettlementEnd } from '../file-page.ts';

/** What a file says of its own numbers, and does not come to. */
export function claimFinding(
  { request, ledgerId, date }: Pick<RawPage, 'request' | 'ledgerId' | 'date'>,
  row: number,
  { severity, column, message }: Pick<Finding, 'severity' | 'message'> & { readonly column: string },
): Finding {
  return {
    code: 'claim-differs',
    severity,
    message: `${column} ${message}`,
    where: `${request}, row ${row}, ${column}`,
    action:
      severity === 'error'
        ? 'get the file again and import it into a new archive; if it stays so, ask Vipps MobilePay before anything is posted'
        : 'nothing: the amounts of the rows are booked',
    ledgerId,
    date,
  };
}

/** What is paid for rows of a settlement. */
export interface SettledSums {
  readonly count: number;
  readonly capture: Amount;
  readonly refund: Amount;
  /** As the file signs it. */
  readonly fee: Amount;
  readonly net: Amount;
}

export function settledSums({ sums }: SettlementEnd, positiveFees: boolean): SettledSums {
  const { count } = sums;
  const [capture, refund, fee] = [amount(sums.capture), amount(sums.refund), amount(sums.fee)];
  const gross = add(capture, refund);
  return { count, capture, refund, fee, net: positiveFees ? subtract(gross, fee) : add(gross, fee) };
}

/** Holds the sums that a settlement claims against those of its rows. */
export function claimFindings(page: RawPage, of: FilePage, settles: 'net' | 'gross'): Finding[] {
  const end = of.settlement;
  if (end === undefined) return [];
  const { currency, positiveFees = false } = of;
  const sums = settledSums(end, positiveFees);
  const gross = add(sums.capture, sums.refund);
  // In the CSV of 2021 refunds stand beside the gross amount, and its net forgets them (the vendor's own example).
  const forgetful = positiveFees ? undefined : add(sums.capture, sums.fee);
  const expected: Readonly<Record<SettlementClaim, number>> = {
    count: sums.count,
    capture: sums.capture,
    refund: sums.refund,
    gross: positiveFees ? gross : sums.capture,
    fee: sums.fee,
    net: sums.net,
    settled: settles === 'net' ? sums.net : gross,
  };
  const doubts = (end.doubts ?? []).map(({ severity, message }) =>
    claimFinding(page, end.at, { severity, column: `settlement ${end.number}`, message }),
  );
  const differing = Object.entries(end.claims).flatMap(([claim, text]) => {
    const [says, found] =
      claim === 'count'
        ? [Number(text), expected.count]
        : [amountIn(text, currency), expected[claim as SettlementClaim]];
    if (says === found) return [];
    const isForgotten = claim === 'net' && says === forgetful;
    const shown = claim === 'count' ? String(found) : formatAmount(amount(found));
    const message = `says ${text}, and the rows come to ${shown}${isForgotten ? ': it leaves the refunds out' : ''}`;
    return [claimFinding(page, end.at, { severity: isForgotten ? 'warning' : 'error', column: claim, message })];
  });
  return [...doubts, ...differing];
}

/** Holds the sums within one row against each other. */
export function rowFindings(page: RawPage, of: FilePage): Finding[] {
  const { currency, positiveFees = false, rows } = of;
  const read = (row: FileRow, column: 'capture' | 'refund' | 'gross' | 'fee' | 'net'): Amount | undefined =>
    row[column] === undefined || row[column] === '' ? undefined : amountIn(row[column], currency);
  return rows.flatMap((row) => {
    const sold = add(read(row, 'capture') ?? amount(0), read(row, 'refund') ?? amount(0));
    const fee = read(row, 'fee') ?? amount(0);
    const [gross, net] = [read(row, 'gross'), read(row, 'net')];
    const rightNet = positiveFees ? subtract(sold, fee) : add(sold, fee);
    const isForgotten = !positiveFees && net === add(read(row, 'capture') ?? amount(0), fee);
    const findings: Finding[] = [];
    const say = (severity: Finding['severity'], column: string, says: Amount, found: Amount): void =>
      void findings.push(
        claimFinding(page, row.at, {
          severity,
          column,
          message: `says ${formatAmount(says)}, and the row comes to ${formatAmount(found)}`,
        }),
      );
    if (gross !== undefined && gross !== sold) say('error', 'gross', gross, sold);
    if (net !== undefined && net !== rightNet) say(isForgotten ? 'info' : 'warning', 'net', net, rightNet);
    return findings;
  });
}
