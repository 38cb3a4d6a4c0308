import type { Source } from '@bilag/core';
import { v1Files, vipps } from '@bilag/vipps';

/** The sources that come with the command line: a config names them by their ids. */
export const builtInSources: readonly Source[] = [vipps, v1Files];

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
