import type { ComparedFees, OpenCompany } from '@bilag/company';
import { add, zero, type Amount, type LineVat } from '@bilag/core';
import type { Bar } from '../charts/bar-chart.ts';
import { chosenMonth, type ChosenMonth } from './months.ts';

/** What was posted with one VAT code and rate in a month. */
export interface VatOfCode {
  readonly kind: LineVat['kind'];
  readonly code: string;
  readonly rateBasisPoints: number;
  /** Debit − credit: sales are negative. */
  readonly net: Amount;
  readonly vat: Amount;
  readonly lines: number;
}

export interface FeesOfMonth {
  readonly month: ChosenMonth;
  readonly currency: string;
  readonly fees: ComparedFees;
  /** Fees by kind and date, for the chart. */
  readonly bars: readonly Bar[];
  /** None where no revenue is posted by us. */
  readonly vat: readonly VatOfCode[];
}

/** The fees of a month by kind, held against the invoices, and the VAT of what was posted. */
export async function feesOfMonth(open: OpenCompany, parameters: URLSearchParams): Promise<FeesOfMonth> {
  const month = await chosenMonth(open, parameters);
  const fees = await open.fees(month.period);
  const vat = new Map<string, VatOfCode>();
  await open.book({
    ...month.period,
    onVoucher: ({ lines }) => {
      for (const line of lines) if (line.vat !== undefined) take(vat, line.vat);
    },
  });
  const byDate = fees.ledgers.flatMap(({ kinds }) =>
    kinds.flatMap(({ kind, dates }) => dates.map(({ date, amount }): Bar => ({ date, label: kind, amount }))),
  );
  return {
    month,
    currency: fees.currency,
    fees,
    bars: byDate.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    vat: [...vat.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1)),
  };
}

function take(sums: Map<string, VatOfCode>, { kind, code, rateBasisPoints, net, amount }: LineVat): void {
  const name = `${kind} ${code} ${rateBasisPoints}`;
  const known = sums.get(name) ?? { kind, code, rateBasisPoints, net: zero, vat: zero, lines: 0 };
  sums.set(name, { ...known, net: add(known.net, net), vat: add(known.vat, amount), lines: known.lines + 1 });
}
