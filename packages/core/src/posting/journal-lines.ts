import { add, subtract, type Amount } from '../money/amount.ts';
import type { BookedFact, Posting, PostingVat } from './booked-fact.ts';
import { countText, lineText, type Language } from '../policy/texts.ts';
import { addedVat, containedVat } from '../money/vat.ts';
import { isEmpty } from '../named.ts';
import type { JournalLine, LineParty, LineVat } from '../voucher/voucher.ts';

/**
 * Journal lines of booked facts: one per posting (`entry`), or one per account, VAT code, dimensions, party and kind
 * (`summary`). VAT is computed per line, from the line's gross, so what we show is what a target that computes VAT books.
 */
export function journalLines(
  facts: readonly BookedFact[],
  mode: 'entry' | 'summary',
  language: Language,
  keys: SummaryKeys = new SummaryKeys(),
): JournalLine[] {
  return mode === 'entry' ? entryLines(facts, language) : summaryLines(facts, language, keys);
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
function factIds(fact: BookedFact): string[] {
  return fact.twins === undefined ? [fact.id] : [fact.id, ...fact.twins];
}

/** The ids of the facts that booked facts stand for. */
export function idsOf(facts: readonly BookedFact[]): string[] {
  const ids: string[] = [];
  for (const { id, twins } of facts) {
    ids.push(id);
    if (twins !== undefined) ids.push(...twins);
  }
  return ids;
}

interface Summary {
  readonly posting: Posting;
  amount: Amount;
  readonly facts: string[];
  last: BookedFact | undefined;
  /** Two at most: more are not shown. */
  readonly references: Set<string | null>;
}

function summaryLines(facts: readonly BookedFact[], language: Language, keys: SummaryKeys): JournalLine[] {
  const summaries = new Map<string, Summary>();
  for (const fact of facts) {
    for (const posting of fact.postings) {
      const key = keys.of(posting);
      let summary = summaries.get(key);
      if (summary === undefined) {
        summary = { posting, amount: 0 as Amount, facts: [], last: undefined, references: new Set() };
        summaries.set(key, summary);
      }
      summary.amount = add(summary.amount, posting.amount);
      if (summary.last !== fact) for (const id of factIds(fact)) summary.facts.push(id);
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

/**
 * Names what may be added up on one summary line: postings with equal keys. VAT, dimensions and party are objects of the policy,
 * which many postings share: each is spelt out once, and known by a number from then on.
 */
export class SummaryKeys {
  readonly #byObject = new Map<object, number>();
  readonly #byContent = new Map<string, number>();
  /** Those seen last, by their dimensions: most postings are like one of them, and then nothing is spelt out. */
  readonly #recent = new Map<object | undefined, { readonly posting: Posting; readonly key: string }[]>();

  of(posting: Posting): string {
    const recent = this.#recent.get(posting.dimensions) ?? [];
    for (const { posting: known, key } of recent) if (isAlike(known, posting)) return key;
    const key = this.#spelt(posting);
    if (recent.length === 0) this.#recent.set(posting.dimensions, recent);
    else if (recent.length === mostRecent) recent.shift();
    recent.push({ posting, key });
    return key;
  }

  #spelt({ account, kind, role, vat, party, dimensions }: Posting): string {
    const byVat = vat === undefined ? '' : this.#numberOf(vat, vatContent);
    const byDimensions = dimensions === undefined ? '' : this.#numberOf(dimensions, dimensionsContent);
    const byParty = party === undefined ? '' : this.#numberOf(party, partyContent);
    // The one part that may hold a space comes last.
    return `${kind} ${role ?? ''} ${byVat} ${byDimensions} ${byParty} ${account}`;
  }

  #numberOf<Shared extends object>(shared: Shared, contentOf: (shared: Shared) => unknown): number {
    let number = this.#byObject.get(shared);
    if (number === undefined) {
      const content = JSON.stringify(contentOf(shared));
      number = this.#byContent.get(content) ?? this.#byContent.size;
      this.#byContent.set(content, number);
      this.#byObject.set(shared, number);
    }
    return number;
  }
}

const mostRecent = 4;

/** Whether postings of the same dimensions are the same but for their amount. */
function isAlike(one: Posting, other: Posting): boolean {
  return (
    one.kind === other.kind &&
    one.account === other.account &&
    one.vat === other.vat &&
    one.role === other.role &&
    one.party === other.party
  );
}

const vatContent = ({ code, rateBasisPoints, account }: PostingVat): unknown => [code, rateBasisPoints, account];
const partyContent = ({ id }: LineParty): unknown => id;
const dimensionsContent = (dimensions: Readonly<Record<string, string>>): unknown =>
  Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));

function journalLine(
  posting: Posting,
  amount: Amount,
  reference: string | null,
  facts: readonly string[],
  language: Language,
): JournalLine {
  const { account, role, dimensions, party, vat, kind } = posting;
  const shown = reference === null && facts.length > 1 ? countText(facts.length, language) : shortReference(reference);
  const text = lineText(language, kind, shown);
  // Without spreads, and what nearly all lines are made at once: this runs for every line of a ledger.
  if (reference !== null && party === undefined && (dimensions === undefined || isEmpty(dimensions))) {
    if (vat === undefined && role !== undefined) return { account, amount, role, text, reference, facts };
    if (vat !== undefined && role === undefined)
      return { account, amount, vat: lineVat(vat, amount), text, reference, facts };
  }
  const line = { account, amount } as { -readonly [Name in keyof JournalLine]: JournalLine[Name] };
  if (role !== undefined) line.role = role;
  if (vat !== undefined) line.vat = lineVat(vat, amount);
  if (dimensions !== undefined && !isEmpty(dimensions)) line.dimensions = dimensions;
  if (party !== undefined) line.party = party;
  line.text = text;
  if (reference !== null) line.reference = reference;
  line.facts = facts;
  return line;
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
  if (reference === null) return '';
  const number = reference.includes('-') ? /^.+-(\d{5,})$/.exec(reference)?.[1] : undefined;
  return (number ?? reference).slice(0, 60);
}
