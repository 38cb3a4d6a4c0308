import { explained } from '../output/explained.ts';
import { toMessage } from '../output/messages.ts';
import { printable } from '../output/printable.ts';
import { exitCodeOf } from './exit-code-of.ts';

/** Ends the process by an error that nobody waited for. */
export function endBy(error: unknown): never {
  const told = explained(error);
  process.stderr.write(printable(toMessage(told, process.env)));
  process.exit(exitCodeOf(told));
}
