import type { FileSubject } from '../../src/index.ts';
import { sampleFileSubject } from '../sample/sample-file-subject.ts';
import type { SampleConfig } from '../sample/sample-file.ts';

/** Keeps every law it is not excused from: it has no check. */
export const sound: FileSubject<SampleConfig> = sampleFileSubject('explicit', { check: undefined });

/** Breaks one law: it forgets that texts have tabs in them. */
export const faulty: FileSubject<SampleConfig> = sampleFileSubject('explicit', {
  check: undefined,
  text: (text) => text,
});
