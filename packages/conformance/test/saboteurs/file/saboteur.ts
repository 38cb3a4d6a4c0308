import type { VatView } from '@bilag/core';
import type { FileSubject } from '../../../src/index.ts';
import { sampleFileSubject } from '../../sample/sample-file-subject.ts';
import type { SampleConfig, SampleParts } from '../../sample/sample-file.ts';

/** An adapter with one mistake that somebody has made, and the law that catches it. */
export interface FileSaboteur {
  readonly breaks: string;
  /** Laws that the same mistake cannot but break too. */
  readonly also?: readonly string[];
  /** In words. */
  readonly mistake: string;
  readonly subject: FileSubject<SampleConfig>;
}

/** The sample with one part made wrong. */
export function saboteur(
  breaks: string,
  mistake: string,
  changes: Partial<SampleParts>,
  options: { readonly view?: VatView; readonly also?: readonly string[]; readonly module?: URL } = {},
): FileSaboteur {
  const { view = 'explicit', also = [], module } = options;
  return { breaks, also, mistake, subject: sampleFileSubject(view, changes, module) };
}
