import type { Proof, ProofLine, ProofTable } from '@bilag/company';
import { html } from 'hono/html';
import { balanceChart } from '../charts/balance-chart.ts';
import { monthProof, type ProvedMonth } from '../data/months.ts';
import { amountColumn, dateColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import type { Html, PageContext, View } from '../view.ts';
import { monthPicker } from './parts/month-picker.ts';
import { accountName, labelOfLine } from './parts/proof-words.ts';
import { agreement } from './parts/state.ts';
import { findingList } from './parts/told.ts';

/** A month from the provider's ledger to the bank: opening, what moved, closing, and what the books say. Prints on one A4. */
export const month: View<ProvedMonth> = {
  name: 'month',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) =>
    office.with(companyId, async (open) => monthProof(open, parameters)),
  page: ({ month: chosen, proof }, context) => {
    const { texts, format, download } = context;
    const { month: words, overview } = texts.views;
    const { tables, currency, findings, dates, provedDates, isProved, company, balances } = proof;
    return {
      title: texts.shell.viewTitles.month,
      main: html`<p>${company.name}, ${overview.number} ${company.organisationNumber} · ${words.amountsIn(currency)}</p>
        ${monthPicker('month', chosen, context)}
        <div class="said ${isProved ? 'good' : 'bad'}">
          <p>${isProved ? words.proved : words.notProved} ${agreement(isProved, context)}</p>
          <p>${words.datesProved(format.count(provedDates), format.count(dates))}</p>
        </div>
        <div class="tables">${tables.map((table) => tablePart(table, proof, chosen.name, context))}</div>
        ${
          findings.length === 0
            ? ''
            : html`<h2>${overview.toLookAt}</h2>
                ${findingList(findings, currency, context)}`
        }
        ${signature(context)}
        <div class="act">${balanceChart(balances, currency, context)}</div>
        <p class="act">
          <a href="${download('month', 'month', { month: chosen.name })}"
            >${texts.views.common.csv(texts.shell.viewTitles.month)}</a
          >
        </p>`,
    };
  },
  tables: {
    month: async function* rows(office, { companyId = '', parameters }, context) {
      const { proof } = await office.with(companyId, async (open) => monthProof(open, parameters));
      yield* csvOf(csvColumns(context), figuresOf(proof), { language: context.language, currency: proof.currency });
    },
  },
};

/** Each figure leads to its rows. */
function tablePart(table: ProofTable, { currency }: Proof, name: string, context: PageContext): Html {
  const { texts, format, link } = context;
  const { common, month: words } = texts.views;
  const title = accountName(table, context);
  return html`<table>
    <caption>
      ${title}
    </caption>
    <thead>
      <tr>
        <th scope="col">${words.what}</th>
        <th scope="col" class="number">${words.amount} (${currency})</th>
        <th scope="col" class="act">${words.rows}</th>
      </tr>
    </thead>
    <tbody>
      ${table.lines.map((line) => {
        const label = labelOfLine(table, line, context);
        const isSum = line.is === 'closing' || line.is === 'difference';
        const how =
          line.rows.length === 0
            ? ''
            : html`<a
                href="${link('rows', { month: name, line: line.id })}"
                aria-label="${common.how} ${label}, ${title}"
                >${common.how}</a
              >`;
        return html`<tr class="${isSum ? 'sum' : 'plain'}">
          <th scope="row">
            ${label}${line.is === 'difference' ? html` ${agreement(line.amount === 0, context)}` : ''}
          </th>
          <td class="number">${format.amount(line.amount, currency)}</td>
          <td class="act">${how}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** Where whoever answers for the month writes: on paper. */
function signature({ texts }: PageContext): Html {
  const { month: words } = texts.views;
  return html`<table>
    <caption>
      ${words.signedOff}
    </caption>
    <thead>
      <tr>
        <th scope="col">${words.role}</th>
        <th scope="col">${words.name}</th>
        <th scope="col">${words.day}</th>
        <th scope="col">${words.signature}</th>
      </tr>
    </thead>
    <tbody>
      ${[words.preparedBy, words.approvedBy].map(
        (role) =>
          html`<tr>
            <th scope="row">${role}</th>
            <td>&nbsp;</td>
            <td>&nbsp;</td>
            <td>&nbsp;</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

interface Figure {
  readonly table: ProofTable;
  readonly line: ProofLine;
  readonly row: ProofLine['rows'][number] | undefined;
}

/** Every figure with the rows it is made of. */
function* figuresOf({ tables }: Proof): Generator<Figure, void, undefined> {
  for (const table of tables) {
    for (const line of table.lines) {
      yield { table, line, row: undefined };
      for (const row of line.rows) yield { table, line, row };
    }
  }
}

function csvColumns(context: PageContext): readonly Column<Figure>[] {
  const { month: words, rows } = context.texts.views;
  return [
    textColumn(words.account, ({ table }) => accountName(table, context)),
    textColumn(words.what, ({ table, line }) => labelOfLine(table, line, context)),
    amountColumn(words.amount, ({ line, row }) => (row === undefined ? line.amount : undefined)),
    dateColumn(rows.date, ({ row }) => row?.date),
    textColumn(rows.what, ({ row }) => row?.text),
    amountColumn(rows.ofRow, ({ row }) => row?.amount),
    textColumn(rows.vouchers, ({ row }) => row?.vouchers?.join(' ')),
  ];
}
