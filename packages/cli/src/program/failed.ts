import { quotedName } from '@bilag/core';
import { toStorageError } from '@bilag/engine';
import { explained } from '../output/explained.ts';
import { toErrorJson, toMessage } from '../output/messages.ts';
import type { Session } from '../session.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { Interrupted } from './interrupted.ts';

/** Tells what ended a command. */
export async function tellFailure(caught: unknown, session: Session): Promise<ExitCode> {
  const { world, messages, out, json } = session;
  if (world.signal.aborted || caught instanceof Interrupted) {
    const how =
      caught instanceof Interrupted && caught.message !== '' ? caught.message : 'what was there before is untouched';
    await messages.line(`interrupted: ${how}`);
    return exitCodes.interrupted;
  }
  const error = explained(caught);
  await messages.write(toMessage(error, world.env));
  if (json && !out.hasWritten) await out.json(toErrorJson(error));
  return exitCodeOf(error);
}

/** Tells what is wrong with the arguments. What was written in the place of a name may be a key. */
export async function tellUsage({ messages, usage }: Session): Promise<ExitCode> {
  const text = usage.splice(0).join('');
  await messages.write(text.replaceAll(/'([^'\n]*)'/g, (_, name: string) => `'${quotedName(name).slice(1, -1)}'`));
  return exitCodes.usage;
}

/** Tells that the output did not arrive where somebody expects it. */
export async function tellLost(lost: Error, session: Session): Promise<ExitCode> {
  const kept = 'what the command did is done, and only its output is incomplete';
  return tellFailure(toStorageError(lost, 'standard output', kept), session);
}
