import type { Amount } from '@bilag/core';
import type { BalancePoint } from '../proof.ts';

/** To a tenth of a point. */
function at(value: number): string {
  return value.toFixed(1);
}

const size = { width: 720, height: 120, left: 84, right: 8, top: 12, bottom: 22 };

/** What the provider owed, day by day: it grows with the sales, and falls with each payout. */
export function balancePicture(points: readonly BalancePoint[], money: (value: Amount) => string): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return '';
  const values = points.flatMap(({ amount, beforePayout }) => [beforePayout, amount]);
  const [highest, lowest] = [largest(values), smallest(values)];
  const [most, least] = [Math.max(highest, 0), Math.min(lowest, 0)];
  const y = (value: number): string =>
    at(size.top + ((most - value) / Math.max(most - least, 1)) * (size.height - size.top - size.bottom));
  const x = (index: number): string =>
    at(size.left + (index / (points.length - 1)) * (size.width - size.left - size.right));
  const steps = points.map(
    ({ amount, beforePayout }, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(beforePayout)}V${y(amount)}`,
  );
  const label = (value: Amount): string =>
    `<text x="${size.left - 6}" y="${Number(y(value)) + 3.5}" text-anchor="end">${money(value)}</text>`;
  return `<figure>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="What the provider owed from ${first.date} to ${last.date}: between ${money(lowest)} and ${money(highest)}">
<line class="zero" x1="${size.left}" x2="${size.width - size.right}" y1="${y(0)}" y2="${y(0)}"/>
<path class="balance" d="${steps.join('')}"/>
${[...new Set([highest, lowest])].map(label).join('\n')}
<text x="${size.left}" y="${size.height - 6}">${first.date}</text>
<text x="${size.width - size.right}" y="${size.height - 6}" text-anchor="end">${last.date}</text>
</svg>
<figcaption>What the provider owed, before and after the payouts of each ledger date</figcaption>
</figure>`;
}

function largest(values: readonly Amount[]): Amount {
  return values.reduce((most, value) => (value > most ? value : most));
}

function smallest(values: readonly Amount[]): Amount {
  return values.reduce((least, value) => (value < least ? value : least));
}
