import type { Version } from '../src/profile.ts';
import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatAmount,
  linesOf,
  monthOf,
  voucherReference,
  yearOf,
  type Amount,
  type Book,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { config, renderOne, richBook, richConfig, year } from './books.ts';
import { randomBook } from './random-books.ts';

/**
 * The twin: the transactions of a file once more, built slowly by xmlbuilder2 from the vouchers. It shares no code with
 * the line writer, so equal bytes prove both.
 */
async function twinOf(book: Book, version: Version): Promise<string> {
  const before130 = version === '1.20';
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('Journals');
  const vouchers = await Array.fromAsync(book.vouchers());
  for (const series of new Set(vouchers.map((voucher) => voucher.series))) {
    const journal = root.ele('Nested').ele('Journal');
    for (const voucher of vouchers) if (voucher.series === series) transaction(journal, voucher, before130);
  }
  return root.end({ prettyPrint: true, indent: '  ' });
}

function transaction(journal: XMLBuilder, voucher: Voucher, before130: boolean): void {
  const node = journal.ele('Transaction');
  text(node, 'TransactionID', voucherReference(voucher));
  text(node, 'Period', String(monthOf(voucher.date)));
  text(node, 'PeriodYear', String(yearOf(voucher.date)));
  text(node, 'TransactionDate', voucher.date);
  text(node, 'SourceID', 'Bilag');
  if (!before130) {
    text(node, 'VoucherType', voucher.document === 'sale' ? 'SALE' : 'JOURNAL');
    text(node, 'VoucherDescription', voucher.document === 'sale' ? 'Sales voucher' : 'Journal voucher');
  }
  text(node, 'TransactionType', 'Normal');
  text(node, 'Description', short(voucher.description || voucherReference(voucher)));
  text(node, 'SystemEntryDate', voucher.date);
  text(node, 'GLPostingDate', voucher.date);
  linesOf(voucher, 'explicit').forEach((line, index) => lineOf(node, voucher, line, index + 1, before130));
}

function lineOf(parent: XMLBuilder, voucher: Voucher, line: ViewedLine, number: number, before130: boolean): void {
  const types: Readonly<Record<string, string>> = { department: 'A', project: 'P' };
  const node = parent.ele('Line');
  text(node, 'RecordID', String(number));
  text(node, 'AccountID', line.account);
  if (before130) {
    const kind = node.ele('Analysis');
    text(kind, 'AnalysisType', 'BILAGSART');
    text(kind, 'AnalysisID', voucher.document === 'sale' ? 'SALE' : 'JOURNAL');
  }
  for (const [type, id] of Object.entries(line.dimensions ?? {})) {
    const analysis = node.ele('Analysis');
    text(analysis, 'AnalysisType', types[type] ?? '');
    text(analysis, 'AnalysisID', id);
  }
  if (line.party !== undefined) text(node, line.party.kind === 'customer' ? 'CustomerID' : 'SupplierID', line.party.id);
  text(node, 'Description', short(line.text || voucher.description || voucherReference(voucher)));
  text(node.ele(line.amount > 0 ? 'DebitAmount' : 'CreditAmount'), 'Amount', unsigned(line.amount));
  if (line.vat !== undefined) {
    const tax = node.ele('TaxInformation');
    text(tax, 'TaxType', 'MVA');
    text(tax, 'TaxCode', line.vat.code);
    text(tax, 'TaxPercentage', String(line.vat.rateBasisPoints / 100));
    text(tax, 'Country', 'NO');
    text(tax, 'TaxBase', unsigned(line.vat.net));
    const side = line.amount > 0 ? 'DebitTaxAmount' : 'CreditTaxAmount';
    text(tax.ele(before130 ? 'TaxAmount' : side), 'Amount', unsigned(line.vat.amount));
  }
  text(node, 'ReferenceNumber', line.reference ?? voucherReference(voucher));
}

function text(parent: XMLBuilder, name: string, value: string): void {
  // xmlbuilder2 leaves what looks like an entity alone, so ampersands are escaped before it sees them.
  parent.ele(name).txt(allowed(value).replaceAll('&', '&amp;'));
}

/** Code points XML 1.0 allows; others as U+FFFD; line breaks, tabs and what steers a terminal as blanks. Written without the writer's patterns. */
function allowed(value: string): string {
  return Array.from(value.replaceAll('\r\n', '\n'), (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code === 9 || code === 10 || code === 13 || steers(code)) return ' ';
    const isAllowed = (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
    return isAllowed ? character : '\uFFFD';
  }).join('');
}

/** C1 controls, marks of the direction of writing, and separators of lines and paragraphs. */
function steers(code: number): boolean {
  const marks = [0x61c, 0x200e, 0x200f, 0x2028, 0x2029];
  return (
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    marks.includes(code)
  );
}

function short(value: string): string {
  if (value.length <= 256) return value;
  let kept = '';
  for (const character of value) {
    if (kept.length + character.length > 255) break;
    kept += character;
  }
  return `${kept}…`;
}

function unsigned(value: Amount): string {
  return formatAmount(Math.abs(value) as Amount);
}

function transactionsIn(xml: string): string {
  return (xml.match(/^ {6}<Transaction>\n[^]*?^ {6}<\/Transaction>$/gm) ?? []).join('\n');
}

describe.each([
  ['1.20', 2024],
  ['1.30', 2025],
  ['1.40', 2027],
] as [Version, number][])('the lines of SAF-T %s are those xmlbuilder2 writes, byte for byte', (version, number) => {
  test('for a book with everything', async () => {
    const book = richBook({ period: year(number) });
    const ours = transactionsIn(await renderOne(book, config(richConfig)));
    expect(ours).toBe(transactionsIn(await twinOf(book, version)));
    expect(ours).toContain('a &amp; b &lt;c&gt; &amp;lt; &amp;amp;amp; &amp;#65; ]]&gt; "q"');
  });

  test('for any book', async () => {
    await fc.assert(
      fc.asyncProperty(randomBook(number), async ({ book, settings }) => {
        const ours = transactionsIn(await renderOne(book, settings));
        expect(ours).toBe(transactionsIn(await twinOf(book, version)));
      }),
      { numRuns: 60 },
    );
  });
});
