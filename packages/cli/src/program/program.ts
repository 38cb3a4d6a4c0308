import { Command } from 'commander';
import { commands } from './commands.ts';
import { exitCodeHelp, type ExitCode } from './exit-codes.ts';
import type { Session } from '../session.ts';
import { version } from '../version.ts';

/** `bilag` with all its commands. Those that the arguments name are loaded; of the others only name and description are known. */
export async function createProgram(
  argv: readonly string[],
  session: Session,
  ended: (code: ExitCode) => void,
): Promise<Command> {
  const { stdout, stderr } = session.world;
  const program = new Command('bilag')
    .description("Turns a payment provider's ledger into balanced vouchers and accounting files")
    .version(version)
    .configureOutput({
      writeOut: (text) => void session.out.write(text),
      writeErr: (text) => void session.usage.push(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showHelpAfterError('(bilag <command> --help tells more)')
    .addHelpText('after', exitCodeHelp);
  for (const { name, takes, description, load } of commands) {
    const command = program.command(name).description(description);
    if (argv.includes(name)) (await load())(command, session, ended);
    else if (takes !== undefined) command.arguments(takes);
    for (const each of partsOf(command)) {
      each.option('--json', 'write one JSON document').addHelpText('after', exitCodeHelp);
      refuseTwice(each);
    }
  }
  return program;
}

/** A command and those that stand below it. */
function partsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(partsOf)];
}

/** Of an option given twice the last would count, and nobody would hear that the first was left out. */
function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if (!option.required || option.variadic) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven)
        command.error(
          `error: option '${option.long}' is given twice; it takes one value: run the command once for each`,
        );
      isGiven = true;
    });
  }
}
