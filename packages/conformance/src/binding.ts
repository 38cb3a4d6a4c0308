import type { AnySubject } from './conformance-report.ts';
import { LawBroken, type LawResult } from './law.ts';

/** What a test runner shows of a subject. */
export function subjectName<Config>(subject: AnySubject<Config>): string {
  const variant = 'variant' in subject && subject.variant !== undefined ? ` (${subject.variant})` : '';
  const { title } = 'source' in subject ? subject.source : subject.adapter;
  return `${title}${'samples' in subject ? ', files,' : ''}${variant}`;
}

/** Throws for a broken law; the declaration that excuses, for an excused one. */
export function verdict(result: LawResult): string | undefined {
  if (result.outcome === 'broken') throw new LawBroken(result.why ?? 'the law is broken');
  return result.outcome === 'excused' ? result.why : undefined;
}
