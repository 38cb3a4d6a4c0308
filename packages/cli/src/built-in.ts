import type { Source } from '@bilag/core';
import { v1Files, vipps } from '@bilag/vipps';

/** The sources that come with the command line: a config names them by their ids. */
export const builtInSources: readonly Source[] = [vipps, v1Files];

/** The adapter packages that come with the command line. They are loaded as anybody's are. */
export const builtInPackages: readonly string[] = [
  '@bilag/saf-t',
  '@bilag/journal',
  '@bilag/csv',
  '@bilag/sie',
  '@bilag/gbat10',
  '@bilag/tripletex',
  '@bilag/fiken',
  '@bilag/poweroffice',
  '@bilag/economic',
  '@bilag/fortnox',
];
