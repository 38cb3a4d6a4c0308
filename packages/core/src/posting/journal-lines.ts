import { add, subtract, type Amount } from '../money/amount.ts';
import type { BookedFact, Posting, PostingVat } from './booked-fact.ts';
import { countText, lineText, type Language } from '../policy/texts.ts';
import { addedVat, containedVat } from '../money/vat.ts';
import type { JournalLine, LineVat } from '../voucher/voucher.ts';

/**
 * Journal lines of booked facts: one per posting (`entry`), or one per account, VAT code, dimensions, party and kind
 * (`summary`). VAT is computed per line, from the line's gross, so what we show is what a target that computes VAT books.
 */
export function journalLines(
  facts: readonly BookedFact[],
  mode: 'entry' | 'summary',
  language: Language,
): JournalLine[] {
  return mode === 'entry' ? entryLines(facts, language) : summaryLines(facts, language);
}

function entryLines(facts: readonly BookedFact[], language: Language): JournalLine[] {
  const lines: JournalLine[] = [];
  for (const fact of facts) {
    const own = factIds(fact);
    for (const posting of fact.postings)
      lines.push(journalLine(posting, posting.amount, fact.reference, own, language));
  }
  return lines;
}

/** The ids of the facts that a booked fact stands for. */
export function factIds(fact: BookedFact): string[] {
  return fact.twins === undefined ? [fact.id] : [fact.id, ...fact.twins];
}

interface Summary {
  readonly posting: Posting;
  amount: Amount;
  readonly facts: string[];
  last: BookedFact | undefined;
  /** Two at most: more are not shown. */
  readonly references: Set<string | null>;
}

function summaryLines(facts: readonly BookedFact[], language: Language): JournalLine[] {
  const summaries = new Map<string, Summary>();
  for (const fact of facts) {
    for (const posting of fact.postings) {
      const key = summaryKey(posting);
      let summary = summaries.get(key);
      if (summary === undefined) {
        summary = { posting, amount: 0 as Amount, facts: [], last: undefined, references: new Set() };
        summaries.set(key, summary);
      }
      summary.amount = add(summary.amount, posting.amount);
      if (summary.last !== fact) summary.facts.push(...factIds(fact));
      summary.last = fact;
      if (summary.references.size < 2) summary.references.add(fact.reference);
    }
  }
  return [...summaries.values()]
    .filter((summary) => summary.amount !== 0)
    .map(({ posting, amount, facts: ids, references }) => {
      const [reference = null] = references.size === 1 ? references : [];
      return journalLine(posting, amount, reference, ids, language);
    });
}

/** What may be added up on one summary line. */
export function summaryKey(posting: Posting): string {
  const { dimensions, party, vat } = posting;
  return JSON.stringify([
    posting.account,
    posting.kind,
    posting.role,
    vat?.code,
    vat?.rateBasisPoints,
    vat?.account,
    party?.id,
    dimensions === undefined ? null : Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

function journalLine(
  posting: Posting,
  amount: Amount,
  reference: string | null,
  facts: readonly string[],
  language: Language,
): JournalLine {
  const { account, role, dimensions, party, vat, kind } = posting;
  const shown = reference === null && facts.length > 1 ? countText(facts.length, language) : shortReference(reference);
  return {
    account,
    amount,
    ...(role === undefined ? {} : { role }),
    ...(vat === undefined ? {} : { vat: lineVat(vat, amount) }),
    ...(dimensions === undefined || Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    ...(party === undefined ? {} : { party }),
    text: lineText(language, kind, shown),
    ...(reference === null ? {} : { reference }),
    facts,
  };
}

function lineVat(vat: PostingVat, gross: Amount): LineVat {
  const { code, account, rateBasisPoints } = vat;
  if (vat.kind === 'contained') {
    const tax = containedVat(gross, rateBasisPoints);
    return { kind: 'contained', code, account, rateBasisPoints, net: subtract(gross, tax), amount: tax };
  }
  return {
    kind: 'reverse-charge',
    code,
    account,
    deductionAccount: vat.deductionAccount ?? null,
    rateBasisPoints,
    net: gross,
    amount: addedVat(gross, rateBasisPoints),
  };
}

/** A payout shows its number, `2000045` of `302321-2000045`: what stands on the bank statement. */
function shortReference(reference: string | null): string {
  return reference === null ? '' : (/^.+-(\d{5,})$/.exec(reference)?.[1] ?? reference).slice(0, 60);
}
