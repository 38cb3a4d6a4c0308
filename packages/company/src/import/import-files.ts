import {
  BilagError,
  type FileHead,
  type FileReading,
  type Finding,
  gatherFindings,
  type ImportContext,
  type PlainDate,
  type SourceImports,
} from '@bilag/core';
import type { ArchivedLedger, ArchiveStore } from '@bilag/engine';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Company } from '../config/company.ts';
import { withArchive } from '../dates/company-archive.ts';
import { dateIn } from '../dates/period.ts';
import { refuseReading } from './foreign-file.ts';
import { findFiles, type FoundFile } from './input-files.ts';
import { newTopics } from './overlaps.ts';
import { keepPersonalData } from './personal-data.ts';
import { Staging } from './staging.ts';

export interface ImportOptions {
  /** Files, folders and zip archives; relative to `cwd`. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** Ledgers that are new, where the archive has others: a report of another merchant is refused. */
  readonly newLedgers?: readonly string[] | undefined;
  /** Whether to keep names, phone numbers and messages of customers, apart from the archive. Default false. */
  readonly personalData?: boolean | undefined;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Told before a file is read. */
  readonly onFile?: (name: string) => void;
}

/** What became of a file. */
export interface ImportedFile {
  readonly name: string;
  readonly kind: string;
  /** SHA-256 in hex. */
  readonly digest: string;
  /** `known` when all that it tells was there already. */
  readonly outcome: 'imported' | 'known';
  readonly ledgers: readonly string[];
  readonly from: PlainDate | null;
  readonly to: PlainDate | null;
  /** Dates of which something new was stored. */
  readonly dates: number;
  readonly entries: number;
}

/** What an import came to. */
export interface ImportResult {
  readonly files: readonly ImportedFile[];
  /** Files of folders and archives that the source does not know. */
  readonly skipped: readonly { readonly name: string; readonly seen: string }[];
  readonly findings: readonly Finding[];
}

/**
 * Imports files into a company's archive, where they are raw pages like those of the API: all of them, or nothing. A file
 * that was imported before is not read again; what overlaps is there once. Throws `rejected` for what is no report or a
 * broken one, `conflict` where two places tell different things, and `unsupported` where the source reads no files.
 */
export async function importFiles(company: Company, options: ImportOptions): Promise<ImportResult> {
  const { imports } = company.source.declaration;
  if (imports === undefined) throw noImports(company);
  const recognises = (head: FileHead): string | undefined => imports.recognises(head, company.source.config);
  const looking = { cwd: options.cwd, signal: options.signal, recognises };
  await using found = await findFiles(options.paths, looking);
  const unknown = found.files.filter(({ kind }) => kind === undefined);
  const known = found.files.filter(({ kind }) => kind !== undefined);
  const refused = unknown.find(({ isNamed }) => isNamed) ?? (known.length === 0 ? unknown[0] : undefined);
  if (refused !== undefined) throw unknownFile(refused, imports);
  if (known.length === 0) throw nothingFound(options.paths);
  // Of two files that tell the same, the one that tells more comes first.
  const ordered = known.toSorted((a, b) => rankOf(a, imports) - rankOf(b, imports));
  const { files, findings } = await withArchive(company, { create: true }, async (archive) =>
    importInto(archive, ordered, { company, imports, options }),
  );
  return { files, findings, skipped: unknown.map(({ name, seen }) => ({ name, seen })) };
}

interface Importing {
  readonly company: Company;
  readonly imports: SourceImports<unknown>;
  readonly options: ImportOptions;
}

async function importInto(
  archive: ArchiveStore,
  files: readonly FoundFile[],
  importing: Importing,
): Promise<Pick<ImportResult, 'files' | 'findings'>> {
  const staging = new Staging(importing.options.now);
  try {
    const ledgers = new Map((await archive.ledgers()).map((ledger) => [ledger.id, ledger]));
    const staged: StagedFile[] = [];
    const namesakes = Map.groupBy(files, ({ name }) => lastOf(name, 1));
    for (const [index, file] of files.entries()) {
      importing.options.signal.throwIfAborted();
      importing.options.onFile?.(file.name);
      const hasNamesake = (namesakes.get(lastOf(file.name, 1))?.length ?? 0) > 1;
      staged.push(await stageFile(file, index, { archive, staging, ledgers, importing, hasNamesake }));
    }
    const findings: Finding[] = [];
    const archived = new Set((await archive.dates()).map(({ ledgerId, date }) => `${ledgerId} ${date}`));
    const results: ImportedFile[] = [];
    for (const file of staged)
      results.push(await decide(file, { archive, archived, staging, ledgers, importing, findings }));
    await store(archive, staging, ledgers, staged, importing);
    return { files: results, findings: gatherFindings(findings) };
  } finally {
    staging.close();
  }
}

interface StagedFile {
  readonly index: number;
  readonly file: FoundFile;
  readonly digest: string;
  /** Whether it was imported before, and not read. */
  readonly isKnown: boolean;
}

interface Stage {
  readonly archive: ArchiveStore;
  readonly staging: Staging;
  readonly ledgers: Map<string, ArchivedLedger>;
  readonly importing: Importing;
}

async function stageFile(
  file: FoundFile,
  index: number,
  { archive, staging, ledgers, importing, hasNamesake }: Stage & { readonly hasNamesake: boolean },
): Promise<StagedFile> {
  const { company, imports, options } = importing;
  const digest = await digestOf(file, options.signal);
  const known = await archive.cursor(importedFile(digest));
  const isEnough = known !== undefined && (options.personalData !== true || known.includes('"personalData":true'));
  if (isEnough) return { index, file, digest, isKnown: true };
  const before = new Set((await archive.ledgers()).map(({ id }) => id));
  const { signal, personalData = false } = options;
  const context: ImportContext = { ledgers: [...ledgers.values()], personalData, signal };
  const allowed = { known: before, today: dateIn(company.country, options.now), newLedgers: options.newLedgers ?? [] };
  const name = nameInArchive(file.name, digest, hasNamesake);
  for await (const reading of imports.pagesOf(file, company.source.config, context)) {
    refuseReading(reading, file.name, company, allowed);
    ledgers.set(reading.ledgerId, withHandles(ledgers.get(reading.ledgerId), reading));
    staging.add(index, reading, name);
    if (personalData) staging.addPersonal(reading);
  }
  return { index, file, digest, isKnown: false };
}

async function decide(
  { index, file, digest }: StagedFile,
  stage: Stage & { readonly archived: ReadonlySet<string>; readonly findings: Finding[] },
): Promise<ImportedFile> {
  const { archive, archived, staging, importing, findings } = stage;
  const { company, imports } = importing;
  const overlapping = {
    archive,
    archived,
    staging,
    dates: imports.dates,
    config: company.source.config,
    currency: company.currency,
  };
  const keys = staging.keysOf(index);
  let dates = 0;
  let entries = 0;
  for (const topics of Map.groupBy(keys, ({ ledgerId, date }) => `${ledgerId} ${date}`).values()) {
    importing.options.signal.throwIfAborted();
    const { kept, date } = await newTopics(topics, index, overlapping);
    for (const key of kept) staging.accept(key, index);
    if (kept.length === 0) continue;
    dates += 1;
    entries += date?.entries.length ?? 0;
    findings.push(...(date?.findings ?? []));
  }
  const all = keys.map(({ date }) => date).toSorted();
  return {
    name: file.name,
    kind: file.kind ?? '',
    digest,
    outcome: dates === 0 ? 'known' : 'imported',
    ledgers: [...new Set(keys.map(({ ledgerId }) => ledgerId))],
    from: all[0] ?? null,
    to: all.at(-1) ?? null,
    dates,
    entries,
  };
}

/** Whole dates, one after the other: after an interruption the next import goes on. */
async function store(
  archive: ArchiveStore,
  staging: Staging,
  ledgers: ReadonlyMap<string, ArchivedLedger>,
  files: readonly StagedFile[],
  { company, options }: Importing,
): Promise<void> {
  const { personalData = false, now } = options;
  await archive.rememberLedgers(ledgers.values());
  for (const key of staging.toStore()) {
    options.signal.throwIfAborted();
    const pages = staging.pages(key, key.file);
    const { ledgerId, date, topic } = key;
    await archive.store({ ledgerId, date, topic, closed: pages.at(-1)?.closed === true, pages });
  }
  if (personalData) keepPersonalData(company, staging.personal());
  for (const { digest, file, isKnown } of files) {
    if (isKnown) continue;
    const value = JSON.stringify({ name: basename(file.name), kind: file.kind, at: now.toISOString(), personalData });
    await archive.setCursor({ source: importedFile(digest), value });
  }
}

/** Under this an archive remembers a file by its digest. */
function importedFile(digest: string): string {
  return `bilag.import ${digest}`;
}

async function digestOf({ read }: FoundFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of read()) {
    signal.throwIfAborted();
    hash.update(bytes);
  }
  return hash.digest('hex');
}

/** What pages of the archive say of where they came from. A name that looks like a key is left out. */
function nameInArchive(path: string, digest: string, hasNamesake: boolean): string {
  // Two files of one name are told apart by their folders.
  const name = lastOf(path, hasNamesake ? 2 : 1);
  const isPlain =
    name.length <= 120 && !/[\p{Cc}]|authorization|bearer |subscription-key|secret|access_token/iu.test(name);
  return isPlain ? name : `file ${digest.slice(0, 12)}`;
}

/** The last parts of a path, and of one in an archive those of both. */
function lastOf(path: string, count: number): string {
  return path
    .split(' → ')
    .map((part) => part.split(/[/\\]/).slice(-count).join('/'))
    .join(' → ');
}

function withHandles(
  known: ArchivedLedger | undefined,
  { ledgerId: id, currency, handles }: FileReading,
): ArchivedLedger {
  return { id, currency: known?.currency ?? currency, handles: [...new Set([...(known?.handles ?? []), ...handles])] };
}

function rankOf({ kind = '' }: FoundFile, { kinds }: SourceImports<unknown>): number {
  return kinds.indexOf(kind);
}

function noImports({ source, id }: Company): BilagError {
  return new BilagError('unsupported', {
    what: `the source "${source.declaration.id}" imports no files`,
    where: `company ${id}`,
    action: 'choose a source that does, or name the files in the config where it reads them from there',
  });
}

function unknownFile({ name, seen }: FoundFile, { kinds, advice }: SourceImports<unknown>): BilagError {
  // Headings are of no help to whoever has a picture.
  const more = advice === undefined || !seen.startsWith('a table') ? '' : `; ${advice}`;
  return new BilagError('rejected', {
    what: `this is no file that can be imported: it is ${seen}`,
    where: name,
    action: `give one of these: ${kinds.join('; ')}${more}. Nothing was imported`,
  });
}

function nothingFound(paths: readonly string[]): BilagError {
  return new BilagError('not-found', {
    what: 'there are no files',
    where: paths.join(', '),
    action: 'look at the path',
  });
}
