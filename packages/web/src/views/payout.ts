import { BilagError, zero, type Amount } from '@bilag/core';
import type { CompanyPayout, PayoutDay } from '@bilag/company';
import { html } from 'hono/html';
import { entriesOfPayout, onePayout, type OnePayout, type PayoutEntry } from '../data/payout.ts';
import { amountColumn, dateColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Asked, Html, PageContext, View } from '../view.ts';
import { payoutState } from './parts/state.ts';
import { voucherColumns } from './parts/voucher-columns.ts';

/** One payout: from its entries, day by day, through its vouchers to the line of the bank, and whether it adds up. */
export const payout: View<OnePayout> = {
  name: 'payout',
  scope: 'company',
  data: async (office, asked) =>
    office.with(asked.companyId ?? '', async (open) => onePayout(open, referenceIn(asked))),
  page: (data, context) => {
    const { texts, download } = context;
    const { payout: words } = texts.views;
    const { reference } = data.payout;
    const { currency } = data;
    return {
      title: `${texts.shell.viewTitles.payout} ${reference}`,
      main: html`<p>${payoutState(data.state, context)}</p>
        ${proofLine(data, context)}
        <h2>${words.days}</h2>
        ${tableOf(
          {
            caption: words.daysCaption,
            currency,
            columns: dayColumns(data, context),
            rows: data.payout.days,
            empty: words.noDays,
            download: download('payout', 'entries', { payout: reference }),
          },
          context,
        )}
        <h2>${words.vouchers}</h2>
        ${tableOf(
          {
            caption: words.vouchersCaption,
            currency,
            columns: voucherColumns(context),
            rows: data.vouchersOfDates,
            empty: words.noVouchers,
          },
          context,
        )}
        ${data.isMore ? html`<p>${words.moreVouchers}</p>` : ''}
        ${tableOf(
          { caption: words.accounts, currency, columns: accountColumns(context), rows: data.accounts, empty: '' },
          context,
        )}
        <h2>${words.bank}</h2>
        ${bankPart(data, context)}`,
    };
  },
  tables: {
    entries: async function* rows(office, asked, context) {
      // What is asked for is read whole before its company is closed; a payout is of some days.
      const read = await office.with(asked.companyId ?? '', async (open) => ({
        currency: open.company.currency,
        entries: await Array.fromAsync(entriesOfPayout(open, referenceIn(asked))),
      }));
      yield* csvOf(entryColumns(context), read.entries, { language: context.language, currency: read.currency });
    },
  },
};

function referenceIn({ parameters, companyId }: Asked): string {
  const reference = parameters.get('payout');
  if (reference !== null && reference !== '') return reference;
  throw new BilagError('not-found', {
    what: 'the address names no payout',
    where: `company ${companyId ?? ''}`,
    action: 'choose one from the list of payouts',
  });
}

/** Opening + everything = net + what was left: in one line, to 0.00. */
function proofLine(
  { payout: about, gross, refunds, fees, other, net, currency }: OnePayout,
  context: PageContext,
): Html {
  const { texts, format } = context;
  const { payout: words, payouts } = texts.views;
  const figure = (label: string, value: Amount): Html =>
    html`<dt>${label}</dt>
      <dd>${format.amount(value, currency)}</dd>`;
  return html`<dl>
      <dt>${payouts.covers}</dt>
      <dd>${about.days[0] === undefined ? '' : html`${format.date(about.days[0].date)}–`}${format.date(about.date)}</dd>
      ${figure(`${words.opening} (${currency})`, about.opening)} ${figure(payouts.gross, gross)}
      ${figure(payouts.refunds, refunds)} ${figure(payouts.fees, fees)} ${figure(payouts.other, other)}
      ${figure(payouts.net, net)} ${figure(words.closing, about.closing)}
    </dl>
    <p class="said good">
      ${words.proof({
        parts: [gross, refunds, fees, other]
          .map((value) => format.amount(value, currency))
          .join(' + ')
          .replaceAll('+ \u2212', '\u2212 '),
        net: format.amount(net, currency),
      })}
    </p>`;
}

function dayColumns({ kinds }: OnePayout, context: PageContext): readonly Column<PayoutDay>[] {
  const { texts, link, format } = context;
  const { payout: words, month } = texts.views;
  const lines: Readonly<Record<string, string | undefined>> = month.lines;
  return [
    dateColumn(words.ledgerDate, ({ date }) => date, {
      isHeading: true,
      shown: ({ date }) => html`<a href="${link('rows', { date })}">${format.date(date)}</a>`,
    }),
    ...kinds.map((kind) => amountColumn<PayoutDay>(lines[`funds-${kind}`] ?? kind, (day) => day.kinds[kind] ?? zero)),
    amountColumn(words.balance, ({ balance }) => balance),
  ];
}

function accountColumns({ texts }: PageContext): readonly Column<OnePayout['accounts'][number]>[] {
  const { vouchers: words } = texts.views;
  return [
    textColumn(words.account, ({ account }) => account, { isHeading: true }),
    textColumn(words.accountName, ({ name }) => name),
    amountColumn(words.debit, ({ debit }) => debit),
    amountColumn(words.credit, ({ credit }) => credit),
  ];
}

function bankPart({ payout: about, isBankRead, currency, net }: OnePayout, context: PageContext): Html {
  const { texts, format } = context;
  const { payout: words, payouts } = texts.views;
  const expected = about.expected === undefined ? '' : html`<p>${payouts.expected}: ${format.date(about.expected)}</p>`;
  if (about.aborted !== undefined) return html`<p>${words.aborted} ${format.date(about.aborted)}</p>`;
  if (about.bankLines.length === 0)
    return html`${expected}
      <p>${isBankRead ? words.notArrived : payouts.bankNotRead}</p>`;
  return html`${expected}
    ${tableOf(
      {
        caption: words.bankCaption,
        currency,
        columns: bankColumns(context),
        rows: about.bankLines,
        empty: '',
      },
      context,
    )}
    <p>
      ${words.arrived(
        format.amount(about.bankLines.reduce((total, { amount }) => total + amount, 0) as Amount, currency),
        format.amount(net, currency),
      )}
    </p>`;
}

function bankColumns({ texts }: PageContext): readonly Column<CompanyPayout['bankLines'][number]>[] {
  const { payout: words, payouts } = texts.views;
  return [
    dateColumn(payouts.bankDate, ({ date }) => date, { isHeading: true }),
    textColumn(payouts.bankText, ({ texts: told }) => told[0]),
    textColumn(words.place, ({ where, place }) => `${where}, ${place}`),
    amountColumn(payouts.net, ({ amount }) => amount),
  ];
}

function entryColumns({ texts, showsPersonal }: PageContext): readonly Column<PayoutEntry>[] {
  const { rows: words, payout: of } = texts.views;
  return [
    dateColumn(of.ledgerDate, ({ entry }) => entry.ledgerDate),
    textColumn(words.time, ({ entry }) => entry.time ?? undefined),
    textColumn(words.type, ({ entry }) => entry.type),
    textColumn(words.pspReference, ({ entry }) => entry.pspReference ?? undefined),
    ...(showsPersonal ? [textColumn<PayoutEntry>(words.reference, ({ entry }) => entry.reference ?? undefined)] : []),
    textColumn(words.unit, ({ entry }) => entry.salesUnit ?? undefined),
    amountColumn(words.amount, ({ entry }) => entry.amount),
    amountColumn(of.balance, ({ balance }) => balance),
    textColumn(words.page, ({ page }) => page),
    textColumn(words.digest, ({ digest }) => digest),
  ];
}
