import { BilagError, configObject, contractVersion, isPlainDate, quotedName, type Source } from '@bilag/core';
import { z } from 'zod';
import { checkedBy } from './checked-by.ts';
import { isDeclaration, loadDeclaration, type PackagePlace } from './load-package.ts';

/** Where the facts come from, as written in a config: a source's own fields stand beside these. */
export interface SourceInput {
  /** The id of a source that is known, the name of a package that declares one, or the declaration itself. */
  // oxlint-disable-next-line typescript/no-explicit-any -- sources of every config type stand side by side
  readonly kind: string | Source<any>;
  /** Of a source with an API or imports. Absent: every ledger that keys see or files tell of, whose owner is this company. */
  readonly ledgers?: readonly string[] | undefined;
  /**
   * Ledgers that have ended, with their last ledger date: `{ '302321': '2026-06-30' }`. A later date is not asked for and
   * not missed; what was booked stays.
   */
  readonly ended?: Readonly<Record<string, string>> | undefined;
  /** Of a source that reads files: paths, relative to the config's folder. */
  readonly files?: readonly string[] | undefined;
  /** The ledger that the files' rows are of; absent where they name it. */
  readonly ledger?: string | undefined;
  /** What the source asks for itself; it checks this. */
  readonly [own: string]: unknown;
}

/** A company's source, checked. */
export interface CompanySource {
  readonly declaration: Source;
  /** What the source itself asked for, as its schema gives it. */
  readonly config: unknown;
  readonly ledgers?: readonly string[] | undefined;
  readonly ended?: Readonly<Record<string, string>> | undefined;
  readonly files?: readonly string[] | undefined;
  readonly ledger?: string | undefined;
}

const ledgerId = z.string().regex(/^\S+$/, 'write the id of a ledger without blanks');

const ofArchive = {
  ledgers: z
    .array(ledgerId)
    .nonempty('name at least one ledger, or leave it out')
    .max(10_000, 'name at most 10,000 ledgers, or leave it out for all that are yours')
    .optional(),
  ended: z.record(ledgerId, z.string().refine(isPlainDate, 'write the last ledger date as YYYY-MM-DD')).optional(),
};

const ofFiles = {
  files: z.array(z.string().min(1)).nonempty('name at least one file').max(10_000, 'name at most 10,000 files'),
  ledger: ledgerId.optional(),
};

const ofBoth = configObject({ ...ofArchive, ...ofFiles, files: ofFiles.files.optional() });

/** Checks what a config says of its source: what every source has, and what this one asks for. */
export function checkSource(
  { kind, ...written }: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, Source>,
  whereOf: (path: readonly PropertyKey[]) => string,
): CompanySource {
  const declaration = typeof kind === 'string' ? known.get(kind) : kind;
  if (declaration === undefined) throw unknownSource(String(kind), known, whereOf(['kind']));
  const source = checkedSource(declaration, () => whereOf(['kind']));
  const hasArchive = source.api !== undefined || source.imports !== undefined;
  const common = !hasArchive ? configObject(ofFiles) : source.files === undefined ? configObject(ofArchive) : ofBoth;
  const beside = Object.keys(common.shape);
  const part = (isCommon: boolean): object =>
    Object.fromEntries(Object.entries(written).filter(([name]) => beside.includes(name) === isCommon));
  const of = `the source "${source.id}"`;
  const config = checkedBy(source.config, part(false), { of, whereOf, beside });
  const shared = checkedBy<z.infer<typeof ofBoth>>(common, part(true), { of, whereOf });
  return { ...shared, declaration: source, config };
}

/** The sources that a config may name, with the one it names by its package. */
export async function withNamedSource(
  kind: unknown,
  known: ReadonlyMap<string, Source>,
  place: PackagePlace,
  where: () => string,
): Promise<ReadonlyMap<string, Source>> {
  if (typeof kind !== 'string' || known.has(kind)) return known;
  const { declaration, specifier } = await loadDeclaration(kind, place, 'source').catch((error: unknown) => {
    // A word alone is more likely a source that is spelt otherwise than a package that is not installed.
    throw /[@/#:]/.test(kind) ? error : unknownSource(kind, known, where());
  });
  return new Map([...known, [kind, checkedSource(declaration, () => specifier)]]);
}

function checkedSource(value: unknown, where: () => string): Source {
  const problem = problemOf(value);
  if (problem === undefined) return value as Source;
  throw new BilagError('config', {
    what: problem,
    where: where(),
    action: `use a source made by defineSource() with contract ${contractVersion}`,
  });
}

function problemOf(value: unknown): string | undefined {
  if (!isDeclaration(value) || value.kind !== 'source') return 'this is not a source';
  const { contract, id, config, api, files, imports, profile } = value as Partial<Source>;
  if (contract !== contractVersion)
    return `the source "${id}" is made for contract ${String(contract)}, and this is ${contractVersion}`;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id))
    return 'the id of a source is short and lower-case, such as vipps';
  if (typeof config?.['~standard']?.validate !== 'function') return `the source "${id}" has no schema for its config`;
  if (typeof profile?.provider !== 'string' || typeof profile.series !== 'string')
    return `the source "${id}" does not say what the books call its provider`;
  if (api === undefined && files === undefined && imports === undefined)
    return `the source "${id}" reads neither an API nor files`;
  return undefined;
}

function unknownSource(kind: string, known: ReadonlyMap<string, Source>, where: string): BilagError {
  return new BilagError('config', {
    what: `there is no source ${quotedName(kind)}`,
    where,
    action: `choose ${[...known.keys()].join(' or ') || 'a source that the program gives'}, or name a package that declares a source and is installed`,
  });
}
