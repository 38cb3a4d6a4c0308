import type { ProofRow } from '@bilag/company';
import { html } from 'hono/html';
import { placedEntries, rowsBehind, type EntriesOfDate, type PlacedEntry, type RowsOfFigure } from '../data/rows.ts';
import { amountColumn, countColumn, dateColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, PageContext, View } from '../view.ts';
import { accountName, labelOfLine } from './parts/proof-words.ts';
import { pager } from './parts/month-picker.ts';

type RowsData = (RowsOfFigure | EntriesOfDate) & { readonly isFirst: boolean };

/** How a figure came to be: the rows of a line of the month, and the entries of a ledger date with their raw pages. */
export const rows: View<RowsData> = {
  name: 'rows',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) => ({
    ...(await office.with(companyId, async (open) => rowsBehind(open, parameters))),
    isFirst: !parameters.has('first'),
  }),
  page: (data, context) => ({
    title: context.texts.shell.viewTitles.rows,
    main: data.of === 'figure' ? figurePart(data, context) : datePart(data, data.isFirst, context),
  }),
  tables: {
    rows: async function* all(office, { companyId = '', parameters }, context) {
      const data = await office.with(companyId, async (open) => rowsBehind(open, parameters));
      const options = { language: context.language, currency: data.currency };
      if (data.of === 'figure') yield* csvOf(figureColumns(context), data.line.rows, options);
      else {
        const entries = await office.with(companyId, async (open) => placedEntries(open, data.date));
        yield* csvOf(entryColumns(context), entries, options);
      }
    },
  },
};

function figurePart({ table, line, currency, month }: RowsOfFigure, context: PageContext): Html {
  const { texts, format, link, download } = context;
  const { common } = texts.views;
  const label = labelOfLine(table, line, context);
  const [first] = line.rows;
  return html`<p>
      ${accountName(table, context)}, ${label}, ${format.date(month.period.from)}–${format.date(month.period.to)}:
      <strong>${format.amount(line.amount, currency)}</strong> ${currency}
    </p>
    <p><a href="${link('month', { month: month.name })}">${texts.shell.viewTitles.month}</a></p>
    ${tableOf(
      {
        caption: label,
        currency,
        columns: figureColumns(context),
        rows: line.rows,
        empty: common.none,
        sums: first === undefined ? undefined : { label: common.sum, row: { ...first, amount: line.amount }, of: [4] },
        download: download('rows', 'rows', { month: month.name, line: line.id }),
      },
      context,
    )}`;
}

function figureColumns(context: PageContext): readonly Column<ProofRow>[] {
  const { texts, link, format } = context;
  const { rows: words } = texts.views;
  return [
    dateColumn(words.date, ({ date }) => date, {
      isHeading: true,
      shown: ({ date, count }) =>
        count === undefined ? format.date(date) : html`<a href="${link('rows', { date })}">${format.date(date)}</a>`,
    }),
    textColumn(words.what, ({ text }) => text, {
      shown: ({ text }) => {
        const [, payout] = /^payout (\S+)$/.exec(text) ?? [];
        return payout === undefined
          ? html`<span lang="en">${text}</span>`
          : html`<a href="${link('payout', { payout })}">${texts.shell.viewTitles.payout} ${payout}</a>`;
      },
    }),
    countColumn(words.entries, ({ count }) => count),
    textColumn(words.vouchers, ({ vouchers = [] }) => vouchers.join(' '), {
      shown: ({ vouchers = [] }) =>
        html`${vouchers.map((reference) => html`<a href="${link('voucher', { voucher: reference })}">${reference}</a> `)}`,
    }),
    amountColumn(words.amount, ({ amount }) => amount),
  ];
}

function datePart(
  { date, entries, count, next, currency }: EntriesOfDate,
  isFirst: boolean,
  context: PageContext,
): Html {
  const { texts, format, download, showsPersonal } = context;
  const { rows: words } = texts.views;
  return html`<p>${words.ofDate(format.plainDate(date), format.count(count))}</p>
    ${showsPersonal ? '' : html`<p class="soft">${words.hidden}</p>`}
    ${tableOf(
      {
        caption: words.entriesCaption,
        currency,
        columns: entryColumns(context),
        rows: entries,
        empty: texts.views.common.none,
        download: download('rows', 'rows', { date }),
      },
      context,
    )}
    ${pager('rows', { next: next === undefined ? undefined : { first: String(next) }, isFirst }, { date }, context)}`;
}

/** The merchant's own reference may be the customer's text: it is shown where that was asked for. */
function entryColumns({ texts, link, isFile, showsPersonal }: PageContext): readonly Column<PlacedEntry>[] {
  const { rows: words } = texts.views;
  return [
    textColumn(words.time, ({ entry }) => entry.time ?? undefined, { isHeading: true }),
    textColumn(words.account, ({ entry }) => words.accounts[entry.account]),
    textColumn(words.type, ({ entry }) => entry.type),
    textColumn(words.pspReference, ({ entry }) => entry.pspReference ?? undefined, {
      shown: ({ entry: { pspReference } }) =>
        pspReference === null || isFile
          ? html`${pspReference ?? ''}`
          : html`<a href="${link('explain', { about: pspReference })}">${pspReference}</a>`,
    }),
    ...(showsPersonal ? [textColumn<PlacedEntry>(words.reference, ({ entry }) => entry.reference ?? undefined)] : []),
    textColumn(words.unit, ({ entry }) => entry.salesUnit ?? undefined),
    amountColumn(words.amount, ({ entry }) => entry.amount),
    textColumn(words.page, ({ page, item }) => `${page} #${item}`),
    textColumn(words.digest, ({ digest }) => digest, {
      shown: ({ digest }) => html`<code>${digest.slice(0, 16)}…</code>`,
    }),
  ];
}
