import type { VatView } from '@bilag/core';
import type { FileSubject } from '../../src/index.ts';
import { readSampleFile } from './read-sample-file.ts';
import { sampleFile, type SampleConfig, type SampleParts } from './sample-file.ts';

/** The sample as a subject of the laws, with what a saboteur changes about it. */
export function sampleFileSubject(
  vat: VatView,
  changes: Partial<SampleParts> = {},
  module: URL = new URL('sample-file.ts', import.meta.url),
): FileSubject<SampleConfig> {
  return {
    adapter: sampleFile(vat, changes),
    module,
    variant: vat,
    config: {},
    chart: { dimension: { type: 'department', value: '10' } },
    read: readSampleFile,
  };
}
