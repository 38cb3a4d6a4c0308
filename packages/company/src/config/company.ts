import {
  BilagError,
  configObject,
  definePolicy,
  isBilagError,
  isPlainDate,
  markets,
  type Adapter,
  type Market,
  type Policy,
  type PolicyInput,
  named,
} from '@bilag/core';
import { isSafeAddress, unsafeAddress } from '@bilag/http';
import type { V1Format } from '@bilag/vipps';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { OwnPackages } from './import-from.ts';

/** The Report API, read with a merchant's own keys or an accounting partner's. */
export interface VippsSource {
  readonly kind: 'vipps';
  readonly keys: 'merchant' | 'accounting-partner';
  /**
   * Where the keys are, never the keys themselves: `env:VIPPS` reads `VIPPS_CLIENT_ID` and its siblings, `file:VIPPS` the
   * encrypted file.
   */
  readonly credentials: string;
  /** Default `v2`. Version 1 was closed in May 2024; how its amounts are to be read must be stated. */
  readonly api?: 'v2' | { readonly v1: V1Format } | undefined;
  /** In place of `https://api.vipps.no`: the simulator. Default: `VIPPS_BASE_URL` beside the keys, if it is there. */
  readonly baseUrl?: string | undefined;
  /** Whether to read the fees account too. Default true; without it `fees-retained` is the cost. */
  readonly fees?: boolean | undefined;
  /** Absent: every ledger the keys can see whose owner is this company. */
  readonly ledgers?: readonly string[] | undefined;
  /**
   * Ledgers that have ended, with their last ledger date: `{ '302321': '2026-06-30' }`. A later date is not asked for and
   * not missed; what was booked stays.
   */
  readonly ended?: Readonly<Record<string, string>> | undefined;
}

/** Replies of version 1 that were archived as JSON files. */
export interface V1FilesSource extends V1Format {
  readonly kind: 'v1-files';
  /** Paths, relative to the config's folder. */
  readonly files: readonly string[];
  /** The ledger that was asked for; absent where the rows are of several. */
  readonly ledger?: string | undefined;
}

export type Source = VippsSource | V1FilesSource;

/** A system or file to deliver to: an adapter, or the name of a package that exports one. */
export interface Target {
  // oxlint-disable-next-line typescript/no-explicit-any -- adapters of every config type stand side by side
  readonly adapter: Adapter<any> | string;
  /** What the adapter wants to know; it checks this itself. */
  readonly config: unknown;
}

/** A company as written in a config. */
export interface CompanyInput {
  /** Short, for file names and the command line: letters, digits, hyphen, point. */
  readonly id: string;
  readonly name: string;
  /** Spaces, hyphens and a trailing `MVA` are taken away. */
  readonly organisationNumber: string;
  readonly country: Market;
  /** ISO 4217: the currency of its ledgers. */
  readonly currency: string;
  readonly source: Source;
  readonly policy: PolicyInput;
  readonly targets?: Readonly<Record<string, Target>> | undefined;
  /** The folder of raw pages; default `archive/<id>` beside the config. One company each. */
  readonly archive?: string | undefined;
  /** The log of what was posted to a service; default `delivery/<id>.sqlite` beside the config. One company each. */
  readonly delivery?: string | undefined;
  /** Where `file:NAME` looks for keys. */
  readonly credentialFile?: CredentialFile | undefined;
  /** 1 to 12; default 1: the calendar year. */
  readonly fiscalYearStartMonth?: number | undefined;
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
  'policy' | 'targets' | 'archive' | 'delivery' | 'credentialFile' | 'fiscalYearStartMonth'
> {
  readonly policy: Policy;
  readonly targets: Readonly<Record<string, Target>>;
  /** Absolute. */
  readonly archive: string;
  /** Absolute. */
  readonly delivery: string;
  readonly credentialFile: {
    /** Absolute. */
    readonly path: string;
    readonly opensWith: string;
  };
  readonly fiscalYearStartMonth: number;
  /** The config's folder: relative paths and packages are looked up from here. */
  readonly folder: string;
  /** Where packages are found that are not installed there. */
  readonly packages?: OwnPackages | undefined;
  /** Where a field is written, for errors: the file, its line where that is known, the company and the path. */
  readonly whereOf?: (path: readonly PropertyKey[]) => string;
}

/** What a config exports: one company, or any iterable of them, or a function that gives either. */
export type Config = Companies | (() => Companies | Promise<Companies>);
export type Companies = CompanyInput | Iterable<CompanyInput> | AsyncIterable<CompanyInput>;

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

const v1Format = { settlement: z.enum(['net', 'gross']), amounts: z.enum(['major-decimals', 'minor-integers']) };

const credentials = z
  .string({ error: 'refer to the keys, such as env:VIPPS; keys themselves never stand in a config' })
  .regex(
    /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[\w.-]+)$/,
    'refer to the keys, such as env:VIPPS; keys themselves never stand in a config',
  );

const baseUrl = z.string().refine(isSafeAddress, unsafeAddress);

const ledgerId = z.string().regex(/^\S+$/, 'write the id of a ledger without blanks');

const vippsSource = configObject({
  kind: z.literal('vipps'),
  keys: z.enum(['merchant', 'accounting-partner']),
  credentials,
  api: z.union([z.literal('v2'), configObject({ v1: configObject(v1Format) })]).optional(),
  baseUrl: baseUrl.optional(),
  fees: z.boolean().optional(),
  ledgers: z
    .array(ledgerId)
    .nonempty('name at least one ledger, or leave it out')
    .max(10_000, 'name at most 10,000 ledgers, or leave it out for all that are yours')
    .optional(),
  ended: z.record(ledgerId, z.string().refine(isPlainDate, 'write the last ledger date as YYYY-MM-DD')).optional(),
});

const v1FilesSource = configObject({
  kind: z.literal('v1-files'),
  files: z.array(z.string().min(1)).nonempty('name at least one file').max(10_000, 'name at most 10,000 files'),
  ledger: ledgerId.optional(),
  ...v1Format,
});

const target = configObject({
  adapter: z.union([z.string().min(1), z.custom<Adapter>((value) => typeof value === 'object' && value !== null)], {
    error: 'give the name of an adapter package, or the imported adapter',
  }),
  config: z.unknown().optional(),
});

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
  source: z.discriminatedUnion('kind', [vippsSource, v1FilesSource]),
  policy: z.looseObject({}),
  targets: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/, 'name a target by letters, digits, hyphens and points'),
      target,
    )
    .default({}),
  archive: z.string().min(1).optional(),
  delivery: z.string().min(1).optional(),
  credentialFile: configObject({
    path: z.string().min(1).default('credentials.age'),
    opensWith: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'name the environment variable that holds the passphrase')
      .default('BILAG_PASSPHRASE'),
  }).prefault({}),
  fiscalYearStartMonth: z.int().min(1).max(12).default(1),
});

/** Where a company is written. */
export interface CompanyPlace {
  readonly file: string;
  readonly folder: string;
  readonly packages?: OwnPackages | undefined;
  /** The line of a field, where the file has been read as text. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** Checks one company of a config; the error names the company and the path, never a value that may be secret. */
export function checkCompany(value: unknown, place: CompanyPlace): Company {
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
  const parsed = companySchema.safeParse(written);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
    throw configError(issue?.message ?? 'this is not a company', where(path));
  }
  const { id: known } = parsed.data;
  const { archive = join('archive', known), delivery = join('delivery', `${known}.sqlite`), ...company } = parsed.data;
  return {
    ...company,
    targets: company.targets as Record<string, Target>,
    policy: policyOf(parsed.data.policy, where),
    archive: resolve(place.folder, archive),
    delivery: resolve(place.folder, delivery),
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
      { what: error.what, where: where(error.where.split('.')), now: error.now },
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
      now: "write credentials: 'env:VIPPS', set VIPPS_CLIENT_ID and its siblings in the environment, and replace the key: it may have been seen",
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

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  const hostname = URL.parse(address)?.hostname ?? '';
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function configError(what: string, where: string): BilagError {
  return new BilagError('config', { what, where, now: 'mend the config; nothing was done' });
}
