import { lawsOf, type LawResult } from '@bilag/conformance';
import type { LawToProve } from '../../../src/conformance-report.ts';
import { expect, test } from 'vitest';
import { describeOwnLaws, isMutationRun } from '../../tried-laws.ts';
import type { ServiceSaboteur } from './saboteur.ts';

/** One test for each mistake: its laws are broken, and every other law is kept. */
export function describeSaboteurs(saboteurs: readonly ServiceSaboteur[]): void {
  if (isMutationRun) return describeOwnLaws(saboteurs);
  for (const { breaks, also, mistake, subject } of saboteurs) {
    test(`${breaks}: ${mistake}`, async () => {
      const broken = (await proveFast(lawsOf(subject))).filter(({ outcome }) => outcome === 'broken');
      const ids = broken.map(({ law }) => law).sort();
      const wanted = [...new Set([breaks, ...(also === 'many' ? ids : also)])];
      const others = broken.filter(({ law }) => !wanted.includes(law));
      expect(others.map(({ law, why }) => `${law}: ${why ?? ''}`)).toEqual([]);
      expect(ids).toEqual(wanted.sort());
    });
  }
}

/**
 * Some laws wait for replies that never come; the others are proved meanwhile. The law of dates comes last and alone: it
 * changes the time zone of the process.
 */
async function proveFast(laws: readonly LawToProve[]): Promise<LawResult[]> {
  const isWaiting = ({ id }: LawToProve): boolean => waiting.has(id);
  const [early, others] = await Promise.all([
    Promise.all(laws.filter(isWaiting).map((law) => law.prove())),
    proveInTurn(laws.filter((law) => !isWaiting(law) && law.id !== 'date')),
  ]);
  return [...early, ...others, ...(await proveInTurn(laws.filter(({ id }) => id === 'date')))];
}

async function proveInTurn(laws: readonly LawToProve[]): Promise<LawResult[]> {
  const results: LawResult[] = [];
  for (const law of laws) results.push(await law.prove());
  return results;
}

const waiting: ReadonlySet<string> = new Set(['lost-reply', 'lost-request', 'attempted-once']);
