import { amount, negate, sum, zero, type Amount } from './amount.ts';
import type { FeeVat, PolicyVersion, SalesUnitPolicy, VatTreatment } from './policy.ts';
import type { AccountRole } from './chart.ts';
import type { Finding } from './finding.ts';
import type { BankLine, LedgerEntry, ProviderDocument } from './ledger.ts';
import type { PostingKind } from './texts.ts';
import type { DocumentKind, LineParty } from './voucher.ts';

/** VAT as a posting asks for it: the amount is computed per journal line. */
export type PostingVat =
  | ({ readonly kind: 'contained' } & Pick<VatTreatment, 'code' | 'rateBasisPoints'> & {
        readonly account: string | null;
      })
  | (FeeVat & { readonly kind: 'contained' | 'reverse-charge' });

/** One side of what a fact does to the books, before lines are made of it. */
export interface Posting {
  readonly account: string;
  /** Gross, debit +. */
  readonly amount: Amount;
  readonly kind: PostingKind;
  readonly role?: AccountRole;
  readonly vat?: PostingVat;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly party?: LineParty;
}

/** What one fact becomes: balanced postings, or none and a reason. */
export interface BookedFact {
  readonly id: string;
  /** The provider's reference, for the line text. */
  readonly reference: string | null;
  readonly document: DocumentKind;
  readonly postings: readonly Posting[];
  /** Facts this one's postings cover too: the twin of retained fees on the fees account. */
  readonly twins?: readonly string[];
  /** What another system has on the clearing account for this fact. */
  readonly preBooked: Amount;
  readonly findings: readonly Finding[];
}

/** A part of a capture with its own VAT: an order line, or several together. */
export interface OrderLine {
  /** Signed like the capture or positive; the lines of an entry add up to its amount. */
  readonly gross: Amount;
  /** The name of the VAT treatment. */
  readonly sale: string;
}

/** How the fees of a ledger reach us: the provider's fees account, one fee beside each row, or only through funds. */
export type FeesReading = 'ledger' | 'accrued' | 'not-read';

/** What a fact is booked with. */
export interface PostingContext {
  readonly version: PolicyVersion;
  /** The ledger's accounts in this version. */
  readonly accounts: Readonly<Record<AccountRole, string>>;
  readonly fees: FeesReading;
  readonly supplier: string | undefined;
}

/** The names entry types have had: v1, the beta of 2023, today (Report API changelog). */
const aliases: Readonly<Record<string, string>> = {
  payout: 'payout-scheduled',
  'scheduled-for-payout': 'payout-scheduled',
};

/** The current name of an entry type. */
export function currentType(type: string): string {
  return aliases[type] ?? type;
}

/**
 * What an entry does to the books. The sign of its amount decides every side; a type nobody knows moves its own account
 * by exactly its amount, against suspense, with a finding.
 */
export function postEntry(
  entry: LedgerEntry,
  context: PostingContext,
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  const build = new FactBuilder(entry, context);
  if (entry.amount === 0) return build.nothing('zero-amount', 'info', 'the entry has no amount', 'nothing to do');
  return entry.account === 'funds' ? postFunds(entry, context, build, orderLines) : postFees(entry, context, build);
}

function postFunds(
  entry: LedgerEntry,
  context: PostingContext,
  build: FactBuilder,
  orderLines: readonly OrderLine[] | undefined,
): BookedFact {
  const { version } = context;
  switch (currentType(entry.type)) {
    case 'capture':
      return postSale(entry, context, build, 'capture', orderLines);
    case 'refund':
      return postSale(entry, context, build, 'refund', orderLines);
    case 'retained-disputed-capture':
      return postDispute(entry, context, build, 'dispute-retained', orderLines);
    case 'returned-disputed-capture':
      return postDispute(entry, context, build, 'dispute-returned', orderLines);
    case 'capture-fee':
    case 'service-fee':
      return build.against('clearing', 'fee', feePosting(version, entry));
    case 'fees-retained':
      if (context.fees === 'ledger' && version.fees.invoiced === 'accrue') {
        return build.against('clearing', 'fees-settled', { role: 'feesPayable' });
      }
      return build.against('clearing', 'fee', feePosting(version, entry));
    case 'payout-scheduled':
      return build.against('clearing', 'payout', { role: payoutRole(version) });
    case 'payout-aborted':
      build.find(
        'payout-aborted',
        'warning',
        'a payout did not reach the bank',
        'check the bank account the provider pays to',
      );
      return build.against('clearing', 'payout-aborted', { role: payoutRole(version) });
    case 'top-up':
      build.find('top-up', 'info', 'a negative balance was topped up', 'match it with the invoice or the payment');
      return build.against('clearing', 'top-up', { role: 'topUpContra' });
    case 'credit-note':
      build.find('credit-note', 'info', 'the provider credited an invoice', 'match it with the invoice it credits');
      return build.against('clearing', 'credit-note', { role: 'payable' });
    case 'correction':
      build.find('correction', 'warning', 'the provider corrected the ledger by hand', reviewSuspense);
      return build.against('clearing', 'correction', { role: 'suspense' });
    default:
      build.find('unknown-entry-type', 'warning', `"${entry.type}" is not a known entry type`, reviewSuspense);
      return build.against('clearing', 'unknown', { role: 'suspense' });
  }
}

const reviewSuspense = 'find out what it was and move the amount from the suspense account';

function postFees(entry: LedgerEntry, context: PostingContext, build: FactBuilder): BookedFact {
  const { version } = context;
  const type = currentType(entry.type);
  if (type === 'fees-retained') {
    // Its twin on funds books the transfer; book() lets the twin carry this fact (Report API, entry types).
    const action = 'fetch the date again; if the two still differ, ask the provider';
    return build.nothing(
      'fees-retained-without-twin',
      'error',
      'no fees were retained from funds on this date',
      action,
    );
  }
  if (version.fees.invoiced === 'on-invoice') return postFeesOnInvoice(entry, type, context, build);
  switch (type) {
    case 'capture-fee':
    case 'service-fee':
      return build.against('feesPayable', 'fee', feePosting(version, entry));
    case 'correction':
      build.find('fee-correction', 'warning', 'the provider corrected a fee', 'check it against the fee it corrects');
      return build.against('feesPayable', 'fee', feePosting(version, entry));
    case 'fees-invoiced':
      return build.against('feesPayable', 'fees-invoiced', { role: 'payable' });
    case 'credit-note':
      build.find('credit-note', 'info', 'the provider credited a fee invoice', 'match it with the invoice it credits');
      return build.against('feesPayable', 'credit-note', { role: 'payable' });
    default:
      build.find('unknown-entry-type', 'warning', `"${entry.type}" is not a known entry type`, reviewSuspense);
      return build.against('feesPayable', 'unknown', { role: 'suspense' });
  }
}

/** Without accrual the fees account is not mirrored: the cost arises with the invoice, or with what funds retain. */
function postFeesOnInvoice(entry: LedgerEntry, type: string, context: PostingContext, build: FactBuilder): BookedFact {
  if (type === 'fees-invoiced' || type === 'credit-note') {
    return build.against(
      'payable',
      type === 'credit-note' ? 'credit-note' : 'fees-invoiced',
      feePosting(context.version, undefined),
      negate(entry.amount),
    );
  }
  return build.nothing('fee-awaits-invoice', 'info', 'the policy books this fee when it is invoiced', 'nothing to do');
}

function postSale(
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

function postDispute(
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
  const vat = unit.sale === null ? undefined : version.vat[unit.sale];
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
  const units = Object.keys(version.salesUnits);
  if (units.length === 0 || (entry.salesUnit !== null && units.includes(entry.salesUnit))) return;
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
  const unknown = orderLines.find((line) => version.vat[line.sale] === undefined);
  // A refund's or a dispute's lines may be given with the capture's sign.
  const sign = total === entry.amount ? 1 : -1;
  if (unknown !== undefined || orderLines.length === 0 || amount(total * sign) !== entry.amount) {
    const message =
      unknown === undefined
        ? 'the order lines do not add up to the entry'
        : `there is no VAT treatment "${unknown.sale}" for an order line`;
    build.find('order-lines-do-not-fit', 'warning', message, reviewSuspense);
    return [{ role: 'suspense', amount: negate(entry.amount) }];
  }
  return orderLines
    .filter((line) => line.gross !== 0)
    .map((line) => revenue(version.vat[line.sale] as VatTreatment, amount(-sign * line.gross), unit));
}

function revenue(vat: VatTreatment, value: Amount, unit: SalesUnitPolicy): Contra {
  return {
    account: vat.account,
    amount: value,
    vat: { kind: 'contained', code: vat.code, rateBasisPoints: vat.rateBasisPoints, account: vat.vatAccount },
    dimensions: unit.dimensions,
  };
}

/** The fee as an expense. A fee that names no sales unit (retained fees) belongs to the ledger: no dimensions apply. */
function feePosting(version: PolicyVersion, entry: LedgerEntry | undefined): Omit<Contra, 'amount'> {
  const hasUnit = entry !== undefined && entry.salesUnit !== null;
  return {
    role: 'fee',
    ...(version.fees.vat === null ? {} : { vat: version.fees.vat }),
    ...(hasUnit ? { dimensions: unitOf(version, entry).dimensions } : {}),
  };
}

function unitOf(version: PolicyVersion, entry: LedgerEntry): SalesUnitPolicy {
  return entry.salesUnit === null ? version.sales : (version.salesUnits[entry.salesUnit] ?? version.sales);
}

function invoiceOf(version: PolicyVersion, entry: LedgerEntry): PolicyVersion['invoices'][string] | undefined {
  return entry.reference === null ? undefined : version.invoices[entry.reference];
}

function payoutRole(version: PolicyVersion): AccountRole {
  return version.payouts === 'direct' ? 'bank' : 'inTransit';
}

/** A line of the bank statement clears what is in transit; with direct payouts the bank account already has it. */
export function postBankLine(line: BankLine, context: PostingContext): BookedFact {
  const build = new FactBuilder(
    {
      id: line.id,
      pspReference: line.payoutReference,
      amount: line.amount,
      ledgerId: line.ledgerId,
      ledgerDate: line.date,
    },
    context,
  );
  if (line.amount === 0) return build.nothing('zero-amount', 'info', 'the bank line has no amount', 'nothing to do');
  if (context.version.payouts === 'direct') {
    return build.nothing('bank-line-not-booked', 'info', 'payouts go straight to the bank account', 'nothing to do');
  }
  return build.against('bank', 'bank-line', { role: 'inTransit' });
}

/** An invoice from the provider. The fees account's own `fees-invoiced` books it where that account is read. */
export function postDocument(document: ProviderDocument, context: PostingContext): BookedFact {
  const { version, fees } = context;
  const build = new FactBuilder(
    {
      id: document.id,
      pspReference: document.number,
      amount: document.amount,
      ledgerId: document.ledgerId,
      ledgerDate: document.date,
    },
    context,
  );
  if (document.amount === 0) return build.nothing('zero-amount', 'info', 'the document has no amount', 'nothing to do');
  if (document.kind === 'top-up-invoice-paid') return build.against('topUpContra', 'top-up-paid', { role: 'bank' });
  if (fees === 'ledger') {
    return build.nothing('invoice-in-fees', 'info', 'the fees account books this invoice', 'nothing to do');
  }
  if (fees === 'accrued' && version.fees.invoiced === 'accrue') {
    return build.against('feesPayable', 'fee-invoice', { role: 'payable' });
  }
  if (document.vatAmount !== 0 && (version.fees.vat === null || version.fees.vat.rateBasisPoints === 0)) {
    build.find(
      'invoice-vat-not-deducted',
      'warning',
      'the invoice carries VAT and the policy has no input VAT for fees',
      'set fees.vat, or deduct it by hand',
    );
  }
  return build.against('payable', 'fee-invoice', feePosting(version, undefined), negate(document.amount));
}

/** The other side, by role or by account. */
interface Contra extends Omit<Posting, 'account' | 'kind'> {
  readonly account?: string;
}

interface FactSource {
  readonly id: string;
  readonly pspReference: string | null;
  readonly amount: Amount;
  readonly ledgerId: string;
  readonly ledgerDate: LedgerEntry['ledgerDate'];
}

const noFindings: readonly Finding[] = [];

/** Collects what one fact becomes; its own side is always the fact's signed amount. */
class FactBuilder {
  readonly #source: FactSource;
  readonly #context: PostingContext;
  #findings: readonly Finding[] = noFindings;

  constructor(source: FactSource, context: PostingContext) {
    this.#source = source;
    this.#context = context;
  }

  find(code: string, severity: Finding['severity'], message: string, action: string): void {
    const { ledgerId, ledgerDate, id, pspReference } = this.#source;
    const where = `ledger ${ledgerId}, ${ledgerDate}, ${pspReference ?? 'no reference'}`;
    const finding = { code, severity, message, action, where, ledgerId, date: ledgerDate, facts: [id] };
    this.#findings = [...this.#findings, finding];
  }

  /** The fact's amount on one role, the opposite on the other side. */
  against(
    own: AccountRole,
    kind: PostingKind,
    contra: Omit<Contra, 'amount'>,
    value: Amount = this.#source.amount,
  ): BookedFact {
    return this.with(kind, own, [{ ...contra, amount: negate(value) }], value);
  }

  with(
    kind: PostingKind,
    own: AccountRole,
    contras: readonly Contra[],
    value: Amount = this.#source.amount,
  ): BookedFact {
    const postings = [{ role: own, amount: value } satisfies Contra, ...contras].map((side) =>
      this.#posting(side, kind),
    );
    return this.#fact('journal', postings, zero);
  }

  sale(kind: PostingKind, contras: readonly Contra[]): BookedFact {
    const booked = this.with(kind, 'clearing', contras);
    return kind === 'capture' && contras.every((side) => side.vat !== undefined)
      ? { ...booked, document: 'sale' }
      : booked;
  }

  nothing(code: string, severity: Finding['severity'], message: string, action: string): BookedFact {
    this.find(code, severity, message, action);
    return this.#fact('journal', [], zero);
  }

  preBooked(code: string, message: string): BookedFact {
    this.find(code, 'info', message, 'nothing to do');
    return this.#fact('journal', [], this.#source.amount);
  }

  #posting({ account, role, ...rest }: Contra, kind: PostingKind): Posting {
    const { supplier, accounts } = this.#context;
    return {
      account: account ?? accounts[role as AccountRole],
      kind,
      ...(role === undefined ? {} : { role }),
      ...(role === 'payable' && supplier !== undefined ? { party: { kind: 'supplier' as const, id: supplier } } : {}),
      ...rest,
    };
  }

  #fact(document: DocumentKind, postings: readonly Posting[], preBooked: Amount): BookedFact {
    return {
      id: this.#source.id,
      reference: this.#source.pspReference,
      document,
      postings,
      preBooked,
      findings: this.#findings,
    };
  }
}
