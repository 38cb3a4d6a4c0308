import { markets, parseAmount, type AccountRole, type Market } from '@bilag/core';
import { z } from 'zod';

/*
 * The format of worked bookkeeping cases, `vipps-bookkeeping-oracle/1`. Strict: a word that is not in the vocabulary is an
 * error, because a case that is half understood proves nothing. Annotations may be anything.
 */

const minor = z.int();
const decimal = z.union([z.string().regex(/^-?\d+(\.\d+)?$/), z.number()]);
const date = z.iso.date();
const annotation = z.unknown().optional();

/** Left out or null: there is none. */
function optional<Schema extends z.ZodType>(schema: Schema, none: z.output<Schema>) {
  return schema.nullish().transform((value) => value ?? none);
}

/** A strict object that may carry notes for its readers; notes are never compared. */
function annotated<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const notes = { title: annotation, sources: annotation, source: annotation, traps: annotation, notes: annotation };
  return z.strictObject({ ...notes, note: annotation, ...shape });
}

const vatTreatment = annotated({
  rate: z.string().transform((text) => Number(parseAmount(text))),
  sales: z.string(),
  vat: z.string().nullable(),
  code: z.string(),
});

const config = annotated({
  market: z.enum(markets),
  currency: z.enum(['NOK', 'DKK', 'SEK', 'EUR']),
  accounts: annotated({
    bank: z.string().optional(),
    inTransit: z.string().optional(),
    clearing: z.string(),
    feesPayable: z.string().optional(),
    ap: z.string().optional(),
    fee: z.string().optional(),
    suspense: z.string().optional(),
    disputed: z.string().optional(),
    topUpContra: z.string().optional(),
    receivable: z.string().optional(),
  }),
  vat: z.record(z.string(), vatTreatment),
  feeVatCode: z.string().default('none'),
  settlement: z.enum(['net', 'gross']).default('net'),
  grossFeePolicy: z.enum(['accrue']).default('accrue'),
  payoutMode: z.enum(['direct', 'inTransit']).default('direct'),
  disputePolicy: z.enum(['receivable', 'asRefund']).default('receivable'),
  captureMode: z.enum(['sale', 'alreadyBooked']).default('sale'),
  defaultSale: z.string(),
  byHandle: optional(
    z.record(z.string(), annotated({ sale: z.string().optional(), department: z.string().nullish() })),
    {},
  ),
  invoiceReferences: optional(
    z.record(
      z.string(),
      annotated({
        account: z.string(),
        customer: z.string(),
        invoice: z.string().optional(),
        kid: z.string().optional(),
      }),
    ),
    {},
  ),
  salesLines: optional(z.record(z.string(), z.array(annotated({ gross: minor, sale: z.string() }))), {}),
  lockedThrough: date.nullish(),
  vatRounding: z.literal('perEntry-halfAwayFromZero').optional(),
});

const v1Item = z.looseObject({
  transactionId: z.string(),
  timestamp: z.string(),
  ledgerDate: date,
  ledgerId: z.string(),
  transactionType: z.string(),
  orderId: z.string().nullish(),
  currency: z.string(),
  ledgerAmount: decimal,
  grossAmount: decimal,
  fee: decimal,
  recipientHandle: z.string().nullish(),
});

const v2Item = z.looseObject({
  pspReference: z.string(),
  time: z.string(),
  ledgerDate: date,
  entryType: z.string(),
  reference: z.string().nullish(),
  currency: z.string(),
  amount: minor,
  balanceBefore: minor,
  balanceAfter: minor,
  recipientHandle: z.string().nullish(),
});

const bankLine = annotated({
  date,
  amount: minor,
  payoutPsp: z.string().nullish(),
  text: z.string().nullish(),
});

const document = z.discriminatedUnion('type', [
  annotated({
    type: z.literal('feeInvoice'),
    date,
    amountInclVat: minor,
    vat: minor.default(0),
    invoiceNo: z.string().nullish(),
    supplier: z.string().optional(),
    period: z.string().optional(),
  }),
  annotated({
    type: z.literal('topUpInvoicePaid'),
    date,
    amountInclVat: minor,
    vat: minor.default(0),
    invoiceNo: z.string().nullish(),
    supplier: z.string().optional(),
    period: z.string().optional(),
  }),
  z.looseObject({ type: z.literal('publicExample') }),
]);

const input = annotated({
  v1: annotated({
    ledgerId: z.string().nullable(),
    openingBalance: decimal.default(0),
    openingFeesBalance: decimal.default(0),
    items: z.array(v1Item),
  }).nullish(),
  v2: annotated({
    ledgerId: z.string(),
    openingBalance: minor.default(0),
    openingFeesBalance: minor.default(0),
    funds: optional(z.array(v2Item), []),
    fees: z.array(v2Item).nullish(),
  }).nullish(),
  bank: optional(z.array(bankLine), []),
  documents: optional(z.array(document), []),
  redeliver: z.union([z.string(), z.boolean()]).nullish(),
});

const line = annotated({
  account: z.string(),
  debit: minor.default(0),
  credit: minor.default(0),
  vatCode: z.string().nullish(),
  department: z.string().nullish(),
});

const voucher = annotated({
  date,
  ledgerId: z.string().nullish(),
  sourceLedgerDate: date.nullish(),
  review: z.boolean().nullish(),
  lines: z.array(line),
});

const balancesByName = z.record(z.string(), minor);

const expectation = annotated({
  vouchers: z.array(voucher),
  closingClearing: minor.nullish(),
  closingFeesPayable: minor.nullish(),
  checkpoints: balancesByName.nullish(),
  bankInTransit: balancesByName.nullish(),
  otherBalances: balancesByName.nullish(),
  perLedgerClearing: balancesByName.nullish(),
  preBooked: balancesByName.nullish(),
  warnings: z.array(z.string()).nullish(),
});

/** How a case is read: v1 rows, the funds account alone, or both accounts. */
export const variants = ['v1', 'v2_fundsOnly', 'v2_feesLedger'] as const;
export type Variant = (typeof variants)[number];

const oracleCase: z.ZodType<OracleCase> = annotated({
  id: z.string(),
  config,
  input,
  // `reference` is a public example kept for readers: nothing of ours produces it.
  expected: annotated({
    v1: expectation.nullish(),
    v2_fundsOnly: expectation.nullish(),
    v2_feesLedger: expectation.nullish(),
    reference: annotation,
  }),
});

export const oracleFile: z.ZodType<OracleFile> = z.looseObject({
  format: z.literal('vipps-bookkeeping-oracle/1'),
  cases: z.array(z.unknown()),
});

/** A file of cases, the cases still unread: one with unknown words must not hide the others. */
export interface OracleFile {
  readonly format: string;
  readonly cases: readonly unknown[];
}

/** One worked case. */
export interface OracleCase {
  readonly id: string;
  readonly config: OracleConfig;
  readonly input: OracleInput;
  readonly expected: { readonly [Name in Variant]?: Expectation | null | undefined };
}

export interface OracleConfig {
  readonly market: Market;
  readonly currency: string;
  readonly accounts: { readonly clearing: string; readonly ap?: string | undefined } & {
    readonly [Role in Exclude<AccountRole, 'clearing' | 'payable'>]?: string | undefined;
  };
  readonly vat: Readonly<Record<string, { rate: number; sales: string; vat: string | null; code: string }>>;
  readonly feeVatCode: string;
  readonly settlement: 'net' | 'gross';
  readonly grossFeePolicy: 'accrue';
  readonly payoutMode: 'direct' | 'inTransit';
  readonly disputePolicy: 'receivable' | 'asRefund';
  readonly captureMode: 'sale' | 'alreadyBooked';
  readonly defaultSale: string;
  readonly byHandle: Readonly<Record<string, { sale?: string | undefined; department?: string | null | undefined }>>;
  readonly invoiceReferences: Readonly<
    Record<string, { account: string; customer: string; invoice?: string | undefined; kid?: string | undefined }>
  >;
  readonly salesLines: Readonly<Record<string, readonly { gross: number; sale: string }[]>>;
  readonly lockedThrough?: string | null | undefined;
}

export interface OracleInput {
  readonly v1?:
    | {
        ledgerId: string | null;
        openingBalance: string | number;
        openingFeesBalance: string | number;
        items: readonly unknown[];
      }
    | null
    | undefined;
  readonly v2?: OracleInputV2 | null | undefined;
  readonly bank: readonly {
    date: string;
    amount: number;
    payoutPsp?: string | null | undefined;
    text?: string | null | undefined;
  }[];
  readonly documents: readonly OracleDocument[];
  readonly redeliver?: string | boolean | null | undefined;
}

export interface OracleInputV2 {
  readonly ledgerId: string;
  readonly openingBalance: number;
  readonly openingFeesBalance: number;
  readonly funds: readonly unknown[];
  readonly fees?: readonly unknown[] | null | undefined;
}

export type OracleDocument =
  | { readonly type: 'publicExample' }
  | {
      readonly type: 'feeInvoice' | 'topUpInvoicePaid';
      readonly date: string;
      readonly amountInclVat: number;
      readonly vat: number;
      readonly invoiceNo?: string | null | undefined;
    };

/** What the books must be. Amounts are minor units. */
export interface Expectation {
  readonly vouchers: readonly ExpectedVoucher[];
  readonly closingClearing?: number | null | undefined;
  readonly closingFeesPayable?: number | null | undefined;
  readonly checkpoints?: Readonly<Record<string, number>> | null | undefined;
  readonly bankInTransit?: Readonly<Record<string, number>> | null | undefined;
  readonly otherBalances?: Readonly<Record<string, number>> | null | undefined;
  readonly perLedgerClearing?: Readonly<Record<string, number>> | null | undefined;
  readonly preBooked?: Readonly<Record<string, number>> | null | undefined;
  readonly warnings?: readonly string[] | null | undefined;
}

export interface ExpectedVoucher {
  readonly date: string;
  readonly ledgerId?: string | null | undefined;
  readonly sourceLedgerDate?: string | null | undefined;
  readonly review?: boolean | null | undefined;
  readonly lines: readonly {
    readonly account: string;
    readonly debit: number;
    readonly credit: number;
    readonly vatCode?: string | null | undefined;
    readonly department?: string | null | undefined;
  }[];
}

/** Reads one case, or says which words are not in the vocabulary. */
export function readCase(
  value: unknown,
): { readonly case: OracleCase } | { readonly id: string; readonly problem: string } {
  const parsed = oracleCase.safeParse(value);
  if (parsed.success) return { case: parsed.data };
  const id = typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : 'a case without id';
  const problem = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('; ');
  return { id, problem };
}
