import { amount, isPlainDate, parseAmount, type Amount, type PlainDate } from '@bilag/core';
import { z } from 'zod';

type Maybe<Value> = Value | null | undefined;

/** A VAT type where it is mentioned. */
export interface VatTypeMention {
  readonly number?: Maybe<string>;
}

export interface TripletexAccount {
  readonly id: number;
  readonly number: string;
  readonly name?: Maybe<string>;
  readonly isInactive?: Maybe<boolean>;
  readonly vatLocked?: Maybe<boolean>;
  readonly vatType?: Maybe<VatTypeMention>;
  readonly legalVatTypes?: Maybe<readonly VatTypeMention[]>;
  readonly ledgerType?: Maybe<string>;
  readonly requiresDepartment?: Maybe<boolean>;
  readonly requiresProject?: Maybe<boolean>;
}

/** The kind of party that an account with a sub-ledger asks for. */
export function partyNeededBy(account: TripletexAccount | undefined): ('customer' | 'supplier')[] {
  if (account?.ledgerType === 'CUSTOMER') return ['customer'];
  return account?.ledgerType === 'VENDOR' ? ['supplier'] : [];
}

export interface TripletexVatType {
  readonly id: number;
  readonly number: string;
  readonly name?: Maybe<string>;
  /** As text: it is no rate to compute with. */
  readonly percentage?: Maybe<string>;
}

export interface TripletexPeriod {
  readonly start: PlainDate;
  readonly end: PlainDate;
  readonly isClosed?: Maybe<boolean>;
}

export interface HeldRow {
  /** 0 for what the system added. */
  readonly row: number;
  readonly date?: Maybe<PlainDate>;
  readonly account: { readonly number: string };
  readonly vatType?: Maybe<{ readonly number: string }>;
  readonly amount: Amount;
  readonly amountGross: Amount;
  readonly department?: Maybe<{ readonly departmentNumber?: Maybe<string> }>;
  readonly project?: Maybe<{ readonly number?: Maybe<string> }>;
}

export interface TripletexVoucher {
  readonly id: number;
  readonly date: PlainDate;
  readonly numberAsString?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly externalVoucherNumber?: Maybe<string>;
  readonly reverseVoucher?: Maybe<{ readonly id: number }>;
  readonly attachment?: Maybe<{ readonly fileName?: Maybe<string> }>;
  readonly postings: readonly HeldRow[];
}

/** Something with an id and a name, and the number people know it by, under a name of its own kind. */
export interface TripletexNamed {
  readonly id: number;
  readonly name?: Maybe<string>;
  readonly number?: Maybe<string>;
  readonly departmentNumber?: Maybe<string>;
  readonly customerNumber?: Maybe<string>;
  readonly supplierNumber?: Maybe<string>;
}

export interface TripletexCompany {
  readonly id: number;
  readonly name?: Maybe<string>;
  readonly organizationNumber?: Maybe<string>;
  readonly currency?: Maybe<{ readonly code?: Maybe<string> }>;
}

const id = z.string().regex(/^\d+$/).transform(Number);
const text = z.string().nullish();
const flag = z.boolean().nullish();
const date = z.string().refine(isPlainDate, 'this is not a date') as unknown as z.ZodType<PlainDate>;
const kroner = z.string().transform((written, context): Amount => {
  try {
    return exactAmount(written);
  } catch {
    context.addIssue({ code: 'custom', message: 'this is not an amount with at most two decimals' });
    return z.NEVER;
  }
});
const mention = z.object({ number: text });

/**
 * What we read of Tripletex's replies. Numbers arrive as their own text, so that no amount is ever a float. Tolerant: the
 * vendor's description requires nothing, and fields vanish when the token lacks a right.
 */
export const sessionReply: z.ZodType<{ readonly token: string }> = z.object({ token: z.string().min(1) });

export const whoAmIReply: z.ZodType<{ readonly companyId: number }> = z.object({ companyId: id });

export const listReply: z.ZodType<{ readonly values: readonly unknown[]; readonly fullResultSize?: Maybe<string> }> =
  z.object({ values: z.array(z.unknown()), fullResultSize: text });

export const idReply: z.ZodType<{ readonly id: number }> = z.object({ id });

export const companyReply: z.ZodType<TripletexCompany> = z.object({
  id,
  name: text,
  organizationNumber: text,
  currency: z.object({ code: text }).nullish(),
});

export const accountReply: z.ZodType<TripletexAccount> = z.object({
  id,
  number: z.string(),
  name: text,
  isInactive: flag,
  vatLocked: flag,
  vatType: mention.nullish(),
  legalVatTypes: z.array(mention).nullish(),
  ledgerType: text,
  requiresDepartment: flag,
  requiresProject: flag,
});

export const vatTypeReply: z.ZodType<TripletexVatType> = z.object({
  id,
  number: z.string(),
  name: text,
  percentage: text,
});

export const namedReply: z.ZodType<TripletexNamed> = z.object({
  id,
  name: text,
  number: text,
  departmentNumber: text,
  customerNumber: text,
  supplierNumber: text,
});

export const periodReply: z.ZodType<TripletexPeriod> = z.object({ start: date, end: date, isClosed: flag });

export const vatSettingsReply: z.ZodType<{ readonly vatRegistrationStatus?: Maybe<string> }> = z.object({
  vatRegistrationStatus: text,
});

export const voucherReply: z.ZodType<TripletexVoucher> = z.object({
  id,
  date,
  numberAsString: text,
  description: text,
  externalVoucherNumber: text,
  reverseVoucher: z.object({ id }).nullish(),
  attachment: z.object({ fileName: text }).nullish(),
  postings: z.array(
    z.object({
      row: z.string().regex(/^\d+$/).transform(Number),
      date: date.nullish(),
      account: z.object({ number: z.string() }),
      vatType: z.object({ number: z.string() }).nullish(),
      amount: kroner,
      amountGross: kroner,
      department: z.object({ departmentNumber: text }).nullish(),
      project: z.object({ number: text }).nullish(),
    }),
  ),
});

/** What `fields` asks of a voucher: exactly what {@link TripletexVoucher} holds. */
export const voucherFields: string =
  'id,date,number,numberAsString,description,externalVoucherNumber,reverseVoucher(id),attachment(id,fileName),' +
  'postings(row,date,amount,amountGross,account(id,number),vatType(id,number),department(id,departmentNumber),project(id,number))';

/** What `fields` asks of an account. */
export const accountFields: string =
  'id,number,name,isInactive,vatLocked,vatType(id,number),legalVatTypes(id,number),ledgerType,requiresDepartment,requiresProject';

/**
 * Reads kroner as JSON may write them, exactly: `1250.5`, and `1.2505E3` as Java does from ten million on.
 */
export function exactAmount(written: string): Amount {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/.exec(written) ?? [];
  const shift = Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = whole.length + Math.max(0, -shift) + shift;
  const value = parseAmount(`${sign}${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.$/, ''));
  return amount(value);
}
