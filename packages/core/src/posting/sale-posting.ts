import { isEmpty, named } from '../named.ts';
import { amount, formatAmount, negate, sum } from '../money/amount.ts';
import type { BookedFact, Contra, FactBuilder, OrderLine, PostingContext, PostingVat } from './booked-fact.ts';
import type { Amount } from '../money/amount.ts';
import type { DisputeToFollow, FollowedSale, SaleToFollow } from './follow.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { PolicyVersion, SalesUnitPolicy, VatTreatment } from '../policy/policy.ts';
import { normaliseSalesUnit } from '../policy/sales-unit.ts';
import type { LineParty } from '../voucher/voucher.ts';

/** What of an entry decides where its sale goes. */
export type SaleFacts = Pick<LedgerEntry, 'amount' | 'salesUnit' | 'reference'>;

/** A capture: revenue, a paid invoice, or what another system books. */
export function postCapture(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  if (isElsewhere(entry, context.version, 'capture')) return bookedElsewhere(build);
  return build.sale('capture', saleContra(entry, context, build, orderLines));
}

/** A refund takes back its sale as that was booked, whatever the policy says by now. */
export function postRefund(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
  follow: SaleToFollow | undefined,
): BookedFact {
  const parts = follow ?? [{ sale: entry, context, orderLines }];
  if (typeof parts === 'string') return build.sale('refund', cannotFollow(entry, parts, build, 'refund'));
  const elsewhere = parts.filter((part) => isElsewhere(part.sale, part.context.version, 'refund'));
  if (elsewhere.length === parts.length) {
    sayFollowed(contextsOf(parts), context, build);
    return bookedElsewhere(build);
  }
  if (elsewhere.length > 0) return build.sale('refund', cannotFollow(entry, 'unclear', build, 'refund'));
  return build.sale('refund', followedContra(parts, context, build));
}

/** A disputed capture, held back or returned. */
export function postDispute(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
  follow: SaleToFollow | undefined,
): BookedFact {
  sayDisputed(build);
  if (context.version.disputes === 'receivable') {
    return build.against('clearing', 'dispute-retained', { role: 'disputed' });
  }
  const parts = follow ?? [{ sale: entry, context, orderLines }];
  return build.with('dispute-retained', 'clearing', disputeContra(entry, parts, context, build));
}

/** A disputed capture that comes back leaves what its dispute took: the claim, or the sale. */
export function postReturnedDispute(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
  follow: DisputeToFollow | undefined,
): BookedFact {
  sayDisputed(build);
  const kind = 'dispute-returned';
  if (follow === 'unknown') return build.with(kind, 'clearing', cannotFollow(entry, follow, build, 'returned dispute'));
  const its = follow?.context ?? context;
  if (its.version.disputes === 'receivable') {
    sayFollowed([its], context, build);
    return build.against('clearing', kind, { role: 'disputed', account: its.accounts.disputed });
  }
  const parts = follow?.sale ?? [{ sale: entry, context: its, orderLines }];
  return build.with(kind, 'clearing', disputeContra(entry, parts, context, build));
}

function sayDisputed(build: FactBuilder): void {
  const action = 'follow the case; a lost dispute is booked by hand';
  build.finding('disputed-capture', 'info', 'a payer disputes this payment', action);
}

function disputeContra(
  entry: LedgerEntry,
  parts: SaleToFollow,
  context: PostingContext,
  build: FactBuilder,
): readonly Contra[] {
  return typeof parts === 'string'
    ? cannotFollow(entry, parts, build, 'disputed capture')
    : followedContra(parts, context, build);
}

function followedContra(
  parts: readonly FollowedSale[],
  context: PostingContext,
  build: FactBuilder,
): readonly Contra[] {
  sayFollowed(contextsOf(parts), context, build);
  return parts.flatMap((part) =>
    saleContra(part.sale, part.context, build, part.orderLines).map((side): Contra => {
      const account = side.account ?? (side.role === undefined ? undefined : part.context.accounts[side.role]);
      return account === undefined ? side : { ...side, account };
    }),
  );
}

function contextsOf(parts: readonly FollowedSale[]): readonly PostingContext[] {
  return parts.map((part) => part.context);
}

/** That an entry is booked by choices which are no longer in force is never silent. */
export function sayFollowed(
  contexts: readonly Pick<PostingContext, 'version'>[],
  { version }: PostingContext,
  build: FactBuilder,
): void {
  for (const from of new Set(contexts.map((each) => each.version.from))) {
    if (from === version.from) continue;
    const message = `booked by the policy from ${from}, which booked what this takes back or completes`;
    build.finding('follows-original', 'info', message, 'nothing to do');
  }
}

/** Where the policy has changed and the original is missing, it is not known what a counter-entry takes back. */
function cannotFollow(
  entry: LedgerEntry,
  why: 'unknown' | 'unclear',
  build: FactBuilder,
  what: string,
): readonly Contra[] {
  const order = entry.reference === null ? '' : ` of order ${entry.reference}`;
  const subject = `the ${what} of ${formatAmount(entry.amount)}${order}`;
  const action = `find the sale, and move the amount from ${build.suspense} to its accounts and VAT`;
  if (why === 'unknown') {
    const message = `${subject} takes back what is not known, so its accounts and VAT are not known either`;
    build.finding('original-unknown', 'warning', message, action);
  } else {
    const message = `${subject} takes back a part of what was booked in several ways`;
    build.finding('original-unclear', 'warning', message, action);
  }
  return [{ role: 'suspense', amount: negate(entry.amount) }];
}

/** Whether another system books this: a capture, or a refund where it books those too. */
function isElsewhere(sale: SaleFacts, version: PolicyVersion, kind: 'capture' | 'refund'): boolean {
  if (invoiceOf(version, sale) !== undefined) return false;
  const unit = unitOf(version, sale);
  return unit.revenue === 'already-booked' && (kind === 'capture' || unit.refunds === 'already-booked');
}

function bookedElsewhere(build: FactBuilder): BookedFact {
  return build.preBooked('already-booked', 'another system books this, by the policy of its sales unit');
}

/**
 * How a version books a sale, to tell whether two versions differ: one text, or one for each VAT treatment of the order
 * lines.
 */
export function saleTreatments(
  sale: SaleFacts,
  { version, accounts }: Pick<PostingContext, 'version' | 'accounts'>,
  orderLines: readonly OrderLine[] | undefined,
): readonly string[] {
  const unit = unitOf(version, sale);
  const invoice = invoiceOf(version, sale);
  if (invoice !== undefined) return [JSON.stringify(['invoice', invoice.account, invoice.customer])];
  const booksAll = unit.revenue === 'already-booked' && unit.refunds === 'already-booked';
  if (orderLines === undefined && unit.revenue === 'receivable')
    return [JSON.stringify(['receivable', accounts.receivable, unit.customer])];
  const names = orderLines === undefined ? [unit.sale ?? ''] : [...new Set(orderLines.map((line) => line.sale))];
  const dimensions = Object.entries(unit.dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return names.map((name) => {
    const vat = treatmentOf(version, name);
    return JSON.stringify([booksAll, vat?.account, vat?.code, vat?.rateBasisPoints, vat?.vatAccount, dimensions]);
  });
}

/** The other side of a sale: revenue by VAT treatment, an invoice's receivable, or suspense where it cannot be told. */
function saleContra(
  entry: SaleFacts,
  { version }: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
): readonly Contra[] {
  const invoice = invoiceOf(version, entry);
  if (invoice !== undefined) {
    const { account, customer } = invoice;
    return [{ account, role: 'receivable', amount: negate(entry.amount), ...partyOf(customer) }];
  }
  const own = namedUnit(version, entry);
  const unit = own ?? version.sales;
  if (own === undefined) sayUnitNotNamed(entry, version, build);
  if (orderLines !== undefined) return orderLinesContra(entry, version, unit, build, orderLines);
  if (unit.revenue === 'receivable')
    return [{ role: 'receivable', amount: negate(entry.amount), ...partyOf(unit.customer) }];
  const vat = unit.sale === null ? undefined : named(version.vat, unit.sale);
  if (vat === undefined) {
    build.finding(
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
function sayUnitNotNamed(entry: SaleFacts, version: PolicyVersion, build: FactBuilder): void {
  if (isEmpty(version.salesUnits)) return;
  const unit =
    entry.salesUnit === null ? 'the entry names no sales unit' : `sales unit ${entry.salesUnit} is not in salesUnits`;
  const message = `${unit}; booked by the default of sales`;
  build.finding('sales-unit-not-named', 'warning', message, 'add it to salesUnits, or check that the default fits');
}

function partyOf(customer: string | undefined): { readonly party?: LineParty } {
  return customer === undefined ? {} : { party: { kind: 'customer', id: customer } };
}

function orderLinesContra(
  entry: SaleFacts,
  version: PolicyVersion,
  unit: SalesUnitPolicy,
  build: FactBuilder,
  orderLines: readonly OrderLine[],
): readonly Contra[] {
  const total = sum(orderLines.map((line) => line.gross));
  const unknown = orderLines.find((line) => treatmentOf(version, line.sale) === undefined);
  // A refund's or a dispute's lines may be given with the capture's sign.
  const sign = total === entry.amount ? 1 : -1;
  if (unknown !== undefined || amount(total * sign) !== entry.amount) {
    build.finding('order-lines-do-not-fit', 'warning', misfitOf(orderLines, unknown), build.reviewSuspense);
    return [{ role: 'suspense', amount: negate(entry.amount) }];
  }
  return orderLines
    .filter((line) => line.gross !== 0)
    .map((line) => revenue(treatmentOf(version, line.sale) as VatTreatment, amount(-sign * line.gross), unit));
}

function misfitOf(orderLines: readonly OrderLine[], unknown: OrderLine | undefined): string {
  if (orderLines.length === 0 || unknown?.sale === null) return 'nobody told the VAT of what was sold';
  return unknown === undefined
    ? 'the order lines do not add up to the entry'
    : `there is no VAT treatment "${unknown.sale}" for an order line`;
}

function treatmentOf(version: PolicyVersion, name: string | null): VatTreatment | undefined {
  return name === null ? undefined : named(version.vat, name);
}

function revenue(treatment: VatTreatment, value: Amount, unit: SalesUnitPolicy): Contra {
  let vat = postingVats.get(treatment);
  if (vat === undefined) {
    const { code, rateBasisPoints, vatAccount } = treatment;
    postingVats.set(treatment, (vat = { kind: 'contained', code, rateBasisPoints, account: vatAccount }));
  }
  return { account: treatment.account, amount: value, vat, dimensions: unit.dimensions };
}

/** Each sale of a treatment has the same. */
const postingVats = new WeakMap<VatTreatment, PostingVat>();

/** The choices for the unit an entry names, or for all others. */
export function unitOf(version: PolicyVersion, entry: Pick<LedgerEntry, 'salesUnit'>): SalesUnitPolicy {
  return namedUnit(version, entry) ?? version.sales;
}

function namedUnit(
  { salesUnits }: PolicyVersion,
  { salesUnit }: Pick<LedgerEntry, 'salesUnit'>,
): SalesUnitPolicy | undefined {
  if (salesUnit === null || isEmpty(salesUnits)) return undefined;
  // The policy has its names in their one form, and so have most entries.
  return named(salesUnits, salesUnit) ?? named(salesUnits, normaliseSalesUnit(salesUnit));
}

function invoiceOf(version: PolicyVersion, entry: SaleFacts): PolicyVersion['invoices'][string] | undefined {
  // Where there are none, a look-up would only make each reference a name that the engine keeps.
  return entry.reference === null || isEmpty(version.invoices) ? undefined : named(version.invoices, entry.reference);
}
