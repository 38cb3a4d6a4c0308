import type { Amount } from '@bilag/core';
import type { BalancePoint } from '../proof.ts';

/** To a tenth of a point. */
function at(value: number): string {
  return value.toFixed(1);
}

const size = { width: 720, height: 120, left: 84, right: 8, top: 12, bottom: 22 };

/** What the provider owed, day by day, as a stepped line: balances stand from one date to the next. */
export function balancePicture(points: readonly BalancePoint[], money: (value: Amount) => string): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return '';
  const highest = points.reduce((most, point) => (point.amount > most.amount ? point : most), first);
  const lowest = points.reduce((least, point) => (point.amount < least.amount ? point : least), first);
  const [most, least] = [Math.max(highest.amount, 0), Math.min(lowest.amount, 0)];
  const y = (value: number): number =>
    size.top + ((most - value) / Math.max(most - least, 1)) * (size.height - size.top - size.bottom);
  const x = (index: number): number =>
    size.left + (index / (points.length - 1)) * (size.width - size.left - size.right);
  const steps = points.map((point, index) =>
    index === 0 ? `M${at(x(0))} ${at(y(point.amount))}` : `H${at(x(index))}V${at(y(point.amount))}`,
  );
  const label = (value: Amount): string =>
    `<text x="${size.left - 6}" y="${at(y(value) + 3.5)}" text-anchor="end">${money(value)}</text>`;
  const labels = [highest.amount, lowest.amount].filter((value, index, all) => all.indexOf(value) === index);
  return `<figure>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="What the provider owed from ${first.date} to ${last.date}: between ${money(lowest.amount)} and ${money(highest.amount)}">
<line class="zero" x1="${size.left}" x2="${size.width - size.right}" y1="${at(y(0))}" y2="${at(y(0))}"/>
<path class="balance" d="${steps.join('')}"/>
${labels.map(label).join('\n')}
<text x="${size.left}" y="${size.height - 6}">${first.date}</text>
<text x="${size.width - size.right}" y="${size.height - 6}" text-anchor="end">${last.date}</text>
</svg>
<figcaption>What the provider owed at the end of each ledger date</figcaption>
</figure>`;
}
