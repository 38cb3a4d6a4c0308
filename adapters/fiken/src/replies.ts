import { BilagError, isPlainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';

// What is read of Fiken's replies. Everything else in them is left alone.

/** A journal entry: lines are signed, and VAT is a line of its own. */
export interface Entry {
  readonly journalEntryId: number;
  readonly journalEntryNumber?: number | null | undefined;
  readonly transactionId: number;
  readonly offsetTransactionId?: number | null | undefined;
  readonly description: string;
  readonly date: PlainDate;
  readonly lines: readonly {
    readonly amount: number;
    readonly account: string;
    readonly vatCode?: string | null | undefined;
  }[];
}

export interface Transaction {
  readonly transactionId: number;
  readonly deleted?: boolean | null | undefined;
  readonly entries: readonly Entry[];
}

export interface Sale {
  readonly saleId: number;
  readonly transactionId: number;
  readonly saleNumber?: string | null | undefined;
  readonly date: PlainDate;
  readonly deleted?: boolean | null | undefined;
}

export interface Company {
  readonly slug: string;
  readonly name: string;
  readonly organizationNumber?: string | null | undefined;
  readonly hasApiAccess?: boolean | null | undefined;
}

export interface FikenAccount {
  readonly code: string;
  readonly name: string;
}

export interface BankAccount {
  readonly accountCode: string;
  readonly name: string;
  readonly inactive?: boolean | null | undefined;
}

export interface AttachmentShown {
  readonly identifier?: string | null | undefined;
  readonly downloadUrl?: string | null | undefined;
}

const id: z.ZodType<number> = z.int().positive();
const ore: z.ZodType<number> = z.int();
const date = z.string().refine(isPlainDate) as unknown as z.ZodType<PlainDate>;

const entryFields = {
  journalEntryId: id,
  journalEntryNumber: z.int().nullish(),
  offsetTransactionId: id.nullish(),
  description: z.string().default(''),
  date,
  lines: z.array(z.object({ amount: ore, account: z.string(), vatCode: z.string().nullish() })),
};

/** Reads a reply of one kind. */
export type Reader<Value> = (value: unknown, where: string) => Value;

/** An entry of a list must name its transaction: one that is passed over might be posted again. */
export const readEntry: Reader<Entry> = reader(z.object({ ...entryFields, transactionId: id }));

export const readTransaction: Reader<Transaction> = reader(
  z
    .object({
      transactionId: id,
      deleted: z.boolean().nullish(),
      entries: z.array(z.object(entryFields)).default([]),
    })
    .transform((transaction) => ({
      ...transaction,
      entries: transaction.entries.map((entry) => ({ ...entry, transactionId: transaction.transactionId })),
    })),
);

export const readSale: Reader<Sale> = reader(
  z.object({
    saleId: id,
    transactionId: id,
    saleNumber: z.string().nullish(),
    date,
    deleted: z.boolean().nullish(),
  }),
);

export const readCompany: Reader<Company> = reader(
  z.object({
    slug: z.string(),
    name: z.string(),
    organizationNumber: z.string().nullish(),
    hasApiAccess: z.boolean().nullish(),
  }),
);

export const readAccount: Reader<FikenAccount> = reader(z.object({ code: z.string(), name: z.string().default('') }));

export const readBankAccount: Reader<BankAccount> = reader(
  z.object({ accountCode: z.string(), name: z.string().default(''), inactive: z.boolean().nullish() }),
);

/** All of them: this list has no pages. */
export const readAttachments: Reader<readonly AttachmentShown[]> = reader(
  z.array(z.object({ identifier: z.string().nullish(), downloadUrl: z.string().nullish() })),
);

/** The file name at the end of an attachment's address: the only place where Fiken shows it. */
export function fileNameOf({ identifier, downloadUrl }: AttachmentShown): readonly string[] {
  const last = downloadUrl?.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
  return [identifier ?? '', decoded(last)].filter((name) => name !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function reader<Value>(schema: z.ZodType<Value>): Reader<Value> {
  return (value, where) => {
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new BilagError('unavailable', {
      what: `Fiken's reply is not as it should be at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? ''}`,
      where,
      action: 'try again; if it stays so, Fiken changed its API',
    });
  };
}
