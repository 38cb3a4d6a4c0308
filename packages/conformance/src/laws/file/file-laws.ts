import type { FileLaw } from '../../files/file-law.ts';
import type { FileSubject } from '../../files/file-subject.ts';
import { FileWorld } from '../../files/file-world.ts';
import { everyFileLaw } from './every-law.ts';
import type { LawResult } from '../../law.ts';
import { proveLaw } from '../../run-laws.ts';

/** Every law a file adapter keeps. */
export const fileLaws: readonly FileLaw[] = everyFileLaw;

/** Proves one law of a file adapter. */
export function proveFileLaw<Config>(law: FileLaw, subject: FileSubject<Config>): Promise<LawResult> {
  const erased = subject as unknown as FileSubject;
  return proveLaw(law, erased.adapter, async () => new FileWorld(erased));
}
