import type { ServiceSubject } from '@bilag/conformance';
import { acmeBooks, type AcmeBooksConfig } from '../src/index.ts';
import { startFakeAcmeBooks } from './fake-acme-books.ts';

/** The adapter and its fake target, as the laws try them. */
export const subject: ServiceSubject<AcmeBooksConfig> = {
  adapter: acmeBooks,
  module: new URL('../src/index.ts', import.meta.url),
  chart: { dimension: { type: 'department', value: '10' } },
  open: startFakeAcmeBooks,
};
