import type { AddCommand } from '../../program/add-command.ts';
import { addDecideCommand } from './decide.ts';
import { addImportCommand } from './import.ts';
import { addMatchesCommand } from './matches.ts';

/** `bilag bank`: what came to the bank, and which payout it is. */
export const addBankCommand: AddCommand = (program, session, ended) => {
  const bank = program.command('bank').description('take in bank statements, and match their lines with payouts');
  for (const add of [addImportCommand, addMatchesCommand, addDecideCommand]) add(bank, session, ended);
};
