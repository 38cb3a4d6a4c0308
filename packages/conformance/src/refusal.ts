import { isBilagError, type BilagError } from '@bilag/core';
import { mustHold } from './law.ts';

/** How a law was kept that may be kept by refusing. */
export type KeptOrRefused = 'kept' | 'refused';

/** A law that may be kept by refusing: the attempt proves that it is kept, or the adapter refuses in words. */
export async function keptOrRefused(attempt: () => Promise<unknown>): Promise<KeptOrRefused> {
  return (await refusalOf(attempt)) === undefined ? 'kept' : 'refused';
}

/**
 * The refusal that an attempt ended in, if it did: an error that says what, where and what to do now, and that the config
 * or the content has to be mended. Any other error is thrown on.
 */
export async function refusalOf(attempt: () => Promise<unknown>): Promise<BilagError | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (!isBilagError(error)) throw error;
    const { kind, what, where, action } = error;
    mustHold(
      kind === 'config' || kind === 'unsupported' || kind === 'rejected',
      `it refuses with the kind ${kind}, which is not what to do: config, unsupported or rejected (${error.message})`,
    );
    mustHold(
      [what, where, action].every((part) => part.trim() !== ''),
      `it refuses without saying what, where and what to do action: "${error.message}"`,
    );
    return error;
  }
}

/** One word for several books: what all came to, or `some refused`. */
export function together(outcomes: readonly KeptOrRefused[]): string {
  const [first] = outcomes;
  return outcomes.every((outcome) => outcome === first) ? (first ?? 'kept') : 'some refused';
}
