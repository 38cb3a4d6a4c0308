import type { FileSubject } from '@bilag/conformance';
import { gbat10 } from '../src/index.ts';
import { readGbat10 } from './read-gbat10.ts';

/** The adapter and an independent reader of its files, as the laws try them. */
export const subjects: readonly FileSubject[] = [
  subjectOf('Windows-1252', {}, 'windows-1252'),
  subjectOf('UTF-8 with departments', { encoding: 'utf-8', department: 'department' }, 'utf-8'),
];

function subjectOf(variant: string, config: object, encoding: string): FileSubject {
  return {
    adapter: gbat10 as FileSubject['adapter'],
    module: new URL('../src/index.ts', import.meta.url),
    variant,
    config,
    chart: { dimension: { type: 'department', value: '10' } },
    read: readGbat10(encoding),
  };
}
