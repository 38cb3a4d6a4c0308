import { z } from 'zod';
import { checked } from '../entries/checked.ts';

/** A ledger that the keys can read (`GET /settlement/v1/ledgers`). */
export interface VippsLedger {
  /** Text, not a number. */
  readonly ledgerId: string;
  /** ISO 4217; null where an older reply does not tell. */
  readonly currency: string | null;
  readonly payoutAccount: SchemedId | null;
  readonly owner: SchemedId | null;
  /** As received, such as `api:123455`; one since 2025, several before. */
  readonly recipientHandles: readonly string[];
  readonly salesUnits: readonly VippsSalesUnit[];
}

/** An id and the scheme it belongs to, such as `BBAN:NO` or `business:NO:ORG`. */
export interface SchemedId {
  readonly scheme: string;
  readonly id: string;
}

export interface VippsSalesUnit {
  readonly name: string | null;
  readonly recipientHandle: string | null;
  readonly businessIdentifier: SchemedId | null;
}

/** Reads one page of ledgers; the cursor is null at the end (empty or missing in the reply). */
export function parseLedgersPage(
  value: unknown,
  where: string,
): { readonly ledgers: VippsLedger[]; readonly cursor: string | null } {
  const page = checked(ledgersPage, value, { where, action: 'check the base address; nothing was read' });
  return { ledgers: page.items, cursor: page.cursor || null };
}

const schemedId = z.object({ scheme: z.string(), id: z.string() });

const salesUnit = z
  .object({
    name: z.string().nullish(),
    recipientHandle: z.string().nullish(),
    businessIdentifier: schemedId.nullish(),
  })
  .transform((unit): VippsSalesUnit => ({
    name: unit.name ?? null,
    recipientHandle: unit.recipientHandle ?? null,
    businessIdentifier: unit.businessIdentifier ?? null,
  }));

const ledger = z
  .object({
    // Normally 5 or 6 digits; what is longer than any id is none.
    ledgerId: z.string().min(1).max(100),
    currency: z.string().nullish(),
    payoutBankAccount: schemedId.nullish(),
    owner: schemedId.nullish(),
    settlesForRecipientHandles: z.array(z.string()).nullish(),
    salesUnits: z.array(salesUnit).nullish(),
  })
  .transform((item): VippsLedger => ({
    ledgerId: item.ledgerId,
    currency: item.currency || null,
    payoutAccount: item.payoutBankAccount ?? null,
    owner: item.owner ?? null,
    recipientHandles: item.settlesForRecipientHandles ?? [],
    salesUnits: item.salesUnits ?? [],
  }));

const ledgersPage = z.object({ items: z.array(ledger), cursor: z.string().nullish() });
