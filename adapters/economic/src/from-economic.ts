import {
  containedVat,
  isReference,
  negate,
  parseAmount,
  subtract,
  type Amount,
  type Posted,
  type PostedLine,
} from '@bilag/core';
import type { RegisterEntries } from './registers.ts';
import type { BookedReply, DraftReply } from './replies.ts';

/** Everything under one voucher number: lines that wait in a journal, and entries of the ledger. */
export interface EntryGroup {
  readonly voucherNumber: string;
  readonly drafts: readonly DraftReply[];
  readonly booked: readonly BookedReply[];
}

/** The reference that a voucher's texts begin with; empty where none does. */
export function referenceOf({ drafts, booked }: Pick<EntryGroup, 'drafts' | 'booked'>): string {
  const firstWords = [...booked, ...drafts].map(({ text }) => (text ?? '').trim().split(/\s/, 1)[0] ?? '');
  return firstWords.find(isReference) ?? '';
}

/** A voucher as the ledger has it, or will have it when a person books it: net, with the VAT on its own account. */
export function toPosted(group: EntryGroup, entries: RegisterEntries, mode: 'draft' | 'posted'): Posted {
  const { voucherNumber, drafts, booked } = group;
  const reference = referenceOf(group);
  const all = [
    ...booked.map(({ date, currencyCode, text }) => ({ date, currency: currencyCode, text })),
    ...drafts.map(({ date, currency, text }) => ({ date, currency, text })),
  ];
  const [first] = all;
  const { date, currency } =
    all.find((one) => one.date !== first?.date || one.currency !== first.currency) ?? first ?? nothing;
  return {
    id: voucherNumber,
    reference,
    state: 'live',
    document: 'journal',
    date,
    currency,
    lines: [...booked.map((one) => bookedLine(one, entries)), ...drafts.flatMap((one) => draftLines(one, entries))],
    ...(mode === 'posted' && drafts.length > 0 && { isUnfinished: true }),
    number: voucherNumber,
    description: (first?.text ?? '').slice(reference.length).trim(),
  };
}

const nothing = { date: '1970-01-01' as Posted['date'], currency: '' };

/** The VAT's own entries may carry its code or not: they stand on an account that belongs to a code. */
function bookedLine({ accountNumber, amount, vatAccountNumber }: BookedReply, { vat }: RegisterEntries): PostedLine {
  const isVat = [...vat.values()].some(
    ({ account, contraAccount }) =>
      account?.accountNumber === accountNumber || contraAccount?.accountNumber === accountNumber,
  );
  const code = isVat ? undefined : vatAccountNumber;
  return { account: accountNumber, amount: parseAmount(amount), ...(code ? { vatCode: code } : {}) };
}

function draftLines(draft: DraftReply, entries: RegisterEntries): PostedLine[] {
  const amount = parseAmount(draft.amount);
  const { accountNumber, contraAccountNumber, vatCode, contraVatCode } = draft;
  return [
    ...(accountNumber ? explicit(accountNumber, amount, vatCode, entries) : []),
    ...(contraAccountNumber ? explicit(contraAccountNumber, negate(amount), contraVatCode, entries) : []),
  ];
}

/** What e-conomic will make of a gross line: half an øre goes away from zero, as everywhere in Bilag. */
function explicit(
  account: string,
  gross: Amount,
  code: string | null | undefined,
  { vat }: RegisterEntries,
): PostedLine[] {
  if (!code) return [{ account, amount: gross }];
  const known = vat.get(code);
  const own = known?.account?.accountNumber;
  if (known === undefined || own === undefined) return [{ account, amount: gross, vatCode: code }];
  const contained = containedVat(gross, known.ratePercentage);
  return [
    { account, amount: subtract(gross, contained), vatCode: code },
    { account: own, amount: contained },
  ];
}
