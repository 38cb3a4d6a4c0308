import { describe, test } from 'vitest';
import { lawsOf, type AnySubject } from './conformance-report.ts';
import { subjectName, verdict } from './binding.ts';

/**
 * One vitest test for each law of an adapter or a source. A law that a declaration excuses is shown as skipped, with the declaration.
 *
 * Use in a test file: `describeLaws(subject)`.
 */
export function describeLaws<Config>(...subjects: readonly AnySubject<Config>[]): void {
  for (const subject of subjects) {
    describe(`${subjectName(subject)} keeps the laws`, () => {
      for (const law of lawsOf(subject)) {
        // The verdict throws for a broken law.
        // oxlint-disable-next-line vitest/expect-expect
        test(`${law.id}: ${law.sentence}`, async ({ skip }) => {
          const excused = verdict(await law.prove());
          if (excused !== undefined) skip(excused);
        });
      }
    });
  }
}
