import {
  formatAmount,
  type Book,
  type OutputFile,
  type RenderContext,
  named,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import { WrittenCheck } from '../check/written-check.ts';
import type { SafTConfig } from '../config.ts';
import { leaf, toXml } from '../xml/element.ts';
import { fileNameOf } from '../file-name.ts';
import { headerOf } from './header.ts';
import { masterFilesOf } from './master-files.ts';
import { modelOf, type Model } from './model.ts';
import { namespace } from '../profile.ts';
import { planOf, type PlannedFile } from './plan.ts';
import { chunkLength, SecondReading } from './second-reading.ts';
import { mustRepeat, surveyOf, type Survey } from './survey.ts';
import { createTransactionWriter, type TransactionWriter } from './transaction-writer.ts';

/**
 * Renders a book as SAF-T Financial. It is read twice: totals and closing balances stand before the lines. Where it does not keep
 * its vouchers, a second reading that differs in anything ends in `conflict`, so a set is whole only when the last file's last chunk
 * has come.
 */
export async function* render(book: Book, config: SafTConfig, context: RenderContext): AsyncGenerator<OutputFile> {
  const model = modelOf(book, config, context.createdAt);
  const writer = createTransactionWriter(model);
  const check = context.onFindings === undefined ? undefined : new WrittenCheck();
  // The check sums up what is written by itself: were the vouchers not kept after all, it would tell.
  const isProved = book.keepsVouchers !== true || check === undefined;
  const { survey, masterFiles, files } = await planFor(model, writer, isProved);
  // Made before the first file is handed on: a series that cannot be a JournalID is refused then, not in the middle.
  const journalHeads = new Map(survey.journals.map((series) => [series, journalHead(series, model)]));
  const reading = new SecondReading(model, survey, writer, journalHeads, check);
  try {
    for (const file of files) {
      const name = fileNameOf(book.company.organisationNumber, model.createdAt.stamp, file.index, file.total);
      check?.begin(name);
      yield {
        name,
        mediaType: 'application/xml',
        period: file.period,
        content: inChunks(contentOf(file, model, file.withMasterFiles ? masterFiles : [], reading, check)),
      };
      check?.end();
    }
  } finally {
    await reading.close();
  }
  if (check !== undefined) context.onFindings?.(check.findings());
}

/** Everything that is known before the lines are written. */
interface Plan {
  readonly survey: Survey;
  readonly masterFiles: readonly string[];
  readonly files: readonly PlannedFile[];
}

/**
 * Most books fit whatever their vouchers take to the byte: the most they can take is known without writing them. For one that
 * may have to be cut they are written to be measured, and written again.
 */
async function planFor(model: Model, writer: TransactionWriter, isProved: boolean): Promise<Plan> {
  const survey = await surveyOf(model, writer, { partBytes: Infinity, isProved });
  const parts = survey.periods.flatMap((period) => period.parts);
  const partBytes = partBytesOf(model);
  const plan = planFrom(survey, model);
  const isUncut = plan.files.length === 1 || model.config.split === 'period';
  if (isUncut && parts.every(({ bytes }) => bytes <= partBytes)) return plan;
  const bytesOf = (voucher: Voucher, lines: readonly ViewedLine[]): number => {
    let bytes = 0;
    for (const piece of writer.pieces(voucher, lines)) bytes += Buffer.byteLength(piece);
    return bytes;
  };
  const measured = await surveyOf(model, writer, { partBytes, isProved, bytesOf });
  mustRepeat(survey, measured);
  return planFrom(measured, model);
}

function planFrom(survey: Survey, model: Model): Plan {
  const masterFiles = [...masterFilesOf(model, survey)];
  return { survey, masterFiles, files: planOf(model, survey, frameBytesOf(model) + byteLengthOf(masterFiles)) };
}

/** What transactions may take: the largest file without its header and the tags around them. */
function partBytesOf(model: Model): number {
  return model.config.maxBytes - frameBytesOf(model);
}

function frameBytesOf(model: Model): number {
  const header = headerOf(model, { index: 1000, total: 1000, period: model.book.period });
  return Buffer.byteLength(toXml(header, model.profile, 1)) + 1024;
}

function byteLengthOf(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}

async function* contentOf(
  file: PlannedFile,
  model: Model,
  masterFiles: readonly string[],
  reading: SecondReading,
  check: WrittenCheck | undefined,
): AsyncGenerator<string> {
  const read = (text: string): string => {
    check?.read(text);
    return text;
  };
  yield read(`<?xml version="1.0" encoding="UTF-8"?>\n<AuditFile xmlns="${namespace}">\n`);
  yield read(toXml(headerOf(model, file), model.profile, 1));
  for (const text of masterFiles) yield read(text);
  if (file.withEntries) {
    yield read(entriesHead(file, model));
    for (const series of file.journals) yield* reading.journal(file, series);
    yield read('  </GeneralLedgerEntries>\n');
  }
  yield read('</AuditFile>\n');
}

/** Totals are of this file alone ("included in the audit file"). */
function entriesHead({ transactions, debit }: PlannedFile, { profile }: Model): string {
  const totals = [
    leaf('NumberOfEntries', transactions),
    leaf('TotalDebit', formatAmount(debit)),
    leaf('TotalCredit', formatAmount(debit)),
  ];
  return `  <GeneralLedgerEntries>\n${totals.map((total) => toXml(total, profile, 2)).join('')}`;
}

function journalHead(series: string, { config, profile }: Model): string {
  const { description, type } = named(config.journals, series) ?? { description: `Journal ${series}`, type: 'GL' };
  const fields = [leaf('JournalID', series), leaf('Description', description), leaf('Type', type)];
  return fields.map((field) => toXml(field, profile, 3, 'Journal/')).join('');
}

async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
