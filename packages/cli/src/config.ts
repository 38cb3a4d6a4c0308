import * as company from '@bilag/company';
import { type V1Format, v1Files, vipps, type VippsConfig } from '@bilag/vipps';
import type * as core from '@bilag/core';
import { storesIn } from './database.ts';
import type { World } from './world.ts';
import { packages } from './built-in.ts';

/** The Report API, read with a merchant's own keys or an accounting partner's. */
export type VippsSource = VippsConfig & Pick<company.SourceInput, 'ledgers' | 'ended'> & { readonly kind: 'vipps' };

/** Replies of version 1 that were archived as JSON files. */
export type V1FilesSource = V1Format &
  Pick<company.SourceInput, 'ledger'> & { readonly kind: 'v1-files'; readonly files: readonly string[] };

/** A source of anybody's: the name of its package, or the imported declaration. */
// oxlint-disable-next-line typescript/no-explicit-any -- sources of every config type stand side by side
export type OtherSource = company.SourceInput & { readonly kind: `@${string}` | core.Source<any> };

export type Source = VippsSource | V1FilesSource | OtherSource;
export type CompanyInput = company.CompanyInput<Source>;
export type Companies = company.Companies<Source>;
export type Config = company.Config<Source>;

/**
 * Types a config. Nothing is checked until a command reads it.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@bilag/cli';
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

/** The sources that come with the command line: a config names them by their ids. */
export const sources: readonly core.Source[] = [vipps, v1Files];

/**
 * Reads a config: TypeScript or JavaScript with a default export, or JSON. Throws `config` when it is not there, cannot be
 * loaded, or is not a config; `companies()` throws `config` at the company that is wrong.
 */
export async function loadConfig(options: {
  readonly cwd: string;
  readonly file?: string | undefined;
  /** Where the database of an office is named. */
  readonly env?: World['env'] | undefined;
}): Promise<company.LoadedConfig> {
  const { env = {}, ...place } = options;
  return company.loadConfig({ ...place, packages, sources, database: storesIn(env) });
}

/** Checks one company of a config; the error names the company and the path, never a value that may be secret. */
export function checkCompany(value: unknown, place: Parameters<typeof company.checkCompany>[1]): company.Company {
  return company.checkCompany(value, { packages, sources, ...place });
}
