import { addDays, type PlainDate } from '../money/plain-date.ts';
import { idsOf, journalLines, SummaryKeys } from '../posting/journal-lines.ts';
import { fillTemplate, textsByLanguage } from '../policy/texts.ts';
import { createVoucher, type DocumentKind, type Voucher } from '../voucher/voucher.ts';
import { voucherKey } from '../voucher/voucher-key.ts';
import type { VoucherShape } from '../contracts/contract.ts';
import type { FindingList } from '../ledger/finding-list.ts';
import type { SourceProfile } from '../ledger/source-profile.ts';
import type { PolicyVersion } from '../policy/policy.ts';
import type { BookedFact } from '../posting/booked-fact.ts';

/** Facts that belong together, before they are split by the target's shape. */
export interface VoucherSource {
  readonly ledgerId: string;
  readonly currency: string;
  readonly facts: readonly BookedFact[];
  readonly stem: string;
  readonly part: string;
  readonly ledgerDate: PlainDate;
  readonly profile: SourceProfile;
  readonly version: PolicyVersion;
  readonly shape: VoucherShape | undefined;
  readonly lockedThrough: PlainDate | undefined;
  /** Under which date a key stands in the books already. */
  readonly bookedOn: ((key: string, otherwise: PlainDate) => PlainDate | undefined) | undefined;
}

/**
 * The vouchers of facts that belong together: one, or several where the target's shape asks for it. Every part balances,
 * because each fact does. Key and digest are made after the split.
 */
export function makeVouchers(source: VoucherSource, findings: FindingList): Voucher[] {
  const vouchers: Voucher[] = [];
  const keys = new SummaryKeys();
  for (const { document, facts, part } of partsOf(source, keys, findings)) {
    const lines = journalLines(facts, source.version.lines, source.version.language, keys);
    const ids = idsOf(facts);
    if (lines.length === 0) {
      findings.add('nothing-to-post', 'info', 'these facts cancel one another on every account', 'nothing to do', ids);
      continue;
    }
    const key = voucherKey(source.ledgerId, source.stem, part);
    const open = postingDate(source);
    const known = source.bookedOn?.(key, open);
    const date = known ?? open;
    const voucher = createVoucher({
      key,
      date,
      ledgerId: source.ledgerId,
      ledgerDate: source.ledgerDate,
      series: source.version.series ?? source.profile.series,
      document,
      description: descriptionOf(source, date),
      currency: source.currency,
      lines,
      facts: ids,
    });
    if (known === undefined && date !== source.ledgerDate) sayMoved(source, voucher, findings);
    findings.pointAt(voucher.key, ids);
    vouchers.push(voucher);
  }
  return vouchers;
}

/** Nothing is posted in a locked period: the booking moves to the first open day, visibly (Bookkeeping Regulations § 7-6). */
function postingDate({ ledgerDate, lockedThrough }: VoucherSource): PlainDate {
  return lockedThrough !== undefined && ledgerDate <= lockedThrough ? addDays(lockedThrough, 1) : ledgerDate;
}

function sayMoved(source: VoucherSource, voucher: Voucher, findings: FindingList): void {
  const message = `the period is locked through ${source.lockedThrough}; booked on ${voucher.date} instead of ${source.ledgerDate}`;
  findings.merge([
    {
      code: 'moved-from-locked-period',
      severity: 'warning',
      message,
      where: `ledger ${source.ledgerId}, ${source.ledgerDate}`,
      action:
        'check that it is not in the books of the locked period, and that VAT and results may be reported in the later',
      ledgerId: source.ledgerId,
      date: source.ledgerDate,
      vouchers: [voucher.key],
    },
  ]);
}

function descriptionOf(source: VoucherSource, date: PlainDate): string {
  const texts = textsByLanguage[source.version.language];
  const text = fillTemplate(texts.voucher, {
    provider: source.profile.provider,
    ledger: source.ledgerId,
    date: source.ledgerDate,
  });
  if (date === source.ledgerDate) return text;
  return `${text} (${fillTemplate(texts.moved, { date: source.ledgerDate })})`;
}

interface Part {
  readonly document: DocumentKind;
  readonly facts: readonly BookedFact[];
  readonly part: string;
}

function partsOf(source: VoucherSource, keys: SummaryKeys, findings: FindingList): Part[] {
  const { facts, part, shape } = source;
  if (facts.length === 0) return [];
  if (shape === undefined) return [{ document: 'journal', facts, part }];
  const splitting = { lines: source.version.lines, maxLines: shape.maxLines, keys, findings };
  if (!shape.documents.includes('sale')) return splitByLines(splitting, 'journal', facts, part);
  const sales = facts.filter((fact) => fact.document === 'sale');
  const others = facts.filter((fact) => fact.document !== 'sale');
  return [
    ...splitByLines(splitting, 'sale', sales, `${part}S`),
    ...splitByLines(splitting, 'journal', others, `${part}J`),
  ];
}

interface Splitting {
  readonly lines: PolicyVersion['lines'];
  readonly maxLines: number;
  readonly keys: SummaryKeys;
  readonly findings: FindingList;
}

function splitByLines(
  { lines, maxLines, keys, findings }: Splitting,
  document: DocumentKind,
  facts: readonly BookedFact[],
  part: string,
): Part[] {
  const chunks: BookedFact[][] = [];
  let current: BookedFact[] = [];
  let count = new LineCount(lines, keys);
  for (const fact of facts) {
    let needed = count.with(fact);
    if (needed > maxLines && current.length > 0) {
      chunks.push(current);
      current = [];
      count = new LineCount(lines, keys);
      needed = count.with(fact);
    }
    if (needed > maxLines) {
      const message = `one entry needs more than the ${maxLines} lines the target takes in a voucher`;
      findings.add('too-many-lines', 'error', message, 'give fewer order lines for it', [fact.id]);
    }
    current.push(fact);
    count.add(fact);
  }
  if (current.length > 0) chunks.push(current);
  return chunks.map((chunk, index) => ({ document, facts: chunk, part: index === 0 ? part : `${part}${index + 1}` }));
}

/** How many lines facts become, without making them. */
class LineCount {
  readonly #mode: PolicyVersion['lines'];
  readonly #summaryKeys: SummaryKeys;
  readonly #keys = new Set<string>();
  #lines = 0;
  #counted: { readonly fact: BookedFact; readonly keys: readonly string[] } | undefined;

  constructor(mode: PolicyVersion['lines'], summaryKeys: SummaryKeys) {
    this.#mode = mode;
    this.#summaryKeys = summaryKeys;
  }

  with(fact: BookedFact): number {
    if (this.#mode === 'entry') return this.#lines + fact.postings.length;
    const keys = this.#keysOf(fact);
    let needed = this.#keys.size;
    for (const [index, key] of keys.entries()) if (!this.#keys.has(key) && keys.indexOf(key) === index) needed += 1;
    return needed;
  }

  add(fact: BookedFact): void {
    this.#lines += fact.postings.length;
    if (this.#mode === 'summary') for (const key of this.#keysOf(fact)) this.#keys.add(key);
  }

  /** A fact is counted before it is added. */
  #keysOf(fact: BookedFact): readonly string[] {
    if (this.#counted?.fact !== fact)
      this.#counted = { fact, keys: fact.postings.map((posting) => this.#summaryKeys.of(posting)) };
    return this.#counted.keys;
  }
}
