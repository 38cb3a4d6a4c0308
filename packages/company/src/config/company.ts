import { accountKey } from '@bilag/bank';
import {
  BilagError,
  configObject,
  configProblem,
  definePolicy,
  isBilagError,
  markets,
  type Adapter,
  type Market,
  type Policy,
  type PolicyInput,
  type Source,
  named,
} from '@bilag/core';
import type { Settlement } from '@bilag/engine';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { OwnPackages } from './import-from.ts';
import type { PackagePlace } from './load-package.ts';
import { fileStores, type CompanyStores } from '../stores.ts';
import type { OrderColumns } from '../orders/order-rows.ts';
import { checkSource, type CompanySource, type SourceInput, withNamedSource } from './source.ts';

/** A system or file to deliver to: an adapter, or the name of a package that exports one. */
export interface Target {
  // oxlint-disable-next-line typescript/no-explicit-any -- adapters of every config type stand side by side
  readonly adapter: Adapter<any> | string;
  /** What the adapter wants to know; it checks this itself. */
  readonly config: unknown;
}

/** A company as written in a config. */
export interface CompanyInput<From = SourceInput> {
  /** Short, for file names and the command line: letters, digits, hyphen, point. */
  readonly id: string;
  readonly name: string;
  /** Spaces, hyphens and a trailing `MVA` are taken away. */
  readonly organisationNumber: string;
  readonly country: Market;
  /** ISO 4217: the currency of its ledgers. */
  readonly currency: string;
  readonly source: From;
  readonly policy: PolicyInput;
  readonly targets?: Readonly<Record<string, Target>> | undefined;
  /** The folder of raw pages; default `archive/<id>` beside the config. One company each. */
  readonly archive?: string | undefined;
  /** The log of what was posted to a service; default `delivery/<id>.sqlite` beside the config. One company each. */
  readonly delivery?: string | undefined;
  /**
   * `files` (the default): the two above, for one machine. `database`: the database that all machines of an office share, which
   * is named where the command runs and not here.
   */
  readonly store?: 'files' | 'database' | undefined;
  /** Where `file:NAME` looks for keys. */
  readonly credentialFile?: CredentialFile | undefined;
  /** 1 to 12; default 1: the calendar year. */
  readonly fiscalYearStartMonth?: number | undefined;
  /**
   * The accounts that the payouts of a ledger come to, by their national number or IBAN; several where it changed:
   * `{ '302321': ['86011117947'] }`. Money on another account is for a person. Absent: any account.
   */
  readonly bankAccounts?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * Whether the provider's invoices of a ledger's fees are to be paid (`gross`), or state what was withheld from its payouts (`net`):
   * `{ '302321': 'gross' }`. What an invoice says of itself goes before it. Not asked where the ledger tells its invoices itself.
   */
  readonly feeSettlement?: Readonly<Record<string, Settlement>> | undefined;
  /** The columns of the files that `bilag match orders` reads. Default: `reference` and `amount`, and no column of what was paid back. */
  readonly orders?: Partial<OrderColumns> | undefined;
}

/** An encrypted file of keys, and the environment variable that opens it. */
export interface CredentialFile {
  /** Default `credentials.age` beside the config. */
  readonly path?: string | undefined;
  /** The name of the variable, not the passphrase; default `BILAG_PASSPHRASE`. */
  readonly opensWith?: string | undefined;
}

/** A company, checked and complete. */
export interface Company extends Omit<
  CompanyInput,
  | 'source'
  | 'policy'
  | 'targets'
  | 'archive'
  | 'delivery'
  | 'store'
  | 'credentialFile'
  | 'fiscalYearStartMonth'
  | 'bankAccounts'
  | 'feeSettlement'
  | 'orders'
> {
  readonly source: CompanySource;
  readonly policy: Policy;
  readonly targets: Readonly<Record<string, Target>>;
  /** Absolute. */
  readonly archive: string;
  /** Absolute. */
  readonly delivery: string;
  /** As it stands in the config, without comments. */
  readonly written: CompanyInput;
  /** Where its archive and its delivery log are kept. */
  readonly stores: CompanyStores;
  readonly credentialFile: {
    /** Absolute. */
    readonly path: string;
    readonly opensWith: string;
  };
  readonly fiscalYearStartMonth: number;
  /** By ledger; as the matching knows an account. */
  readonly bankAccounts: Readonly<Record<string, readonly string[]>>;
  readonly feeSettlement: Readonly<Record<string, Settlement>>;
  readonly orders: OrderColumns;
  /** The config's folder: relative paths and packages are looked up from here. */
  readonly folder: string;
  /** Where packages are found that are not installed there. */
  readonly packages?: OwnPackages | undefined;
  /** Where a field is written, for errors: the file, its line where that is known, the company and the path. */
  readonly whereOf?: (path: readonly PropertyKey[]) => string;
}

/** What a config exports: one company, or any iterable of them, or a function that gives either. */
export type Config<From = SourceInput> = Companies<From> | (() => Companies<From> | Promise<Companies<From>>);
export type Companies<From = SourceInput> =
  | CompanyInput<From>
  | Iterable<CompanyInput<From>>
  | AsyncIterable<CompanyInput<From>>;

/**
 * Types a config. Nothing is checked until a command reads it.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@bilag/company';
 *
 * const config = defineConfig({
 *   id: 'cafe',
 *   name: 'Kafé Eksempel AS',
 *   organisationNumber: '987654321',
 *   country: 'NO',
 *   currency: 'NOK',
 *   source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS' },
 *   policy: { versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] },
 *   targets: { journal: { adapter: '@bilag/journal', config: { dialect: 'hledger' } } },
 * });
 * typeof config; // => 'object'
 * ```
 */
export function defineConfig<Given extends Config>(config: Given): Given {
  return config;
}

const target = configObject({
  adapter: z.union([z.string().min(1), z.custom<Adapter>((value) => typeof value === 'object' && value !== null)], {
    error: 'give the name of an adapter package, or the imported adapter',
  }),
  config: z.unknown().optional(),
});

const bankAccount = z.string().transform((text, context) => {
  try {
    return accountKey(text);
  } catch (error) {
    context.addIssue(isBilagError(error) ? error.what : 'this is not a bank account');
    return z.NEVER;
  }
});

/** The title of a column, or a key of JSON. */
const column = z.string().min(1);

const companySchema = configObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,38}[A-Za-z0-9])?$/, 'use at most 40 letters, digits, hyphens and points'),
  name: z.string().trim().min(1),
  organisationNumber: z
    .string()
    .transform((text) => text.replaceAll(/[\s-]|MVA$/gi, ''))
    .refine((digits) => /^\d{6,12}$/.test(digits), 'write the digits of the organisation number'),
  country: z.enum(markets),
  currency: z.string().regex(/^[A-Z]{3}$/, 'write the three capital letters of ISO 4217, such as NOK'),
  source: z.looseObject({
    kind: z.union([z.string().min(1), z.custom<Source>((value) => typeof value === 'object' && value !== null)], {
      error: 'give the id of a source, the name of a package, or the imported source',
    }),
  }),
  policy: z.looseObject({}),
  targets: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/, 'name a target by letters, digits, hyphens and points'),
      target,
    )
    .default({}),
  archive: z.string().min(1).optional(),
  delivery: z.string().min(1).optional(),
  store: z.enum(['files', 'database']).default('files'),
  credentialFile: configObject({
    path: z.string().min(1).default('credentials.age'),
    opensWith: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'name the environment variable that holds the passphrase')
      .default('BILAG_PASSPHRASE'),
  }).prefault({}),
  fiscalYearStartMonth: z.int().min(1).max(12).default(1),
  bankAccounts: z.record(z.string().min(1), z.array(bankAccount).min(1)).default({}),
  feeSettlement: z.record(z.string().min(1), z.enum(['gross', 'net'])).default({}),
  orders: configObject({
    reference: column.default('reference'),
    amount: column.default('amount'),
    refunded: column.optional(),
    inMinorUnits: z.boolean().default(false),
  }).prefault({}),
});

/** Where a company is written. */
export interface CompanyPlace extends PackagePlace {
  readonly file: string;
  /** The sources that `source.kind` may name by their ids. */
  readonly sources?: readonly Source[] | undefined;
  /** What companies share that are kept in a database. */
  readonly database?: CompanyStores | undefined;
  /** The line of a field, where the file has been read as text. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** Checks one company of a config; the error names the company and the path, never a value that may be secret. */
export function checkCompany(value: unknown, place: CompanyPlace): Company {
  return checkWith(value, place, knownSources(place));
}

/** The same, for a company whose source may be named by its package, which is loaded. */
export async function loadCompany(value: unknown, place: CompanyPlace): Promise<Company> {
  const kind = fieldOf(fieldOf(value, 'source'), 'kind');
  // A line is looked for from the beginning of the file: only where something is wrong there.
  const where = (): string => [place.file, place.lineOf?.(['source', 'kind'])].filter(Boolean).join(':');
  return checkWith(value, place, await withNamedSource(kind, knownSources(place), place, where));
}

function knownSources({ sources = [] }: CompanyPlace): ReadonlyMap<string, Source> {
  return new Map(sources.map((source) => [source.id, source]));
}

function checkWith(value: unknown, place: CompanyPlace, sources: ReadonlyMap<string, Source>): Company {
  const written = withoutComments(value);
  const id = idOf(written);
  const where = (path: readonly PropertyKey[]): string =>
    [
      [place.file, place.lineOf?.(path)].filter(Boolean).join(':'),
      ...(id === undefined ? [] : [`company ${id}`]),
      path.map(String).join('.'),
    ]
      .filter(Boolean)
      .join(', ');
  refuseSecrets(written, where);
  const parsed = companySchema.safeParse(written, { error: configProblem });
  if (!parsed.success) {
    const { issues } = parsed.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
    throw configError(issue?.message ?? 'this is not a company', where(path));
  }
  const { id: known } = parsed.data;
  const {
    archive = join('archive', known),
    delivery = join('delivery', `${known}.sqlite`),
    store,
    ...company
  } = parsed.data;
  const stores = store === 'files' ? fileStores : place.database;
  if (stores === undefined) throw noDatabase(where(['store']));
  return {
    ...company,
    source: checkSource(company.source, sources, (path) => where(['source', ...path])),
    targets: company.targets as Record<string, Target>,
    policy: policyOf(parsed.data.policy, where),
    archive: resolve(place.folder, archive),
    delivery: resolve(place.folder, delivery),
    written: written as CompanyInput,
    stores,
    credentialFile: { ...company.credentialFile, path: resolve(place.folder, company.credentialFile.path) },
    folder: place.folder,
    packages: place.packages,
    whereOf: where,
  };
}

function policyOf(input: unknown, where: (path: readonly string[]) => string): Policy {
  try {
    return definePolicy(input as PolicyInput);
  } catch (error) {
    if (!isBilagError(error)) throw error;
    throw new BilagError(
      error.kind,
      { what: error.what, where: where(error.where.split('.')), action: error.action },
      { cause: error },
    );
  }
}

/** A key in a config would be in every copy, backup and commit of it. */
function refuseSecrets(value: unknown, where: (path: readonly string[]) => string): void {
  const source = fieldOf(value, 'source');
  for (const holder of [value, source, fieldOf(source, 'credentials')]) {
    if (typeof holder !== 'object' || holder === null) continue;
    const secret = Object.keys(holder).find((key) =>
      /secret|subscriptionKey|clientId|password|token|apiKey/i.test(key),
    );
    if (secret === undefined) continue;
    throw new BilagError('config', {
      what: `the config holds a key itself ("${secret}"); a config refers to keys, it never contains them`,
      where: where(['source', 'credentials']),
      action:
        "write credentials: 'env:VIPPS', set VIPPS_CLIENT_ID and its siblings in the environment, and replace the key: it may have been seen",
    });
  }
}

function idOf(value: unknown): string | undefined {
  const id = fieldOf(value, 'id');
  return typeof id === 'string' && /^[\w.-]{1,40}$/.test(id) ? id : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? named(value as Record<string, unknown>, name) : undefined;
}

/** JSON has no comments: keys that begin with `//` are. Adapters and other objects with a class or methods stay as they are. */
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  if ('contract' in value) return value;
  const kept = Object.entries(value).filter(([key]) => !key.startsWith('//'));
  return Object.fromEntries(kept.map(([key, held]) => [key, withoutComments(held)]));
}

function noDatabase(where: string): BilagError {
  return new BilagError('config', {
    what: 'the company is kept in a database, and none is named here',
    where,
    action: 'set BILAG_DATABASE to its connection string; on one machine leave "store" out',
  });
}

function configError(what: string, where: string): BilagError {
  return new BilagError('config', { what, where, action: 'mend the config; nothing was done' });
}
