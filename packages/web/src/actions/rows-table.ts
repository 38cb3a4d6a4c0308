import { debitOf } from '@bilag/core';
import type { DeliveryRow } from '@bilag/engine';
import { amountColumn, dateColumn, textColumn } from '../tables/column.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, PageContext } from '../view.ts';

/** Vouchers as the log has them. */
export function rowsTable(rows: readonly DeliveryRow[], currency: string, context: PageContext): Html {
  const { columns, nothingToDo } = context.texts.acts;
  return tableOf<DeliveryRow>(
    {
      caption: columns.voucher,
      currency,
      empty: nothingToDo,
      rows,
      columns: [
        dateColumn(columns.date, ({ date }) => date),
        textColumn(columns.voucher, ({ reference }) => reference, { isHeading: true }),
        amountColumn(columns.amount, ({ voucher }) => debitOf(voucher.lines)),
        textColumn(columns.state, ({ delivery }) => delivery.state),
        textColumn(columns.inTarget, ({ delivery }) => delivery.number ?? delivery.targetId ?? undefined),
        textColumn(columns.why, ({ delivery: { problem } }) => problem?.what),
      ],
    },
    context,
  );
}
