import {
  add,
  isReference,
  parseAmount,
  plainDate,
  zero,
  type Amount,
  type PlainDate,
  type Posted,
  type PostedLine,
} from '@bilag/core';
import type { RegisterEntries } from './registers.ts';
import type { DimensionReply, EntryHead, EntryReply, LineReply } from './replies.ts';
import { ownSource } from './to-unimicro.ts';

/** What comes with an entry, so that it can be read whole. */
export const entryExpand: string = [
  'Lines',
  ...['Dimensions', 'ReferenceCreditPost', 'OriginalReferencePost'].map((name) => `Lines.${name}`),
  'DraftLines',
  'DraftLines.Dimensions',
].join(',');

export const lineExpand = 'JournalEntry,Dimensions,ReferenceCreditPost,OriginalReferencePost';
export const draftExpand = 'JournalEntry,Dimensions';

/** Our reference on an entry; empty where it is somebody else's, also one that came from a filter that was not applied. */
export function referenceOf({ ExternalReference, ExternalSource }: EntryHead): string {
  const reference = ExternalReference ?? '';
  return ExternalSource === ownSource && isReference(reference) ? reference : '';
}

/**
 * What an entry holds: a voucher, booked or a draft, or what takes others back. Which ones those are is told by `reverses`; Unimicro may keep
 * a voucher and what takes it back in one entry.
 */
export function postedIn(entry: EntryReply, entries: RegisterEntries): Posted[] {
  const lines = entry.Lines ?? [];
  const own = lines.filter(({ OriginalReferencePostID }) => !OriginalReferencePostID);
  const isBooked = lines.length > 0;
  const posted: Posted[] = [];
  if (own.length > 0 || !isBooked) posted.push(toPosted(entry, isBooked ? own : (entry.DraftLines ?? []), entries));
  for (const [original, credits] of byEntry(lines, ({ OriginalReferencePost }) => OriginalReferencePost)) {
    const id = original === entry.ID ? `${entry.ID}-credit` : entry.ID;
    posted.push({ ...toPosted(entry, credits, entries), id, reverses: original });
  }
  return posted;
}

/** The entries that take lines of this one back. */
export function creditsOf({ Lines }: EntryReply): readonly string[] {
  return [...byEntry(Lines ?? [], ({ ReferenceCreditPost }) => ReferenceCreditPost).keys()];
}

function byEntry(
  lines: readonly LineReply[],
  linked: (line: LineReply) => Pick<LineReply, 'JournalEntryID'> | null | undefined,
): Map<string, LineReply[]> {
  const groups = new Map<string, LineReply[]>();
  for (const line of lines) {
    const id = linked(line)?.JournalEntryID;
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), line]);
  }
  return groups;
}

/** What is taken back line by line stands as the rest: a correction shows as an edited voucher. */
function toPosted(head: EntryHead, lines: readonly LineReply[], entries: RegisterEntries): Posted {
  const left = lines.filter(({ ReferenceCreditPostID }) => !ReferenceCreditPostID);
  const isReversed = lines.length > 0 && left.length === 0;
  const shown = isReversed ? lines : left;
  const { currency, settings } = entries;
  const isForeign = shown.some(
    ({ CurrencyCodeID }) => CurrencyCodeID && CurrencyCodeID !== settings.BaseCurrencyCodeID,
  );
  const number = head.JournalEntryNumber;
  return {
    id: head.ID,
    reference: referenceOf(head),
    state: head.Deleted === true ? 'deleted' : isReversed ? 'reversed' : 'live',
    document: 'journal',
    date: dateOf(head, shown),
    currency: isForeign ? 'another' : currency,
    lines: grossLines(shown, entries),
    ...(number ? { number } : {}),
    description: head.Description ?? '',
  };
}

/** A voucher of ours has one date. Where somebody moved some of its lines it has none, so that it shows as edited. */
function dateOf(head: EntryHead, lines: readonly LineReply[]): PlainDate {
  const [first, ...others] = lines.map(({ FinancialDate }) => FinancialDate);
  const isOne = others.every((date) => date === first) || referenceOf(head) === '';
  return first !== undefined && isOne ? first : noDate;
}

const noDate = plainDate('1970-01-01');

/** The VAT's own lines go back to what they are the VAT of. */
function grossLines(lines: readonly LineReply[], entries: RegisterEntries): PostedLine[] {
  const known = new Set(lines.map(({ ID }) => ID));
  const vat = new Map<string, Amount>();
  const bases: LineReply[] = [];
  for (const line of lines) {
    const base = line.VatJournalEntryPostID;
    if (base && base !== line.ID && known.has(base))
      vat.set(base, add(vat.get(base) ?? zero, parseAmount(line.Amount)));
    else bases.push(line);
  }
  return bases.map((line) => {
    const { ID, AccountID, Amount, VatTypeID, Dimensions } = line;
    const code = VatTypeID ? (entries.vatTypes.find((one) => one.ID === VatTypeID)?.VatCode ?? `id ${VatTypeID}`) : '';
    const dimensions = {
      ...numberOf('department', Dimensions?.DepartmentID, entries.departments),
      ...numberOf('project', Dimensions?.ProjectID, entries.projects),
    };
    return {
      account: entries.accountNumbers.get(AccountID) ?? `id ${AccountID}`,
      amount: add(parseAmount(Amount), vat.get(ID) ?? zero),
      ...(code === '' ? {} : { vatCode: code }),
      ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    };
  });
}

function numberOf(
  type: string,
  id: string | null | undefined,
  known: readonly DimensionReply[],
): Record<string, string> {
  if (!id) return {};
  return { [type]: known.find(({ ID }) => ID === id)?.number ?? `id ${id}` };
}
