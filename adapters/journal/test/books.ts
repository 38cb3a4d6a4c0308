import { createVoucher, plainDate, sum, type Amount, type Book, type JournalLine, type Voucher } from '@bilag/core';
import { journal, type JournalConfig } from '@bilag/journal';

/** A voucher as a test writes it: what is the same everywhere is left out. */
export interface VoucherSketch extends Partial<Pick<Voucher, 'revision' | 'series' | 'document' | 'currency'>> {
  readonly key: string;
  readonly date: string;
  readonly ledgerDate?: string;
  readonly description: string;
  readonly facts?: readonly string[];
  readonly lines: readonly (Omit<JournalLine, 'facts'> & Partial<Pick<JournalLine, 'facts'>>)[];
}

export interface BookSketch extends Pick<Book, 'company' | 'period' | 'accounts'> {
  readonly dimensions?: Book['dimensions'];
  readonly vouchers: readonly VoucherSketch[];
}

/** A book whose vouchers may be read again and again. */
export function bookOf({ dimensions = [], vouchers: sketches, ...rest }: BookSketch): Book {
  const vouchers = sketches.map((sketch) => voucherOf(sketch, rest.company.currency));
  return { ...rest, dimensions, vatCodes: [], parties: [], vouchers: () => vouchers };
}

function voucherOf({ facts = ['fact'], lines, ...sketch }: VoucherSketch, currency: string): Voucher {
  return createVoucher({
    ledgerId: '302321',
    series: 'VIPPS',
    document: 'journal',
    currency,
    ...sketch,
    date: plainDate(sketch.date),
    ledgerDate: plainDate(sketch.ledgerDate ?? sketch.date),
    facts: [...facts],
    lines: lines.map((line) => ({ facts: facts.slice(0, 1), ...line })),
  });
}

/** The files of a book, with their contents as one text each. */
export async function filesOf(book: Book, config: Partial<JournalConfig>): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const whole = { split: 'none', accounts: {}, dialect: 'hledger', ...config } as const;
  for await (const { name, content } of journal.render(book, whole, { createdAt: '2026-11-21T08:00:00Z' })) {
    let text = '';
    for await (const piece of content) text += String(piece);
    files.set(name, text);
  }
  return files;
}

/** The only file of a book. */
export async function fileOf(book: Book, config: Partial<JournalConfig>): Promise<string> {
  const files = await filesOf(book, config);
  return [...files.values()].join('only one file expected');
}

/** Adds amounts up by a key. */
export function totals<Key>(rows: Iterable<readonly [Key, Amount]>): Map<Key, Amount> {
  const amounts = new Map<Key, Amount[]>();
  for (const [key, value] of rows) amounts.set(key, [...(amounts.get(key) ?? []), value]);
  return new Map([...amounts].map(([key, values]) => [key, sum(values)]));
}
