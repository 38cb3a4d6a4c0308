import { lawsOf, type LawResult, type LawToProve } from '@bilag/conformance';
import { beforeAll, expect, test } from 'vitest';
import type { ServiceSaboteur } from './saboteur.ts';

/** One test for each mistake: its laws are broken, and every other law is kept. */
export function describeSaboteurs(saboteurs: readonly ServiceSaboteur[]): void {
  const results = new Map<ServiceSaboteur, LawResult[]>();
  beforeAll(() => proveAllOf(saboteurs, results), 300_000);

  for (const saboteur of saboteurs) {
    const { breaks, also, mistake } = saboteur;
    test(`${breaks}: ${mistake}`, () => {
      const wanted = [breaks, ...also];
      const broken = (results.get(saboteur) ?? []).filter(({ outcome }) => outcome === 'broken');
      const others = broken.filter(({ law }) => !wanted.includes(law));
      expect(others.map(({ law, why }) => `${law}: ${why ?? ''}`)).toEqual([]);
      expect(broken.map(({ law }) => law).sort()).toEqual(wanted.sort());
    });
  }
}

/**
 * Some laws wait for replies that never come, so two adapters are proved at a time. The law of dates comes last and alone:
 * it changes the time zone of the process.
 */
async function proveAllOf(
  saboteurs: readonly ServiceSaboteur[],
  results: Map<ServiceSaboteur, LawResult[]>,
): Promise<void> {
  const queue = [...saboteurs];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const laws = lawsOf(next.subject).filter(({ id }) => id !== 'date');
      const [early, others] = await Promise.all([
        Promise.all(laws.filter(isWaiting).map((law) => law.prove())),
        proveInTurn(laws.filter((law) => !isWaiting(law))),
      ]);
      results.set(next, [...early, ...others]);
    }
  };
  await Promise.all([lane(), lane()]);
  for (const saboteur of saboteurs) {
    const dates = lawsOf(saboteur.subject).filter(({ id }) => id === 'date');
    results.get(saboteur)?.push(...(await proveInTurn(dates)));
  }
}

async function proveInTurn(laws: readonly LawToProve[]): Promise<LawResult[]> {
  const results: LawResult[] = [];
  for (const law of laws) results.push(await law.prove());
  return results;
}

function isWaiting({ id }: LawToProve): boolean {
  return id === 'lost-reply' || id === 'lost-request' || id === 'attempted-once';
}
