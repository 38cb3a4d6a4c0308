import { decimalsOf, formatAmount, gatherFindings, type Amount, type Finding } from '@bilag/core';
import type { Proof, ProofLine, ProofRow, ProofTable } from '../proof.ts';
import { balancePicture } from './balance-picture.ts';
import { pageStyle } from './page-style.ts';

/**
 * A proof as one HTML page that needs nothing else: each figure leads to its rows further down, and it prints on A4. The same proof
 * gives the same bytes. Pure.
 *
 * @example
 * ```ts
 * import { proofPage, type Proof } from '@bilag/company';
 * import { plainDate } from '@bilag/core';
 *
 * const day = plainDate('2026-01-31');
 * const proof: Proof = {
 *   company: { id: 'cafe', name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
 *   currency: 'NOK',
 *   period: { from: day, to: day },
 *   isProved: true,
 *   tables: [],
 *   dates: 1,
 *   provedDates: 1,
 *   balances: [],
 *   findings: [],
 * };
 * proofPage(proof).includes('Everything agrees'); // => true
 * ```
 */
export function proofPage(proof: Proof): string {
  const { company, currency, period, isProved, tables, balances, findings, dates, provedDates } = proof;
  const title = `Proof: ${company.name}, ${period.from} to ${period.to}`;
  const money = (value: Amount): string => moneyOf(value, currency);
  const wrong = gatherFindings(findings).filter(({ severity }) => severity === 'error').length;
  const verdict = isProved
    ? `Everything agrees, to 0.00: ${provedDates} of ${dates} ledger dates.`
    : `It does not agree yet: ${wrong === 1 ? '1 thing' : `${wrong} things`} to look at.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${text(company.name)}</h1>
<p>Organisation ${text(company.organisationNumber)} · ${period.from} to ${period.to} · ${text(currency)}</p>
<p class="verdict ${isProved ? 'good' : 'bad'}">${text(verdict)}</p>
</header>
<main>
${balancePicture(balances, money)}
${findings.length === 0 ? '' : findingsPart(gatherFindings(findings), money)}
<section class="tables">
${tables.map((table) => tablePart(table, money)).join('\n')}
</section>
<section class="rows">
<h2>What the figures are made of</h2>
${tables.flatMap(({ title: of, lines }) => lines.map((line) => rowsPart(of, line, money))).join('\n')}
</section>
</main>
</body>
</html>
`;
}

type Money = (value: Amount) => string;

function tablePart({ title, lines }: ProofTable, money: Money): string {
  const rows = lines.map((line) => {
    const figure =
      line.rows.length === 0 ? money(line.amount) : `<a href="#${text(line.id)}">${money(line.amount)}</a>`;
    const wrong = line.is === 'difference' && line.amount !== 0 ? ' wrong' : '';
    return `<tr class="${line.is}${wrong}"><th scope="row">${text(line.label)}</th><td>${figure}</td></tr>`;
  });
  return `<table><caption>${text(title)}</caption><tbody>${rows.join('')}</tbody></table>`;
}

function rowsPart(title: string, { id, label, amount, rows }: ProofLine, money: Money): string {
  if (rows.length === 0) return '';
  const columns = {
    age: rows.some(({ age }) => age !== undefined),
    vouchers: rows.some(({ vouchers = [] }) => vouchers.length > 0),
  };
  const body = rows.map((row) => rowPart(row, money, columns)).join('');
  const age = columns.age ? '<th scope="col" class="number">Bank days</th>' : '';
  const vouchers = columns.vouchers ? '<th scope="col">Vouchers</th>' : '';
  // Printed, the others stand in two columns.
  const wide = rows.some((row) => row.text.length > mostInColumn) ? ' class="wide"' : '';
  // The target lies inside: then a browser opens what is around it.
  return `<details${wide}><summary>${text(`${title}: ${label}`)} <b>${money(amount)}</b></summary>
<table class="detail" id="${text(id)}"><thead><tr><th scope="col">Date</th><th scope="col">What</th>${age}${vouchers}<th scope="col" class="number">Amount</th></tr></thead><tbody>${body}</tbody></table></details>`;
}

/** The text of a row that half a page has room for. */
const mostInColumn = 40;

function rowPart(
  { date, text: what, amount, count, age, vouchers = [] }: ProofRow,
  money: Money,
  columns: { readonly age: boolean; readonly vouchers: boolean },
): string {
  const counted = count === undefined ? what : `${what} ${count} ${count === 1 ? 'entry' : 'entries'}`.trim();
  const days = columns.age ? `<td class="number">${age ?? ''}</td>` : '';
  const booked = columns.vouchers ? `<td>${text(vouchers.join(' '))}</td>` : '';
  return `<tr><td>${date}</td><td>${text(counted)}</td>${days}${booked}<td class="number">${money(amount)}</td></tr>`;
}

function findingsPart(findings: readonly Finding[], money: Money): string {
  const items = findings.map(({ severity, message, where, action, amount }) => {
    const value = amount === undefined ? '' : ` <b>${money(amount)}</b>`;
    return `<li class="${severity}"><p>${text(message)}${value}</p><p class="where">${text(where)}</p><p class="action">${text(action)}</p></li>`;
  });
  return `<section class="findings"><h2>What to look at</h2><ol>${items.join('')}</ol></section>`;
}

/** `-1 234.50`, with blanks that do not break. */
function moneyOf(value: Amount, currency: string): string {
  const [whole = '', fraction] = formatAmount(value, decimalsOf(currency)).split('.');
  const grouped = whole.replace('-', '\u2212').replaceAll(/\B(?=(?:\d{3})+$)/g, '\u00a0');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Text of others, as text: nothing in it is markup. */
function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
