import type { AddCommand } from '../../program/add-command.ts';
import { addDecideCommand } from './decide.ts';
import { addFilesCommand } from './files.ts';
import { addImportCommand } from './import.ts';
import { addMatchesCommand } from './matches.ts';

/** `bilag bank`: what came to the bank, and which payout it is. */
export const addBankCommand: AddCommand = (bank, session, ended) => {
  const part = (name: string, description: string, add: AddCommand): void =>
    add(bank.command(name).description(description), session, ended);
  part('import', 'take in camt.053, camt.054 or CSV of the bank: all of the files, or none', addImportCommand);
  part('files', 'show the files that were taken in, or take one back', addFilesCommand);
  part('matches', 'show which lines of the bank are payouts, and which wait for a person', addMatchesCommand);
  part('decide', 'say which payout a line is, or that it is none; or take that back', addDecideCommand);
};
