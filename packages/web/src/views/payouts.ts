import { add, zero } from '@bilag/core';
import { html } from 'hono/html';
import { barChart } from '../charts/bar-chart.ts';
import { payoutsOfMonth, type PayoutRow, type PayoutsOfMonth } from '../data/payouts.ts';
import { amountColumn, dateColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { PageContext, View } from '../view.ts';
import { monthPicker } from './parts/month-picker.ts';
import { payoutState } from './parts/state.ts';

/** The payouts of a month: what each was made of, and how far it is. */
export const payouts: View<PayoutsOfMonth> = {
  name: 'payouts',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) =>
    office.with(companyId, async (open) => payoutsOfMonth(open, parameters)),
  page: ({ month, currency, rows, isBankRead }, context) => {
    const { texts, download } = context;
    const { payouts: words, common } = texts.views;
    const bars = rows.map(({ payout, net }) => ({ date: payout.date, label: payout.reference, amount: net }));
    return {
      title: texts.shell.viewTitles.payouts,
      main: html`${monthPicker('payouts', month, context)} ${isBankRead ? '' : html`<p>${words.bankNotRead}</p>`}
      ${barChart(bars, { caption: words.chart, labelHeading: words.payout, currency }, context)}
      ${tableOf(
        {
          caption: words.caption,
          currency,
          columns: columnsOf(context),
          rows,
          empty: words.none,
          sums: sumsOf(rows, common.sum),
          download: download('payouts', 'payouts', { month: month.name }),
        },
        context,
      )}`,
    };
  },
  tables: {
    payouts: async function* rows(office, { companyId = '', parameters }, context) {
      const { rows: all, currency } = await office.with(companyId, async (open) => payoutsOfMonth(open, parameters));
      yield* csvOf(columnsOf(context), all, { language: context.language, currency });
    },
  },
};

function columnsOf(context: PageContext): readonly Column<PayoutRow>[] {
  const { texts, link, format } = context;
  const { payouts: words } = texts.views;
  return [
    textColumn(words.payout, ({ payout }) => payout.reference, {
      isHeading: true,
      shown: ({ payout: { reference } }) => html`<a href="${link('payout', { payout: reference })}">${reference}</a>`,
    }),
    textColumn(words.covers, ({ from, payout }) => (from === undefined ? '' : `${from}/${payout.date}`), {
      shown: ({ from, payout }) =>
        from === undefined || from === payout.date
          ? format.date(payout.date)
          : html`${format.date(from)}–${format.date(payout.date)}`,
    }),
    amountColumn(words.gross, ({ gross }) => gross),
    amountColumn(words.refunds, ({ refunds }) => refunds),
    amountColumn(words.fees, ({ fees }) => fees),
    amountColumn(words.other, ({ other }) => other),
    amountColumn(words.net, ({ net }) => net),
    dateColumn(words.expected, ({ payout }) => payout.expected),
    dateColumn(words.bankDate, ({ payout }) => payout.bankLines[0]?.date),
    textColumn(words.bankText, ({ payout }) =>
      payout.bankLines.flatMap(({ texts: told }) => told.slice(0, 1)).join('; '),
    ),
    textColumn(words.voucher, ({ vouchers }) => vouchers.map(({ reference }) => reference).join(' '), {
      shown: ({ vouchers }) =>
        html`${vouchers.map(
          ({ reference, number }) =>
            html`<a href="${link('voucher', { voucher: reference })}">${number ?? reference}</a> `,
        )}`,
    }),
    textColumn(words.state, ({ state }) => words.states[state], { shown: ({ state }) => payoutState(state, context) }),
  ];
}

function sumsOf(rows: readonly PayoutRow[], label: string) {
  const [first] = rows;
  if (first === undefined) return undefined;
  const live = rows.filter(({ state }) => state !== 'aborted');
  const row = live.reduce<PayoutRow>(
    (total, each) => ({
      ...total,
      gross: add(total.gross, each.gross),
      refunds: add(total.refunds, each.refunds),
      fees: add(total.fees, each.fees),
      other: add(total.other, each.other),
      net: add(total.net, each.net),
    }),
    { ...first, gross: zero, refunds: zero, fees: zero, other: zero, net: zero },
  );
  return { label, row, of: [2, 3, 4, 5, 6] };
}
