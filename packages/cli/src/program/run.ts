import { CommanderError } from 'commander';
import { createSession } from '../session.ts';
import type { World } from '../world.ts';
import { exitCodes, worstOf, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command. `argv` is without the program: `['book', '--json']`. Never throws and never ends the process: it
 * returns the exit code.
 */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  const session = createSession(world, { json: argv.includes('--json') });
  let code: ExitCode = exitCodes.done;
  try {
    const program = await createProgram(argv, session, (ended) => (code = ended));
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    session.progress.clear();
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    // What tells of failures is not loaded for a help.
    if (!isHelp) {
      const { tellFailure, tellUsage } = await import('./failed.ts');
      return error instanceof CommanderError ? tellUsage(session) : tellFailure(error, session);
    }
  } finally {
    session.progress.clear();
  }
  const lost = await session.out.failure();
  if (lost !== undefined) code = worstOf([code, await (await import('./failed.ts')).tellLost(lost, session)]);
  // What went wrong because of the stop is not worth a word.
  return world.signal.aborted && code !== exitCodes.done ? exitCodes.interrupted : code;
}
