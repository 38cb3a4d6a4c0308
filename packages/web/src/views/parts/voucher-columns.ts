import type { PlannedLine } from '@bilag/company';
import { sum } from '@bilag/core';
import { html } from 'hono/html';
import type { ListedVoucher } from '../../data/vouchers.ts';
import { amountColumn, dateColumn, percentColumn, textColumn, type Column } from '../../tables/column.ts';
import type { PageContext } from '../../view.ts';
import { voucherState } from './state.ts';

/** A voucher as one row. */
export function voucherColumns(context: PageContext): readonly Column<ListedVoucher>[] {
  const { texts, link } = context;
  const { vouchers: words } = texts.views;
  return [
    textColumn(words.voucher, ({ reference }) => reference, {
      isHeading: true,
      shown: ({ reference }) => html`<a href="${link('voucher', { voucher: reference })}">${reference}</a>`,
    }),
    dateColumn(words.date, ({ date }) => date),
    dateColumn(words.ledgerDate, ({ ledgerDate }) => ledgerDate),
    textColumn(words.number, ({ number }) => number ?? undefined),
    amountColumn(words.total, ({ lines }) => sum(lines.map(({ debit }) => debit))),
    textColumn(words.state, ({ state, isHeld }) => (isHeld ? words.held : words.states[state]), {
      shown: (voucher) => voucherState(voucher, context),
    }),
  ];
}

/** What a voucher does to each account. */
export function lineColumns<Row extends PlannedLine>({ texts }: PageContext): readonly Column<Row>[] {
  const { vouchers: words } = texts.views;
  return [
    textColumn(words.account, ({ account }) => account, { isHeading: true }),
    textColumn(words.accountName, ({ name }) => name),
    textColumn(words.vatCode, ({ vatCode }) => vatCode ?? undefined),
    percentColumn(words.rate, ({ rateBasisPoints }) => rateBasisPoints ?? undefined),
    textColumn(words.names, ({ names }) => names.join(', ')),
    amountColumn(words.debit, ({ debit }) => debit),
    amountColumn(words.credit, ({ credit }) => credit),
  ];
}
