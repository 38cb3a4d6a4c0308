import { html } from 'hono/html';
import type { ComparedFees } from '@bilag/company';
import { add, zero, type Amount } from '@bilag/core';
import { barChart } from '../charts/bar-chart.ts';
import { feesOfMonth, type FeesOfMonth, type VatOfCode } from '../data/fees.ts';
import { amountColumn, countColumn, dateColumn, percentColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, PageContext, View } from '../view.ts';
import { monthPicker } from './parts/month-picker.ts';
import { agreement } from './parts/state.ts';
import { findingList } from './parts/told.ts';

type Ledger = ComparedFees['ledgers'][number];
type KindOfFee = Ledger['kinds'][number] & { readonly ledgerId: string };

/** The fees of a month by kind, held against the provider's invoices, and the VAT of what was posted. */
export const fees: View<FeesOfMonth> = {
  name: 'fees',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) =>
    office.with(companyId, async (open) => feesOfMonth(open, parameters)),
  page: (data, context) => {
    const { month, currency, fees: compared, bars, vat } = data;
    const { texts, download } = context;
    const { fees: words, common } = texts.views;
    const kinds = kindsOf(compared);
    const hasInvoice = compared.invoices.length > 0;
    // Where no invoice was recorded there is nothing to differ from.
    const findings = compared.findings.filter(({ code }) => hasInvoice || !code.endsWith('-differ'));
    const asked = { month: month.name };
    return {
      title: texts.shell.viewTitles.fees,
      main: html`${monthPicker('fees', month, context)}
        <p>${hasInvoice ? html`${words.againstInvoice} ${agreement(compared.agrees, context)}` : words.noInvoice}</p>
        ${barChart(byDate(bars), { caption: words.chart, labelHeading: words.kind, currency }, context)}
        ${tableOf(
          {
            caption: words.caption,
            currency,
            columns: kindColumns(context),
            rows: kinds,
            empty: words.none,
            sums: sumsOf(kinds, common.sum),
            download: download('fees', 'fees', asked),
          },
          context,
        )}
        ${compared.ledgers.map((ledger) => payablePart(ledger, currency, context))}
        ${
          findings.length === 0
            ? ''
            : html`<h2>${texts.views.overview.toLookAt}</h2>
                ${findingList(findings, currency, context)}`
        }
        <h2>${words.vat}</h2>
        ${tableOf(
          {
            caption: words.vatCaption,
            currency,
            columns: vatColumns(context),
            rows: vat,
            empty: words.noVat,
            download: download('fees', 'vat', asked),
          },
          context,
        )}`,
    };
  },
  tables: {
    fees: async function* rows(office, { companyId = '', parameters }, context) {
      const data = await office.with(companyId, async (open) => feesOfMonth(open, parameters));
      yield* csvOf(dayColumns(context), daysOf(data.fees), { language: context.language, currency: data.currency });
    },
    vat: async function* rows(office, { companyId = '', parameters }, context) {
      const data = await office.with(companyId, async (open) => feesOfMonth(open, parameters));
      yield* csvOf(vatColumns(context), data.vat, { language: context.language, currency: data.currency });
    },
  },
};

function kindsOf({ ledgers }: ComparedFees): readonly KindOfFee[] {
  return ledgers.flatMap(({ ledgerId, kinds }) => kinds.map((kind) => ({ ...kind, ledgerId })));
}

/** One bar a date: what the kinds of it come to. */
function byDate(bars: FeesOfMonth['bars']): FeesOfMonth['bars'] {
  return [...Map.groupBy(bars, ({ date }) => date)].map(([date, own]) => ({
    date,
    label: own.map(({ label }) => label).join(', '),
    amount: own.reduce((total, { amount }) => add(total, amount), zero),
  }));
}

function kindColumns(context: PageContext): readonly Column<KindOfFee>[] {
  const { fees: words } = context.texts.views;
  return [
    textColumn(words.kind, ({ kind }) => kindName(kind, context), { isHeading: true }),
    textColumn(words.ledger, ({ ledgerId }) => ledgerId),
    amountColumn(words.charged, ({ ledger }) => ledger),
    amountColumn(words.invoiced, ({ invoiced }) => invoiced),
    amountColumn(words.difference, ({ difference }) => difference),
    countColumn(words.days, ({ dates }) => dates.length),
  ];
}

/** What a kind of fee is called: the provider's own word where we have none. */
function kindName(kind: string, { texts }: PageContext): string {
  const names: Readonly<Record<string, string | undefined>> = texts.views.fees.kinds;
  return (Object.hasOwn(names, kind) ? names[kind] : undefined) ?? kind;
}

function sumsOf(kinds: readonly KindOfFee[], label: string) {
  const [first] = kinds;
  if (first === undefined) return undefined;
  const row = kinds.slice(1).reduce<KindOfFee>(
    (total, each) => ({
      ...total,
      ledger: add(total.ledger, each.ledger),
      invoiced: add(total.invoiced, each.invoiced),
      difference: add(total.difference, each.difference),
    }),
    first,
  );
  return { label, row, of: [2, 3, 4] };
}

interface Labelled {
  readonly label: string;
  readonly amount: Amount;
}

function payablePart({ ledgerId, payable }: Ledger, currency: string, context: PageContext): Html {
  const { fees: words } = context.texts.views;
  const rows = (
    [
      [words.payable.opening, payable.opening],
      [words.payable.charged, payable.charged],
      [words.payable.retained, -payable.retained as Amount],
      [words.payable.invoiced, -payable.invoiced as Amount],
      [words.payable.closing, payable.closing],
      ...(payable.closingByInvoices === null
        ? []
        : [[words.payable.closingByInvoices, payable.closingByInvoices] as const]),
    ] as const
  ).map(([label, amount]) => ({ label, amount }));
  return tableOf(
    {
      caption: words.payableCaption(ledgerId),
      currency,
      columns: [
        textColumn<Labelled>(words.what, ({ label }) => label, { isHeading: true }),
        amountColumn<Labelled>(words.amount, ({ amount }) => amount),
      ],
      rows,
      empty: '',
    },
    context,
  );
}

function vatColumns(context: PageContext): readonly Column<VatOfCode>[] {
  const { fees: words, vouchers } = context.texts.views;
  return [
    textColumn(vouchers.vatCode, ({ code }) => code, { isHeading: true }),
    percentColumn(vouchers.rate, ({ rateBasisPoints }) => rateBasisPoints),
    textColumn(words.vatKind, ({ kind }) => words.vatKinds[kind]),
    amountColumn(words.net, ({ net }) => net),
    amountColumn(words.vatAmount, ({ vat }) => vat),
    countColumn(words.lines, ({ lines }) => lines),
  ];
}

type DayOfFee = { readonly ledgerId: string; readonly kind: string } & Ledger['kinds'][number]['dates'][number];

function* daysOf(compared: ComparedFees): Generator<DayOfFee, void, undefined> {
  for (const { ledgerId, kind, dates } of kindsOf(compared)) for (const day of dates) yield { ...day, ledgerId, kind };
}

function dayColumns(context: PageContext): readonly Column<DayOfFee>[] {
  const { fees: words } = context.texts.views;
  return [
    dateColumn(words.date, ({ date }) => date),
    textColumn(words.ledger, ({ ledgerId }) => ledgerId),
    textColumn(words.kind, ({ kind }) => kindName(kind, context)),
    amountColumn(words.charged, ({ amount }) => amount),
  ];
}
