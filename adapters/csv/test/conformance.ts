import type { FileSubject } from '@bilag/conformance';
import { csv } from '../src/index.ts';
import { readCsv, type CsvForm } from './read-csv.ts';

/** The adapter and an independent reader of its files, as the laws try them. */
export const subjects: readonly FileSubject[] = [
  subjectOf('Nordic Excel', {}, {}),
  subjectOf(
    'an importer',
    { separator: ',', decimalSign: '.', dateFormat: 'dd.mm.yyyy', encoding: 'utf-8', neutraliseFormulas: false },
    { separator: ',', decimalSign: '.' },
  ),
  subjectOf(
    'Windows-1252, a file a month',
    { separator: 'tab', encoding: 'windows-1252', split: 'month' },
    { separator: '\t', encoding: 'windows-1252' },
  ),
];

function subjectOf(variant: string, config: object, form: CsvForm): FileSubject {
  return {
    adapter: csv as FileSubject['adapter'],
    module: new URL('../src/index.ts', import.meta.url),
    variant,
    config,
    chart: { dimension: { type: 'department', value: '10' } },
    read: readCsv(form),
  };
}
