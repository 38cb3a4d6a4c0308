import { BilagError, sum } from '@bilag/core';
import { html } from 'hono/html';
import { oneVoucher, type OneVoucher, type VoucherFact } from '../data/voucher.ts';
import { amountColumn, dateColumn, textColumn, timeColumn, type Column } from '../tables/column.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Asked, Html, PageContext, View } from '../view.ts';
import { voucherState } from './parts/state.ts';
import { english, findingList } from './parts/told.ts';
import { lineColumns, voucherColumns } from './parts/voucher-columns.ts';
import { pager } from './parts/month-picker.ts';

/** One voucher: its lines, what became of it in the target, and the entries it came from, each with its raw page. */
export const voucher: View<OneVoucher> = {
  name: 'voucher',
  scope: 'company',
  data: async (office, asked) =>
    office.with(asked.companyId ?? '', async (open) => oneVoucher(open, referenceIn(asked), asked.parameters)),
  page: (data, context) => {
    const { texts, format } = context;
    const { voucher: words, vouchers } = texts.views;
    const { voucher: about, currency, lines, history, findings } = data;
    const [debit, credit] = [sum(lines.map((line) => line.debit)), sum(lines.map((line) => line.credit))];
    const [firstLine] = lines;
    return {
      title: `${texts.shell.viewTitles.voucher} ${data.key}`,
      main: html`<dl>
          <dt>${vouchers.description}</dt>
          <dd>${about.description}</dd>
          <dt>${vouchers.date}</dt>
          <dd>${format.date(about.date)}</dd>
          <dt>${vouchers.ledgerDate}</dt>
          <dd>${format.date(about.ledgerDate)}</dd>
          <dt>${words.ledger}</dt>
          <dd>${about.ledgerId}</dd>
          <dt>${vouchers.state}</dt>
          <dd>
            ${history.length === 0 ? words.notSent : voucherState(history.at(-1) ?? history[0]!, context)}
            ${actsOn(data, context)}
          </dd>
        </dl>
        ${tableOf(
          {
            caption: words.lines,
            currency,
            columns: lineColumns(context),
            rows: lines,
            empty: '',
            sums:
              firstLine === undefined
                ? undefined
                : { label: texts.views.common.sum, row: { ...firstLine, debit, credit }, of: [5, 6] },
          },
          context,
        )}
        ${
          findings.length === 0
            ? ''
            : html`<h2>${words.findings}</h2>
                ${findingList(
                  findings.map(({ finding }) => finding),
                  currency,
                  context,
                )}`
        }
        <h2>${words.history}</h2>
        ${tableOf(
          {
            caption: words.historyCaption,
            currency,
            columns: historyColumns(context),
            rows: history,
            empty: words.notSent,
          },
          context,
        )}
        <h2>${words.facts}</h2>
        ${tableOf(
          {
            caption: words.factsCaption(format.count(data.factCount)),
            currency,
            columns: factColumns(context),
            rows: data.facts,
            empty: '',
          },
          context,
        )}
        ${pager(
          'voucher',
          { next: data.next === undefined ? undefined : { facts: String(data.next) }, isFirst: data.isFirst },
          { voucher: data.key },
          context,
        )}`,
    };
  },
};

function referenceIn({ parameters, companyId }: Asked): string {
  const reference = parameters.get('voucher');
  if (reference !== null && reference !== '') return reference;
  throw new BilagError('not-found', {
    what: 'the address names no voucher',
    where: `company ${companyId ?? ''}`,
    action: 'choose one from the list of vouchers',
  });
}

/** What a person may do with it now. */
function actsOn({ history }: OneVoucher, { act, texts }: PageContext): Html | '' {
  const last = history.findLast(({ kind }) => kind === 'voucher');
  if (last === undefined) return '';
  const { needsYou, voucher: words } = texts.views;
  const parameters = { voucher: last.reference };
  const offered = [
    ...(last.state === 'unknown-outcome' || last.state === 'conflict' || last.found.length > 0
      ? ([[act('settle', parameters), needsYou.actions.settle]] as const)
      : []),
    ...(last.isHeld ? ([[act('release', parameters), needsYou.actions.release]] as const) : []),
    ...(last.state === 'posted' ? ([[act('undo', parameters), words.undo]] as const) : []),
  ];
  return html`${offered.map(([href, said]) => (href === undefined ? '' : html`<a class="act" href="${href}">${said}</a> `))}`;
}

function historyColumns(context: PageContext): readonly Column<OneVoucher['history'][number]>[] {
  const { texts, link } = context;
  const { voucher: words } = texts.views;
  return [
    ...voucherColumns(context),
    timeColumn(words.touched, ({ updatedAt }) => updatedAt),
    textColumn(words.run, ({ run }) => run, {
      shown: ({ run }) => html`<a href="${link('log', { run })}">${run.slice(0, 8)}</a>`,
    }),
    textColumn(words.problem, ({ problem }) => problem?.what, {
      shown: ({ problem }) => (problem === null ? '' : english(`${problem.what} – ${problem.action}`)),
    }),
  ];
}

/** The merchant's own reference may be the customer's text: it is shown where that was asked for. */
function factColumns(context: PageContext): readonly Column<VoucherFact>[] {
  const { texts, link, format, showsPersonal } = context;
  const { rows: words, payout } = texts.views;
  return [
    dateColumn(payout.ledgerDate, ({ date }) => date, {
      isHeading: true,
      shown: ({ date, entry }) =>
        date === undefined
          ? ''
          : entry === undefined
            ? format.date(date)
            : html`<a href="${link('rows', { date })}">${format.date(date)}</a>`,
    }),
    textColumn(words.type, ({ entry }) => entry?.type ?? texts.views.voucher.otherFact),
    textColumn(words.pspReference, ({ entry }) => entry?.pspReference ?? undefined),
    ...(showsPersonal ? [textColumn<VoucherFact>(words.reference, ({ entry }) => entry?.reference ?? undefined)] : []),
    textColumn(words.account, ({ entry }) => entry && words.accounts[entry.account]),
    amountColumn(words.amount, ({ entry }) => entry?.amount),
    textColumn(words.page, ({ page }) => page, {
      shown: ({ page, digest }) =>
        html`${page}${digest === '' ? '' : html`<br /><code>${digest.slice(0, 16)}…</code>`}`,
    }),
  ];
}
