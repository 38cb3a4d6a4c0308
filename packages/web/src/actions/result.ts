import type { DeliveryResult } from '@bilag/engine';
import type { PageContext } from '../view.ts';
import type { Done } from './action.ts';

/** How a run ended, with what is left and why. */
export function howOf(
  { outcomes, end, stoppedBy, run }: DeliveryResult,
  told: (count: string, of: string) => string,
  { format }: PageContext,
): Done {
  const done = outcomes.filter(({ did, state }) => did !== 'nothing' && state !== 'unknown-outcome').length;
  const [problem] = [stoppedBy, ...outcomes.map((outcome) => outcome.problem)].filter((each) => each !== null);
  const why = problem === undefined ? '' : `; ${problem.what} (${problem.where}); ${problem.action}`;
  const isDone = end === 'done' || end === 'nothing';
  return { how: `${told(format.count(done), format.count(outcomes.length))} (${run})${isDone ? '' : why}`, isDone };
}
