import { isReference, parseAmount, type Posted, type PostedLine } from '@bilag/core';
import type { XeroConfig } from './config.ts';
import { codeOf, typeOf } from './registers.ts';
import type { JournalReply, LedgerReply, LineReply } from './replies.ts';
import { withoutTax } from './to-xero.ts';

/** The reference that a narration begins with; empty where it does not. */
export function referenceOf({ Narration }: Pick<JournalReply, 'Narration'>): string {
  const [first = ''] = (Narration ?? '').trim().split(/\s/, 1);
  return isReference(first) ? first : '';
}

/** What a voided or deleted journal is: Xero keeps both. */
function stateOf({ Status }: JournalReply): Posted['state'] {
  if (Status === 'VOIDED') return 'reversed';
  return Status === 'DRAFT' || Status === 'POSTED' ? 'live' : 'deleted';
}

/** A manual journal in the policy's terms: gross, as it was sent. */
export function toPosted(journal: JournalReply, currency: string, config: XeroConfig): Posted {
  const reference = referenceOf(journal);
  // Amounts without VAT would be read as amounts with it.
  const isGross = journal.LineAmountTypes !== 'Exclusive';
  return {
    id: journal.ManualJournalID,
    reference,
    state: stateOf(journal),
    document: 'journal',
    date: journal.Date,
    currency,
    lines: journal.JournalLines.map((line) => toPostedLine(line, config, isGross)),
    description: (journal.Narration ?? '').slice(reference.length).trim(),
  };
}

function toPostedLine(line: LineReply, config: XeroConfig, isGross: boolean): PostedLine {
  const { LineAmount, AccountCode, TaxType, Tracking } = line;
  const code = TaxType && TaxType !== withoutTax ? codeOf(TaxType, config) : undefined;
  return {
    account: AccountCode ?? '',
    amount: parseAmount(LineAmount),
    ...(code !== undefined && { vatCode: isGross ? code : `${code} on top` }),
    ...(Tracking &&
      Tracking.length > 0 && {
        dimensions: Object.fromEntries(Tracking.map(({ Name, Option }) => [typeOf(Name), Option])),
      }),
  };
}

/** An entry of the ledger that is of something else than a manual journal. */
export function toForeign(entry: LedgerReply, currency: string): Posted {
  return {
    id: entry.SourceID ?? entry.JournalID,
    reference: '',
    state: 'live',
    document: 'journal',
    date: entry.JournalDate,
    currency,
    lines: entry.JournalLines.map(({ AccountCode, NetAmount }) => ({
      account: AccountCode ?? '',
      amount: parseAmount(NetAmount),
    })),
    description: entry.SourceType ?? '',
  };
}
