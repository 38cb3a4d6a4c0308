import * as company from '@bilag/company';

/** Beside the command line stand the adapters that come with it. */
export const packages: company.OwnPackages = { url: import.meta.url, import: async (name) => import(name) };

/**
 * Reads a config: TypeScript or JavaScript with a default export, or JSON. Throws `config` when it is not there, cannot be
 * loaded, or is not a config; `companies()` throws `config` at the company that is wrong.
 */
export async function loadConfig(options: {
  readonly cwd: string;
  readonly file?: string | undefined;
}): Promise<company.LoadedConfig> {
  return company.loadConfig({ ...options, packages });
}

/** Checks one company of a config; the error names the company and the path, never a value that may be secret. */
export function checkCompany(value: unknown, place: company.CompanyPlace): company.Company {
  return company.checkCompany(value, { ...place, packages });
}
