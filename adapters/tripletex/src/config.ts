import { configObject, named } from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import { z } from 'zod';

/** Which Tripletex, which company, and how vouchers arrive there. */
export interface TripletexConfig {
  /** `production`, `test` (a test company of its own, with tokens of its own), or the address of a simulator. */
  readonly host: string;
  /** Refers to `consumerToken` and `employeeToken` in the credential store. */
  readonly credentials: string;
  /** The company every session must be in. Without it nothing can be posted, only looked at. */
  readonly companyId?: number | undefined;
  /** `client`: the tokens are an accountant's, and the company is one of the clients. */
  readonly access: 'own' | 'client';
  /** `false`: vouchers wait under "Ikke bokførte bilag" until a person books them. */
  readonly sendToLedger: boolean;
  /** The name or id of the voucher type; null for a plain voucher. */
  readonly voucherType: string | number | null;
  /** Account numbers whose vouchers are listed even when they are not ours: normally the clearing accounts. */
  readonly clearingAccounts: readonly string[];
  /** The longest one request may take: no longer than the time after which another process takes over. */
  readonly timeoutMs: number;
}

const accountNumber = z.string().regex(/^\d{1,9}$/, 'write an account number, digits only');

/** What a config file may say. */
export const tripletexConfig: z.ZodType<TripletexConfig> = configObject({
  host: z
    .union([z.enum(['production', 'test']), z.string().refine(isSafeAddress, unsafeAddress)])
    .describe('production, test, or the address of a simulator'),
  credentials: z.string().min(1),
  companyId: z.int().positive().optional(),
  access: z.enum(['own', 'client']).default('own'),
  sendToLedger: z.boolean().default(true),
  voucherType: z
    .union([z.string().min(1), z.int().positive()])
    .nullable()
    .default(null),
  clearingAccounts: z.array(accountNumber).default([]),
  timeoutMs: z.int().min(1).max(60_000).default(60_000),
});

/** The address requests go to. */
export function addressOf({ host }: Pick<TripletexConfig, 'host'>): string {
  return named(hosts, host) ?? host;
}

const hosts: Readonly<Record<string, string>> = {
  production: 'https://tripletex.no/v2',
  test: 'https://api-test.tripletex.tech/v2',
};
