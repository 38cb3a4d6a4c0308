import type { CompanyInfo } from '@bilag/core';
import { z } from 'zod';

/** What Acme Books says, as far as it is read here. Amounts come as their own text: no float ever holds one. */
export const company: z.ZodType<Pick<CompanyInfo, 'id' | 'name' | 'organisationNumber'>> = z.object({
  id: z.string(),
  name: z.string(),
  organisationNumber: z.string(),
});

export interface AcmeBooksChart {
  readonly accounts: readonly { readonly number: string; readonly name: string }[];
  readonly vatCodes: readonly { readonly code: string; readonly name: string; readonly rateBasisPoints: number }[];
  readonly departments: readonly { readonly id: string; readonly name: string }[];
}

export const chart: z.ZodType<AcmeBooksChart> = z.object({
  accounts: z.array(z.object({ number: z.string(), name: z.string() })),
  vatCodes: z.array(z.object({ code: z.string(), name: z.string(), rateBasisPoints: z.coerce.number().int() })),
  departments: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** A voucher as it is held. */
export interface AcmeBooksHeld {
  readonly id: string;
  readonly number: string;
  readonly reference: string;
  readonly date: string;
  readonly text: string;
  readonly state: 'live' | 'reversed' | 'deleted';
  readonly reverses?: string | undefined;
  readonly reversedBy?: string | undefined;
  readonly lines: readonly AcmeBooksPosting[];
}

export interface AcmeBooksPosting {
  readonly account: string;
  readonly amount: string;
  readonly vatCode?: string | undefined;
  readonly department?: string | undefined;
}

export const heldVoucher: z.ZodType<AcmeBooksHeld> = z.object({
  id: z.string(),
  number: z.string(),
  reference: z.string(),
  date: z.string(),
  text: z.string(),
  state: z.enum(['live', 'reversed', 'deleted']),
  reverses: z.string().optional(),
  reversedBy: z.string().optional(),
  lines: z.array(
    z.object({
      account: z.string(),
      amount: z.string(),
      vatCode: z.string().optional(),
      department: z.string().optional(),
    }),
  ),
});

export const heldVouchers: z.ZodType<readonly AcmeBooksHeld[]> = z.array(heldVoucher);

/** The reply to a write: what it made. */
export const created: z.ZodType<{ readonly id: string }> = z.object({ id: z.string() });

/** The files of a voucher, by name. */
export const fileNames: z.ZodType<readonly string[]> = z.array(z.string());
