import type { FileSubject, KitChart } from '@bilag/conformance';
import { sie } from '../src/index.ts';
import { readSie } from './read-sie.ts';

/** BAS, as core proposes it for Sweden. */
export const basChart: Partial<KitChart> = {
  currency: 'SEK',
  bank: '1930',
  clearing: '1686',
  fee: '6570',
  sales: [
    { account: '3001', vatCode: 'MP1', rateBasisPoints: 2500, vatAccount: '2611' },
    { account: '3002', vatCode: 'MP2', rateBasisPoints: 1200, vatAccount: '2621' },
    { account: '3003', vatCode: 'MP3', rateBasisPoints: 600, vatAccount: '2631' },
  ],
  reverseCharge: {
    account: '4535',
    vatCode: 'E1',
    rateBasisPoints: 2500,
    vatAccount: '2614',
    deductionAccount: '2645',
  },
  dimension: { type: 'department', value: '10' },
};

const importFile = {
  adapter: sie as FileSubject['adapter'],
  module: new URL('../src/index.ts', import.meta.url),
  config: { series: 'V', fiscalYearStartMonth: 5 },
  company: { name: 'Kaffebaren Exempel AB', organisationNumber: '5560160680', country: 'SE' },
  chart: basChart,
  // Code page 437 has no ø; a Swede writes ö.
  substitutes: { ø: 'ö', Ø: 'Ö' },
  read: readSie({ 1: 'department' }),
} satisfies FileSubject;

/** The adapter and an independent reader of its files, as the laws try them. */
export const subjects: readonly FileSubject[] = [
  importFile,
  { ...importFile, variant: '4E', config: { ...importFile.config, type: '4E', fiscalYearStartMonth: 1 } },
];
