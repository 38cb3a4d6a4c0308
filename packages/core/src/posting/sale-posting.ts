import { named } from '../named.ts';
import { amount, negate, sum } from '../money/amount.ts';
import type { BookedFact, Contra, FactBuilder, OrderLine, PostingContext } from './booked-fact.ts';
import type { Amount } from '../money/amount.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import { type PolicyVersion, type SalesUnitPolicy, type VatTreatment } from '../policy/policy.ts';
import { normaliseSalesUnit } from '../policy/sales-unit.ts';
import type { LineParty } from '../voucher/voucher.ts';

/** What a person does with what was booked against suspense. */
export const reviewSuspense = 'find out what it was and move the amount from the suspense account';

/** A capture or a refund: revenue, a paid invoice, or what another system books. */
export function postSale(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  kind: 'capture' | 'refund',
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  const { version } = context;
  const unit = unitOf(version, entry);
  const invoice = invoiceOf(version, entry);
  if (
    invoice === undefined &&
    unit.revenue === 'already-booked' &&
    (kind === 'capture' || unit.refunds === 'already-booked')
  ) {
    return build.preBooked('already-booked', 'another system books this, by the policy of its sales unit');
  }
  return build.sale(kind, saleContra(entry, context, build, orderLines));
}

/** A disputed capture, held back or returned. */
export function postDispute(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  kind: 'dispute-retained' | 'dispute-returned',
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  build.find(
    'disputed-capture',
    'info',
    'a payer disputes this payment',
    'follow the case; a lost dispute is booked by hand',
  );
  if (context.version.disputes === 'receivable') return build.against('clearing', kind, { role: 'disputed' });
  return build.with(kind, 'clearing', saleContra(entry, context, build, orderLines));
}

/** The other side of a sale: revenue by VAT treatment, an invoice's receivable, or suspense where it cannot be told. */
function saleContra(
  entry: LedgerEntry,
  { version }: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
): readonly Contra[] {
  const unit = unitOf(version, entry);
  const invoice = invoiceOf(version, entry);
  if (invoice === undefined) sayUnitNotNamed(entry, version, build);
  if (invoice !== undefined) {
    const party: LineParty = { kind: 'customer', id: invoice.customer };
    return [{ account: invoice.account, role: 'receivable', amount: negate(entry.amount), party }];
  }
  if (orderLines !== undefined) return orderLinesContra(entry, version, unit, build, orderLines);
  if (unit.revenue === 'receivable') return [{ role: 'receivable', amount: negate(entry.amount) }];
  const vat = unit.sale === null ? undefined : named(version.vat, unit.sale);
  if (vat === undefined) {
    build.find(
      'no-vat-treatment',
      'error',
      'the sales unit has no VAT treatment',
      'name one under sales or salesUnits',
    );
    return [{ role: 'suspense', amount: negate(entry.amount) }];
  }
  return [revenue(vat, negate(entry.amount), unit)];
}

/** A default is never silent where units are told apart: the VAT of this sale was not chosen for its unit. */
function sayUnitNotNamed(entry: LedgerEntry, version: PolicyVersion, build: FactBuilder): void {
  if (Object.keys(version.salesUnits).length === 0 || namedUnit(version, entry) !== undefined) return;
  const unit =
    entry.salesUnit === null ? 'the entry names no sales unit' : `sales unit ${entry.salesUnit} is not in salesUnits`;
  const message = `${unit}; booked by the default of sales`;
  build.find('sales-unit-not-named', 'warning', message, 'add it to salesUnits, or check that the default fits');
}

function orderLinesContra(
  entry: LedgerEntry,
  version: PolicyVersion,
  unit: SalesUnitPolicy,
  build: FactBuilder,
  orderLines: readonly OrderLine[],
): readonly Contra[] {
  const total = sum(orderLines.map((line) => line.gross));
  const unknown = orderLines.find((line) => named(version.vat, line.sale) === undefined);
  // A refund's or a dispute's lines may be given with the capture's sign.
  const sign = total === entry.amount ? 1 : -1;
  if (unknown !== undefined || amount(total * sign) !== entry.amount) {
    const message =
      unknown === undefined
        ? 'the order lines do not add up to the entry'
        : `there is no VAT treatment "${unknown.sale}" for an order line`;
    build.find('order-lines-do-not-fit', 'warning', message, reviewSuspense);
    return [{ role: 'suspense', amount: negate(entry.amount) }];
  }
  return orderLines
    .filter((line) => line.gross !== 0)
    .map((line) => revenue(named(version.vat, line.sale) as VatTreatment, amount(-sign * line.gross), unit));
}

function revenue(vat: VatTreatment, value: Amount, unit: SalesUnitPolicy): Contra {
  return {
    account: vat.account,
    amount: value,
    vat: { kind: 'contained', code: vat.code, rateBasisPoints: vat.rateBasisPoints, account: vat.vatAccount },
    dimensions: unit.dimensions,
  };
}

/** The choices for the unit an entry names, or for all others. */
export function unitOf(version: PolicyVersion, entry: LedgerEntry): SalesUnitPolicy {
  return namedUnit(version, entry) ?? version.sales;
}

function namedUnit(version: PolicyVersion, { salesUnit }: LedgerEntry): SalesUnitPolicy | undefined {
  return salesUnit === null ? undefined : named(version.salesUnits, normaliseSalesUnit(salesUnit));
}

function invoiceOf(version: PolicyVersion, entry: LedgerEntry): PolicyVersion['invoices'][string] | undefined {
  return entry.reference === null ? undefined : named(version.invoices, entry.reference);
}
