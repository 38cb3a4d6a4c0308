import { amount, type Finding, type RawPage, sum, type ToldSale } from '@bilag/core';
import { parseJsonBytes } from '@bilag/http';
import { z } from 'zod';
import { checked } from './checked.ts';

/** The topic of pages of the Sales API, beside `funds` and `fees`. */
export const salesTopic = 'sales';

/** A page of sales, understood. */
export interface SalesPage {
  readonly sales: readonly SaleV1[];
  /** Where the next page begins; null when there is none. */
  readonly next: string | null;
}

/** Reads a page of `/sales/report/v1/ledgers/{ledgerId}/dates/{ledgerDate}`. Only `hasMore` says that more follows. */
export function parseSalesPage(body: Uint8Array, where: string): SalesPage {
  const place = { where, action: 'fetch it again; nothing of it was used' };
  const { items, hasMore, cursor } = checked(pageSchema, parseJsonBytes(body, { where, kind: 'unavailable' }), place);
  return { sales: items, next: hasMore === true && cursor ? cursor : null };
}

/** What the pages of a date say was sold. */
export function toldSales(pages: readonly RawPage[]): readonly ToldSale[] {
  return salesIn(pages).map((sale) => ({
    kind: sale.entryType === 'refund' ? 'refund' : 'sale',
    pspReference: sale.pspReference ?? null,
    reference: sale.reference ?? null,
    lines: addsUp(sale)
      ? (sale.lines ?? []).map(({ lineTotalGross, vatRate }) => ({
          gross: amount(lineTotalGross),
          rateBasisPoints: sale.completeness?.hasVatBreakdown === false ? null : (vatRate ?? null),
        }))
      : null,
  }));
}

/** What a person should know of the sales of a date: what is not on the ledger, and what does not add up. */
export function salesFindings(pages: readonly RawPage[]): readonly Finding[] {
  const [first] = pages;
  if (first === undefined) return [];
  const { ledgerId, date } = first;
  const sales = salesIn(pages);
  const elsewhere = sales.filter(({ pspReference }) => (pspReference ?? null) === null);
  const wrong = sales.filter((sale) => !addsUp(sale));
  const place = { where: `ledger ${ledgerId}, ${date}, Sales API`, ledgerId, date };
  return [
    ...(elsewhere.length === 0
      ? []
      : [
          {
            ...place,
            code: 'sales-not-on-ledger',
            severity: 'info' as const,
            message: `${elsewhere.length} sales and refunds were paid otherwise, as in cash: they are not on the ledger`,
            action: 'book them from the till; here they are not',
            amount: sum(elsewhere.map(({ entryType, amounts }) => signed(entryType, amounts.gross))),
          },
        ]),
    ...(wrong.length === 0
      ? []
      : [
          {
            ...place,
            code: 'sales-do-not-add-up',
            severity: 'warning' as const,
            message: `the lines of ${wrong.length} sales do not add up, so they are not used`,
            action: 'look at the orders, and split them by hand',
            references: wrong.flatMap(({ reference }) => reference ?? []),
          },
        ]),
  ];
}

function salesIn(pages: readonly RawPage[]): readonly SaleV1[] {
  return pages
    .toSorted((a, b) => a.sequence - b.sequence)
    .flatMap(
      ({ body, ledgerId, date, sequence }) =>
        parseSalesPage(body, `ledger ${ledgerId}, sales, ${date}, page ${sequence}`).sales,
    );
}

/** What the documentation promises: each line, their sum, and the sum of their VAT where all of it is told. */
function addsUp({ lines, amounts }: SaleV1): boolean {
  if (lines === null || lines === undefined || lines.length === 0) return true;
  const areLines = lines.every(({ quantity, unitPriceGross, discountTotal, lineTotalGross }) => {
    // Goods by weight have a part of a unit, and nobody says how it is rounded.
    if (!Number.isInteger(quantity) || typeof unitPriceGross !== 'number') return true;
    return unitPriceGross * (quantity ?? 1) - (discountTotal ?? 0) === lineTotalGross;
  });
  const vat = lines.map(({ vatAmount }) => vatAmount);
  const isVat =
    typeof amounts.vat !== 'number' ||
    vat.some((value) => typeof value !== 'number') ||
    sum(vat.map((value) => amount(value ?? 0))) === amounts.vat;
  return areLines && isVat && sum(lines.map(({ lineTotalGross }) => amount(lineTotalGross))) === amounts.gross;
}

/** Whether refunds are told with a minus is not documented. */
function signed(entryType: string, gross: number): ReturnType<typeof amount> {
  return amount(entryType === 'refund' ? -Math.abs(gross) : gross);
}

/** What is used of a sale: no name of goods, and nothing of a customer. */
interface SaleV1 {
  readonly entryType: string;
  readonly pspReference?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly amounts: { readonly gross: number; readonly vat?: number | null | undefined };
  readonly lines?: readonly SaleLine[] | null | undefined;
  readonly completeness?: { readonly hasVatBreakdown?: boolean | null | undefined } | null | undefined;
}

interface SaleLine {
  readonly quantity?: number | null | undefined;
  readonly unitPriceGross?: number | null | undefined;
  readonly discountTotal?: number | null | undefined;
  readonly lineTotalGross: number;
  /** In basis points. */
  readonly vatRate?: number | null | undefined;
  readonly vatAmount?: number | null | undefined;
}

const minorUnits = z.int();

const saleLine: z.ZodType<SaleLine> = z.object({
  quantity: z.number().nullish(),
  unitPriceGross: minorUnits.nullish(),
  discountTotal: minorUnits.nullish(),
  lineTotalGross: minorUnits,
  vatRate: z.int().min(0).max(10_000).nullish(),
  vatAmount: minorUnits.nullish(),
});

const saleSchema: z.ZodType<SaleV1> = z.object({
  entryType: z.string().min(1),
  pspReference: z.string().nullish(),
  reference: z.string().nullish(),
  amounts: z.object({ gross: minorUnits, vat: minorUnits.nullish() }),
  lines: z.array(saleLine).nullish(),
  completeness: z.object({ hasVatBreakdown: z.boolean().nullish() }).nullish(),
});

const pageSchema: z.ZodType<{
  readonly items: readonly SaleV1[];
  readonly hasMore?: boolean | null | undefined;
  readonly cursor?: string | null | undefined;
}> = z.object({ items: z.array(saleSchema), hasMore: z.boolean().nullish(), cursor: z.string().nullish() });
