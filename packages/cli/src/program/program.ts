import { quotedName } from '@bilag/core';
import { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import { addAdaptersCommand } from '../commands/adapters.ts';
import { addBookCommand } from '../commands/books/book.ts';
import { addCheckCommand } from '../commands/books/check.ts';
import { addDemoCommand } from '../commands/demo.ts';
import { addExportCommand } from '../commands/books/export.ts';
import { addFetchCommand } from '../commands/books/fetch.ts';
import { addInitCommand } from '../commands/books/init.ts';
import { addKeysCommand } from '../commands/keys.ts';
import { addLedgersCommand } from '../commands/books/ledgers.ts';
import { addOracleCommand } from '../commands/oracle.ts';
import { addSimulateCommand } from '../commands/simulate.ts';
import { addConnectCommand } from '../commands/delivery/connect.ts';
import { addPlanCommand } from '../commands/delivery/plan.ts';
import { addApplyCommand } from '../commands/delivery/apply.ts';
import { addUndoCommand } from '../commands/delivery/undo.ts';
import { addHoldCommand, addReleaseCommand } from '../commands/delivery/hold.ts';
import { addVerifyCommand } from '../commands/delivery/verify.ts';
import { addStatusCommand } from '../commands/delivery/status.ts';
import { addSettleCommand } from '../commands/delivery/settle.ts';
import { addRebuildCommand } from '../commands/delivery/rebuild.ts';
import { printable } from '../output/printable.ts';
import { exitCodeHelp, type ExitCode } from './exit-codes.ts';
import type { Session } from '../session.ts';
import { version } from '../version.ts';

/** `bilag` with all its commands. */
export function createProgram(session: Session, ended: (code: ExitCode) => void): Command {
  const { stdout, stderr } = session.world;
  const program = new Command('bilag')
    .description("Turns a payment provider's ledger into balanced vouchers and accounting files")
    .version(version)
    .configureOutput({
      writeOut: (text) => void stdout.write(printable(text)),
      // What was written in the place of a name may be a key.
      writeErr: (text) =>
        void stderr.write(
          printable(text.replaceAll(/'([^'\n]*)'/g, (_, name: string) => `'${quotedName(name).slice(1, -1)}'`)),
        ),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .showHelpAfterError('(bilag <command> --help tells more)')
    .addHelpText('after', exitCodeHelp);
  for (const add of commands) add(program, session, ended);
  for (const command of program.commands) {
    command.option('--json', 'write one JSON document').addHelpText('after', exitCodeHelp);
    refuseTwice(command);
  }
  return program;
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

const commands: readonly AddCommand[] = [
  addInitCommand,
  addLedgersCommand,
  addFetchCommand,
  addBookCommand,
  addExportCommand,
  addCheckCommand,
  addConnectCommand,
  addPlanCommand,
  addApplyCommand,
  addVerifyCommand,
  addUndoCommand,
  addHoldCommand,
  addReleaseCommand,
  addStatusCommand,
  addSettleCommand,
  addRebuildCommand,
  addKeysCommand,
  addAdaptersCommand,
  addSimulateCommand,
  addOracleCommand,
  addDemoCommand,
];
