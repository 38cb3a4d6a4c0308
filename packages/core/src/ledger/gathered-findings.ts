import { sum } from '../money/amount.ts';
import { mostReferences } from './finding-list.ts';
import type { Finding } from './finding.ts';

/**
 * What was found over many dates, each cause once: findings that say the same of one ledger become one, with the number of
 * dates it holds for, the first and the last of them, and every voucher and fact it points at. In the order in which they
 * first came.
 *
 * @example
 * ```ts
 * import { gatherFindings, plainDate, type Finding } from '@bilag/core';
 *
 * const of = (date: string): Finding => ({
 *   code: 'balance-law', severity: 'error', message: 'the books differ by 1.00', action: 'deliver nothing',
 *   where: `ledger 302321, ${date}`, ledgerId: '302321', date: plainDate(date),
 * });
 * const [finding] = gatherFindings([of('2026-03-02'), of('2026-03-03')]);
 * finding?.where; // => 'ledger 302321, 2026-03-02 to 2026-03-03 (2 dates)'
 * ```
 */
export function gatherFindings(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ code, severity, message, action, ledgerId, where, date }) =>
    JSON.stringify([code, severity, message, action, ledgerId, date === undefined ? where : '']),
  );
  return [...groups.values()].map(gathered);
}

function gathered(group: readonly Finding[]): Finding {
  const [first] = group as readonly [Finding];
  const dates = [...new Set(group.flatMap(({ date }) => date ?? []))].sort();
  const [begins, ends] = [dates[0], dates.at(-1)];
  if (group.length === 1 || begins === undefined || ends === undefined) return first;
  const vouchers = new Set(group.flatMap((finding) => finding.vouchers ?? []));
  const facts = new Set(group.flatMap((finding) => finding.facts ?? []));
  const references = new Set(group.flatMap((finding) => finding.references ?? []));
  const amounts = group.flatMap((finding) => finding.amount ?? []);
  const when = begins === ends ? begins : `${begins} to ${ends} (${dates.length} dates)`;
  const named = vouchers.size > 3 ? `${vouchers.size} vouchers` : `vouchers ${[...vouchers].join(', ')}`;
  const what = first.ledgerId === undefined ? named : `ledger ${first.ledgerId}`;
  return {
    ...first,
    where: `${what}, ${when}`,
    date: begins,
    ...(begins === ends ? {} : { lastDate: ends, dateCount: dates.length }),
    ...(vouchers.size === 0 ? {} : { vouchers: [...vouchers] }),
    ...(amounts.length === 0 ? {} : { amount: sum(amounts) }),
    ...(references.size === 0 ? {} : { references: [...references].slice(0, mostReferences) }),
    ...(facts.size === 0 ? {} : { facts: [...facts] }),
  };
}
