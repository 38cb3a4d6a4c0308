import {
  containedVat,
  isReference,
  negate,
  parseAmount,
  subtract,
  add,
  zero,
  type Amount,
  type Posted,
  type PostedLine,
} from '@bilag/core';
import type { BusinessCentralConfig } from './config.ts';
import { ownPrefix } from './document-numbers.ts';
import { typeOf } from './registers.ts';
import type { DimensionReply, EntryReply, LineReply } from './replies.ts';

/** Everything under one document number: lines that wait in the journal, and entries of the ledger. */
export interface EntryGroup {
  readonly documentNumber: string;
  readonly lines: readonly LineReply[];
  /** In the order of their numbers. */
  readonly entries: readonly EntryReply[];
}

/** By document number. Numbers of others may come again, so that those of other dates are other vouchers. */
export function groupsOf(lines: readonly LineReply[], entries: readonly EntryReply[]): EntryGroup[] {
  const groups = new Map<string, { documentNumber: string; lines: LineReply[]; entries: EntryReply[] }>();
  const groupOf = ({ documentNumber, postingDate }: Pick<LineReply, 'documentNumber' | 'postingDate'>) => {
    const key = documentNumber.startsWith(ownPrefix) ? documentNumber : `${documentNumber} ${postingDate}`;
    const group = groups.get(key) ?? { documentNumber, lines: [], entries: [] };
    groups.set(key, group);
    return group;
  };
  for (const line of lines) groupOf(line).lines.push(line);
  for (const entry of entries) groupOf(entry).entries.push(entry);
  return [...groups.values()];
}

/** The reference that a voucher's texts begin with; empty where none does. */
export function referenceOf({ lines, entries }: Pick<EntryGroup, 'lines' | 'entries'>): string {
  const firstWords = [...entries, ...lines].map(
    ({ description }) => (description ?? '').trim().split(/\s/, 1)[0] ?? '',
  );
  return firstWords.find(isReference) ?? '';
}

/** A voucher as the ledger has it, or will have it when the journal is posted: net, with the VAT on its own account. */
export function toPosted(group: EntryGroup, config: BusinessCentralConfig, currency: string): Posted {
  const { documentNumber, lines, entries } = group;
  const reference = referenceOf(group);
  const all = [...entries, ...lines];
  const [first] = all;
  const { postingDate } = all.find((one) => one.postingDate !== first?.postingDate) ?? first ?? nothing;
  return {
    id: documentNumber,
    reference,
    state: lines.length === 0 && isTakenBack(entries) ? 'reversed' : 'live',
    document: 'journal',
    date: postingDate,
    currency,
    lines: [...entries.map((entry) => entryLine(entry, config)), ...lines.flatMap((line) => explicit(line, config))],
    ...(config.mode === 'posted' && lines.length > 0 && { isUnfinished: true }),
    number: documentNumber,
    description: (first?.description ?? '').slice(reference.length).trim(),
  };
}

const nothing = { postingDate: '1970-01-01' as Posted['date'] };

function amountOf({ debitAmount, creditAmount }: EntryReply): Amount {
  return subtract(parseAmount(debitAmount), parseAmount(creditAmount));
}

/**
 * Whether the later half of the entries takes back the earlier: who reverses a posting in Business Central makes entries under the
 * same document number.
 */
function isTakenBack(entries: readonly EntryReply[]): boolean {
  const [before, after] = [entries.slice(0, entries.length / 2), entries.slice(entries.length / 2)];
  const [sums, back] = [sumsOf(before), sumsOf(after)];
  const isSomething = [...sums.values()].some((sum) => sum !== 0);
  const accounts = new Set([...sums.keys(), ...back.keys()]);
  return (
    isSomething &&
    before.length === after.length &&
    [...accounts].every((account) => (sums.get(account) ?? zero) === negate(back.get(account) ?? zero))
  );
}

function sumsOf(entries: readonly EntryReply[]): Map<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const entry of entries) {
    sums.set(entry.accountNumber, add(sums.get(entry.accountNumber) ?? zero, amountOf(entry)));
  }
  return sums;
}

/** The VAT's own entries carry the dimensions of the line they come from, and the policy gives them none. */
function entryLine(entry: EntryReply, config: BusinessCentralConfig): PostedLine {
  const { accountNumber: account, dimensionSetLines } = entry;
  const isVat = Object.values(config.vatGroups).some((group) => group.account === account);
  return { account, amount: amountOf(entry), ...(isVat ? {} : dimensionsOf(dimensionSetLines, config)) };
}

/** What Business Central will make of a gross line: half an øre goes away from zero, as everywhere in Bilag. */
function explicit(line: LineReply, config: BusinessCentralConfig): PostedLine[] {
  const { accountNumber, accountType, balancingAccountNumber, taxCode, dimensionSetLines } = line;
  const amount = parseAmount(line.amount);
  // In a filter it is "G/L Account", and in a reply its letters may be written by their codes.
  const isOther = !/^(?:G.*L.*Account|)$/.test(accountType ?? '');
  const account = isOther ? `${accountType} ${accountNumber}` : accountNumber;
  const own = { account, ...dimensionsOf(dimensionSetLines, config) };
  const balancing = balancingAccountNumber ? [{ account: balancingAccountNumber, amount: negate(amount) }] : [];
  if (!taxCode) return [{ ...own, amount }, ...balancing];
  const group = Object.values(config.vatGroups).find((one) => one.group === taxCode);
  // What a group does that the config does not name, nobody knows: the line is shown with it, and is another then.
  if (group === undefined) return [{ ...own, amount, vatCode: taxCode }, ...balancing];
  if (group.account === null) return [{ ...own, amount }, ...balancing];
  const contained = containedVat(amount, group.rateBasisPoints);
  return [{ ...own, amount: subtract(amount, contained) }, { account: group.account, amount: contained }, ...balancing];
}

function dimensionsOf(
  set: readonly DimensionReply[] | undefined,
  { dimensions }: Pick<BusinessCentralConfig, 'dimensions'>,
): Pick<PostedLine, 'dimensions'> {
  const own = (set ?? []).filter(({ code }) => dimensions.includes(code));
  if (own.length === 0) return {};
  return { dimensions: Object.fromEntries(own.map(({ code, valueCode }) => [typeOf(code), valueCode])) };
}
