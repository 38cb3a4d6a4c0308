import { BilagError } from '@bilag/core';
import { bookCase } from './oracle-books.ts';
import { oracleFile, readCase, variants, type OracleCase, type Variant } from './oracle-case.ts';
import { differences } from './oracle-comparison.ts';

/** What came of one case in one variant. */
export interface OracleResult {
  readonly id: string;
  readonly variant: Variant | 'vocabulary';
  /** Empty when the books are as expected. */
  readonly differences: readonly string[];
}

/** Runs every case and variant of a file's text. A case with words outside the vocabulary fails and says which. */
export async function runOracle(text: string, name: string): Promise<OracleResult[]> {
  const results: OracleResult[] = [];
  for (const value of casesOf(text, name)) {
    const read = readCase(value);
    if ('problem' in read) results.push({ id: read.id, variant: 'vocabulary', differences: [read.problem] });
    else results.push(...(await runCase(read.case)));
  }
  return results;
}

async function runCase(oracleCase: OracleCase): Promise<OracleResult[]> {
  const results: OracleResult[] = [];
  for (const variant of variants) {
    const expected = oracleCase.expected[variant];
    if (expected === undefined || expected === null) continue;
    try {
      const booked = await bookCase(oracleCase, variant);
      results.push({ id: oracleCase.id, variant, differences: differences(oracleCase, variant, expected, booked) });
    } catch (error) {
      results.push({
        id: oracleCase.id,
        variant,
        differences: [error instanceof Error ? error.message : String(error)],
      });
    }
  }
  return results;
}

function casesOf(text: string, name: string): readonly unknown[] {
  const action = 'give a file in the format vipps-bookkeeping-oracle/1';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BilagError('config', { what: 'the file is not JSON', where: name, action }, { cause });
  }
  const parsed = oracleFile.safeParse(value);
  if (parsed.success) return parsed.data.cases;
  const issue = parsed.error.issues[0];
  throw new BilagError('config', {
    what: issue?.message ?? 'unknown format',
    where: `${name}, ${issue?.path.join('.')}`,
    action,
  });
}
