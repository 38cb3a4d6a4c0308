import { lawsOf, type Subject } from '@bilag/conformance';
import type { LawToProve } from '../src/conformance-report.ts';
import { expect, test } from 'vitest';

/**
 * Mutation testing repeats the proofs of a law for each change to it, and asks only whether its own saboteurs still break
 * it: the other laws would be tried for nothing.
 */
export const isMutationRun: boolean = process.env['BILAG_PROPERTY_RUNS'] !== undefined;

/** The laws a saboteur is held against: every one, so that it is seen to break no other, or in mutation testing its own. */
export function triedLaws(subject: Subject, broken: readonly string[]): readonly LawToProve[] {
  const laws = lawsOf(subject);
  // Memory cannot be measured while every statement is counted.
  return isMutationRun ? laws.filter(({ id }) => broken.includes(id) && id !== 'streaming') : laws;
}

/** One test for each mistake: it breaks the laws it is made for. */
export function describeOwnLaws(
  saboteurs: readonly {
    readonly breaks: string;
    readonly mistake: string;
    readonly also: readonly string[] | 'many';
    readonly subject: Subject;
  }[],
): void {
  for (const { breaks, mistake, also, subject } of saboteurs) {
    test(`${breaks}: ${mistake}`, async () => {
      const own = [breaks, ...(also === 'many' ? [] : also)];
      const laws = lawsOf(subject).filter(({ id }) => own.includes(id));
      expect(laws).toHaveLength(own.length);
      for (const law of laws) expect((await law.prove()).outcome).toBe('broken');
    });
  }
}
