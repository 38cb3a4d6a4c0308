import { defineConfig, type CompanyInput } from '@bilag/cli';
import { jsonLines } from './src/json-lines.ts';

/** An adapter of one's own is imported, and handed to `bilag` as it is. */
const config: CompanyInput = defineConfig({
  id: 'kaffe',
  name: 'Eksempel Kaffe AS',
  organisationNumber: '987654321',
  country: 'NO',
  currency: 'NOK',
  source: { kind: 'v1-files', files: ['data/october-2026.json'], settlement: 'net', amounts: 'major-decimals' },
  policy: { versions: [{ from: '2026-10-01', market: 'NO', sales: { sale: '25' } }] },
  targets: { 'json-lines': { adapter: jsonLines, config: { texts: false } } },
});

export default config;
