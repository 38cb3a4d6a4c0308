import { CommanderError } from 'commander';
import { toStorageError } from '@bilag/engine';
import { exitCodeOf, exitCodes, worstOf, type ExitCode } from './exit-codes.ts';
import { Interrupted } from './interrupted.ts';
import { explained } from '../output/explained.ts';
import { toErrorJson, toMessage } from '../output/messages.ts';
import { createProgram } from './program.ts';
import { createSession, type Session } from '../session.ts';
import type { World } from '../world.ts';

/**
 * Runs one command. `argv` is without the program: `['book', '--json']`. Never throws and never ends the process: it
 * returns the exit code.
 */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  const session = createSession(world, { json: argv.includes('--json') });
  try {
    let code: ExitCode = exitCodes.done;
    const program = createProgram(session, (ended) => (code = ended));
    await program.parseAsync(argv, { from: 'user' });
    const lost = await session.out.failure();
    if (lost !== undefined)
      code = worstOf([code, await failed(toStorageError(lost, 'standard output', kept), session)]);
    // What went wrong because of the stop is not worth a word.
    return world.signal.aborted && code !== exitCodes.done ? exitCodes.interrupted : code;
  } catch (error) {
    return await failed(explained(error), session);
  } finally {
    session.progress.clear();
  }
}

const kept = 'what the command did is done, and only its output is incomplete';

async function failed(error: unknown, session: Session): Promise<ExitCode> {
  const { world, messages, out, json, progress } = session;
  progress.clear();
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (world.signal.aborted || error instanceof Interrupted) {
    const how =
      error instanceof Interrupted && error.message !== '' ? error.message : 'what was there before is untouched';
    await messages.line(`interrupted: ${how}`);
    return exitCodes.interrupted;
  }
  await messages.write(toMessage(error, world.env));
  if (json && !out.hasWritten) await out.json(toErrorJson(error));
  return exitCodeOf(error);
}
