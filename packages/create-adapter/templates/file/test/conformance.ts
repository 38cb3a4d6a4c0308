import type { FileSubject } from '@bilag/conformance';
import { acmeFile, type AcmeFileConfig } from '../src/index.ts';
import { readAcmeFile } from './read-acme-file.ts';

/** The adapter and an independent reader of its files, as the laws try them. */
export const subject: FileSubject<AcmeFileConfig> = {
  adapter: acmeFile,
  module: new URL('../src/index.ts', import.meta.url),
  config: {},
  chart: { dimension: { type: 'department', value: '10' } },
  read: readAcmeFile,
};
