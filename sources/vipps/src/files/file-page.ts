import { fileTopic } from '@bilag/core';
import { parseJsonBytes } from '@bilag/http';
import { z } from 'zod';
import { checked } from '../entries/checked.ts';

/** The one row format of all kinds: texts as they stand in the file, under one name each, and nothing about a customer. */
export interface FileRow {
  /** The row or line of the file, from one. */
  readonly at: number;
  readonly time?: string | undefined;
  readonly psp?: string | undefined;
  readonly reference?: string | undefined;
  readonly currency?: string | undefined;
  /** The sales unit, where it is another than the page's: several may settle into one ledger. */
  readonly unit?: string | undefined;
  /** Of a portal report: its word for the type, what the ledger moved by, and the balance after it. */
  readonly type?: string | undefined;
  readonly amount?: string | undefined;
  readonly balance?: string | undefined;
  /** Of a settlement; a refund is negative. */
  readonly capture?: string | undefined;
  readonly refund?: string | undefined;
  readonly gross?: string | undefined;
  readonly fee?: string | undefined;
  readonly net?: string | undefined;
}

/** What a settlement says of itself, as it stands in the file, and what its rows come to, in minor units. */
export interface SettlementEnd {
  readonly at: number;
  readonly number: string;
  readonly claims: Readonly<Partial<Record<SettlementClaim, string>>>;
  readonly sums: { readonly count: number; readonly capture: number; readonly refund: number; readonly fee: number };
  /** What else the file says of it that cannot be so. */
  readonly doubts?: readonly Doubt[] | undefined;
}

export interface Doubt {
  readonly severity: 'warning' | 'error';
  readonly message: string;
}

/** `settled` is what goes to the bank. */
export type SettlementClaim = 'count' | 'capture' | 'refund' | 'gross' | 'fee' | 'net' | 'settled';

/** What is kept of a file for one ledger and date. */
export interface FilePage {
  readonly file: 'portal' | 'settlement';
  /** The sales unit of its rows, as entries name it. */
  readonly unit: string;
  readonly currency: string;
  /** Whether the file writes fees as positive numbers. */
  readonly positiveFees?: boolean | undefined;
  /** Of a settlement: whether fees are withheld; absent where the file does not tell. */
  readonly settles?: 'net' | 'gross' | undefined;
  readonly rows: readonly FileRow[];
  /** Whether this is the last page that the file has of the date. */
  readonly isLast?: boolean | undefined;
  /** With the page of the settlement's own date. */
  readonly settlement?: SettlementEnd | undefined;
}

const text = z.string().optional();

const pageShape: z.ZodType<FilePage> = z.object({
  file: z.enum(['portal', 'settlement']),
  unit: z.string(),
  currency: z.string(),
  positiveFees: z.boolean().optional(),
  settles: z.enum(['net', 'gross']).optional(),
  rows: z.array(
    z.object({
      at: z.int(),
      time: text,
      psp: text,
      reference: text,
      currency: text,
      unit: text,
      type: text,
      amount: text,
      balance: text,
      capture: text,
      refund: text,
      gross: text,
      fee: text,
      net: text,
    }),
  ),
  isLast: z.boolean().optional(),
  settlement: z
    .object({
      at: z.int(),
      number: z.string(),
      claims: z.partialRecord(z.enum(['count', 'capture', 'refund', 'gross', 'fee', 'net', 'settled']), z.string()),
      sums: z.object({ count: z.int(), capture: z.int(), refund: z.int(), fee: z.int() }),
      doubts: z.array(z.object({ severity: z.enum(['warning', 'error']), message: z.string() })).optional(),
    })
    .optional(),
});

/** A page as the archive keeps it. */
export function toBody(page: FilePage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(page));
}

/** Reads a page of the archive again. */
export function parseFilePage(body: Uint8Array, where: string): FilePage {
  return checked(pageShape, parseJsonBytes(body, { where, kind: 'rejected' }), {
    where,
    action: 'import the file again into a new archive; nothing of it was used',
  });
}

export const portalTopic: string = `${fileTopic}portal report`;

/** The topic of a settlement, by its number: every file of it tells the same. */
export function settlementTopic(number: string): string {
  return `${fileTopic}settlement ${number}`;
}
