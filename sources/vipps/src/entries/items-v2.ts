import { isPlainDate, type PlainDate } from '@bilag/core';
import { z } from 'zod';
import { checked } from './checked.ts';

/** What is read of an item of a v2 page. */
export interface ItemV2 {
  readonly pspReference?: string | null | undefined;
  readonly time?: string | null | undefined;
  readonly ledgerDate?: PlainDate | null | undefined;
  readonly ledgerId?: string | null | undefined;
  readonly entryType: string;
  readonly reference?: string | null | undefined;
  readonly currency: string;
  /** Whole minor units, as the balances. */
  readonly amount: number;
  readonly balanceBefore?: number | null | undefined;
  readonly balanceAfter?: number | null | undefined;
  readonly recipientHandle?: string | null | undefined;
}

/** Checks the items of a page. Throws `rejected`, and names place and rule of what is wrong. */
export function checkedItemsV2(items: readonly unknown[], where: string): readonly ItemV2[] {
  // What is right is seen at a fraction of the cost. What is not is said by the schema.
  if (areItemsV2(items)) return items;
  return checked(itemsV2, items, { where, action: 'keep the page and report it; nothing of it was used' });
}

/** Whole minor units. The specification says int32, which ends at 21 million kroner: anything exact is taken. */
const minorUnits = z.int();

/** What an item must be. */
export const itemsV2: z.ZodType<readonly ItemV2[]> = z.array(
  z.object({
    pspReference: z.string().nullish(),
    time: z.string().nullish(),
    ledgerDate: z
      .string()
      .refine(isPlainDate, 'not a date')
      .transform((text) => text as PlainDate)
      .nullish(),
    ledgerId: z.string().nullish(),
    entryType: z.string().min(1),
    reference: z.string().nullish(),
    currency: z.string().regex(/^[A-Z]{3}$/, 'not a currency code'),
    amount: minorUnits,
    balanceBefore: minorUnits.nullish(),
    balanceAfter: minorUnits.nullish(),
    recipientHandle: z.string().nullish(),
  }),
);

/** Whether the schema takes all of them: the same verdict by hand, a tenth of the work (a test holds the two together). */
export function areItemsV2(items: readonly unknown[]): items is readonly ItemV2[] {
  // Items of a page mostly share their date and their currency.
  let date: unknown;
  let currency: unknown;
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
    const given = item as { readonly [Name in keyof ItemV2]: unknown };
    if (given.ledgerDate !== date && !isNone(given.ledgerDate)) {
      if (typeof given.ledgerDate !== 'string' || !isPlainDate(given.ledgerDate)) return false;
      date = given.ledgerDate;
    }
    if (currency === undefined || given.currency !== currency) {
      if (typeof given.currency !== 'string' || !/^[A-Z]{3}$/.test(given.currency)) return false;
      currency = given.currency;
    }
    if (
      typeof given.entryType !== 'string' ||
      given.entryType === '' ||
      !Number.isSafeInteger(given.amount) ||
      !isTextOrNone(given.pspReference) ||
      !isTextOrNone(given.time) ||
      !isTextOrNone(given.ledgerId) ||
      !isTextOrNone(given.reference) ||
      !isTextOrNone(given.recipientHandle) ||
      !isWholeOrNone(given.balanceBefore) ||
      !isWholeOrNone(given.balanceAfter)
    )
      return false;
  }
  return true;
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function isTextOrNone(value: unknown): boolean {
  return typeof value === 'string' || isNone(value);
}

function isWholeOrNone(value: unknown): boolean {
  return Number.isSafeInteger(value) || isNone(value);
}
