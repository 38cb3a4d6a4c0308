import { amount, plainDate, type Posted, type PostedLine } from '@bilag/core';
import type { AccountMap } from './registers/account-map.ts';
import type { Entry } from './replies.ts';
import { policyVatCode } from './registers/vat-codes.ts';

/** The id of a posting: a sale has two in Fiken, and is reversed and documented under its own. */
export type PostingId =
  | { readonly kind: 'sale'; readonly number: number }
  | { readonly kind: 'transaction'; readonly number: number };

export function idText({ kind, number }: PostingId): string {
  return `${kind}-${number}`;
}

/** Reads an id that this adapter gave; undefined for any other text. */
export function parseId(text: string): PostingId | undefined {
  const [, kind, number] = /^(sale|transaction)-(\d{1,15})$/.exec(text) ?? [];
  return kind === undefined ? undefined : { kind: kind as PostingId['kind'], number: Number(number) };
}

/** What Fiken holds of a voucher, in the policy's terms: its accounts, its codes, VAT on lines of its own. */
export function toPosted(
  entries: readonly Entry[],
  accounts: AccountMap,
  facts: Pick<Posted, 'id' | 'reference' | 'state' | 'document'> & { readonly reverses?: string | undefined },
): Posted {
  const { reverses, ...rest } = facts;
  const [first] = entries;
  const number = first?.journalEntryNumber ?? undefined;
  return {
    ...rest,
    date: first?.date ?? plainDate('1970-01-01'),
    currency: 'NOK',
    lines: entries.flatMap((entry) => entry.lines.map((line) => toLine(line, accounts))),
    ...(reverses === undefined ? {} : { reverses }),
    ...(number === undefined ? {} : { number: String(number) }),
    ...(first === undefined ? {} : { description: first.description }),
  };
}

function toLine(line: Entry['lines'][number], accounts: AccountMap): PostedLine {
  const vatCode = policyVatCode(line.account, line.vatCode ?? undefined);
  return {
    account: accounts.toPolicy(line.account),
    amount: amount(line.amount),
    ...(vatCode === undefined ? {} : { vatCode }),
  };
}
