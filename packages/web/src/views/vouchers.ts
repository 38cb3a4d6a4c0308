import type { PlannedLine } from '@bilag/company';
import { html } from 'hono/html';
import { vouchersOfMonth, type ListedVoucher, type VouchersOfMonth } from '../data/vouchers.ts';
import { amountColumn, dateColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, Office, PageContext, View } from '../view.ts';
import { monthPicker, pager } from './parts/month-picker.ts';
import { voucherState } from './parts/state.ts';
import { lineColumns } from './parts/voucher-columns.ts';

interface VouchersData extends VouchersOfMonth {
  readonly isFirst: boolean;
}

/** A line of a voucher, and the voucher where it is the first of it. */
type VoucherLine = PlannedLine & { readonly voucher: ListedVoucher; readonly isFirst: boolean };

/** The vouchers of a month with debit and credit: what the target holds, and what is to be sent. */
export const vouchers: View<VouchersData> = {
  name: 'vouchers',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) => ({
    ...(await office.with(companyId, async (open) => vouchersOfMonth(open, parameters))),
    isFirst: !parameters.has('after'),
  }),
  page: ({ month, currency, from, hasLog, vouchers: listed, next, isFirst }, context) => {
    const { texts, download, act } = context;
    const { vouchers: words } = texts.views;
    const kept = { month: month.name, from: from === 'planned' ? 'planned' : undefined };
    const apply = from === 'planned' ? act('apply', {}) : undefined;
    return {
      title: texts.shell.viewTitles.vouchers,
      main: html`${monthPicker('vouchers', month, context, { from: kept.from })}
      ${hasLog ? choiceOf(from, month.name, context) : html`<p>${words.noLog}</p>`}
      ${apply === undefined ? '' : html`<p><a class="act" href="${apply}">${words.apply}</a></p>`}
      ${tableOf(
        {
          caption: from === 'planned' ? words.plannedCaption : words.sentCaption,
          currency,
          columns: columnsOf(context),
          rows: listed.flatMap(linesOf),
          empty: from === 'planned' ? words.nonePlanned : words.noneSent,
          download: download('vouchers', 'vouchers', kept),
        },
        context,
      )}
      ${pager('vouchers', { next: next === undefined ? undefined : { after: next }, isFirst }, kept, context)}`,
    };
  },
  tables: {
    vouchers: (office, { companyId = '', parameters }, context) =>
      csvOf(csvColumns(context), allLines(office, companyId, parameters), {
        language: context.language,
        currency: context.company?.currency ?? 'NOK',
      }),
  },
};

/** Page after page: a year of lines never lies in memory. */
async function* allLines(
  office: Office,
  companyId: string,
  parameters: URLSearchParams,
): AsyncGenerator<VoucherLine, void, undefined> {
  const asked = new URLSearchParams(parameters);
  asked.delete('after');
  for (;;) {
    const page = await office.with(companyId, async (open) => vouchersOfMonth(open, asked));
    for (const voucher of page.vouchers) yield* linesOf(voucher);
    if (page.next === undefined) return;
    asked.set('after', page.next);
  }
}

function linesOf(voucher: ListedVoucher): readonly VoucherLine[] {
  return voucher.lines.map((line, index) => ({ ...line, voucher, isFirst: index === 0 }));
}

function choiceOf(from: 'sent' | 'planned', month: string, { texts, link }: PageContext): Html {
  const { vouchers: words } = texts.views;
  const choice = (is: 'sent' | 'planned', said: string): Html =>
    is === from
      ? html`<li><span aria-current="true">${said}</span></li>`
      : html`<li>
          <a href="${link('vouchers', { month, from: is === 'planned' ? 'planned' : undefined })}">${said}</a>
        </li>`;
  return html`<nav aria-label="${words.choose}">
    <ul>
      ${choice('sent', words.sent)} ${choice('planned', words.planned)}
    </ul>
  </nav>`;
}

/** On a page a voucher is named on its first line alone. */
function columnsOf(context: PageContext): readonly Column<VoucherLine>[] {
  const { texts, link, format } = context;
  const { vouchers: words } = texts.views;
  return [
    textColumn(words.voucher, ({ voucher }) => voucher.reference, {
      shown: ({ voucher: { reference, kind }, isFirst }) =>
        isFirst
          ? html`<a href="${link('voucher', { voucher: reference })}">${reference}</a
              >${kind === 'reversal' ? html`<br />${words.reversal}` : ''}`
          : '',
    }),
    dateColumn(words.date, ({ voucher }) => voucher.date, {
      shown: ({ voucher, isFirst }) => (isFirst ? format.date(voucher.date) : ''),
    }),
    textColumn(words.number, ({ voucher }) => voucher.number ?? undefined, {
      shown: ({ voucher, isFirst }) => (isFirst ? html`${voucher.number ?? ''}` : ''),
    }),
    textColumn(words.state, ({ voucher }) => words.states[voucher.state], {
      shown: ({ voucher, isFirst }) => (isFirst ? voucherState(voucher, context) : ''),
    }),
    ...lineColumns<VoucherLine>(context),
  ];
}

/** In a file every line says all of its voucher. */
function csvColumns(context: PageContext): readonly Column<VoucherLine>[] {
  const { vouchers: words } = context.texts.views;
  return [
    textColumn(words.voucher, ({ voucher }) => voucher.reference),
    dateColumn(words.date, ({ voucher }) => voucher.date),
    dateColumn(words.ledgerDate, ({ voucher }) => voucher.ledgerDate),
    textColumn(words.description, ({ voucher }) => voucher.description),
    textColumn(words.number, ({ voucher }) => voucher.number ?? undefined),
    textColumn(words.state, ({ voucher }) => (voucher.isHeld ? words.held : words.states[voucher.state])),
    ...lineColumns<VoucherLine>(context),
    amountColumn(words.total, ({ debit, credit }) => (debit - credit) as typeof debit),
  ];
}
