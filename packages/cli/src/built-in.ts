import type { OwnPackages } from '@bilag/company';

/** Beside the command line stand the adapters that come with it. */
export const packages: OwnPackages = { url: import.meta.url, import: async (name) => import(name) };

/** The adapter packages for files that come with the command line: what only looks at files loads no other. */
export const builtInFilePackages: readonly string[] = [
  '@bilag/saf-t',
  '@bilag/journal',
  '@bilag/csv',
  '@bilag/sie',
  '@bilag/gbat10',
];

/** The adapter packages that come with the command line. They are loaded as anybody's are. */
export const builtInPackages: readonly string[] = [
  ...builtInFilePackages,
  '@bilag/tripletex',
  '@bilag/fiken',
  '@bilag/poweroffice',
  '@bilag/economic',
  '@bilag/fortnox',
  '@bilag/unimicro',
  '@bilag/eaccounting',
  '@bilag/business-central',
  '@bilag/xero',
];
