import { BilagError, quotedName } from '@bilag/core';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface DecideOptions extends CompanyOptions {
  readonly payout?: readonly string[];
  readonly unrelated?: boolean;
  readonly note?: string;
  readonly takeBack?: string;
}

/** `bilag bank decide`: what a person says a line of the bank is. */
export const addDecideCommand: AddCommand = (command, session, ended) => {
  command.argument('[line...]', 'lines by the names that bilag bank matches shows');
  addCompanyOptions(command)
    .option('--payout <reference...>', 'the payouts they are')
    .option('--unrelated', 'they are no payouts')
    .option('--note <text>', 'why, for whoever reads it later')
    .option('--take-back <number>', 'take a decision back')
    .action(async (lines: string[], options: DecideOptions) => {
      const decided = checked(lines, options);
      const { out, json } = session;
      ended(
        await withOneCompany(session, options, 'name one with --company; nothing was decided', async (open) => {
          const decision =
            typeof decided === 'number'
              ? await open.takeBackDecision(decided)
              : await open.decideBankLines({ ...decided, note: options.note });
          const { number, kind, payouts, takenBackAt } = decision;
          const said = kind === 'match' ? `the lines are ${payouts.join(' and ')}` : 'the lines are no payouts';
          if (!json) await out.line(`decision ${number}: ${takenBackAt === null ? said : 'taken back'}`);
          return { code: exitCodes.done, json: { company: open.company.id, decision } };
        }),
      );
    });
};

function checked(
  lines: readonly string[],
  { payout = [], unrelated, takeBack }: DecideOptions,
): number | { readonly lines: readonly string[]; readonly payouts: readonly string[] } {
  if (takeBack !== undefined) {
    const number = Number(takeBack);
    if (!Number.isSafeInteger(number) || number < 1)
      throw wrong(`${quotedName(takeBack)} is not the number of a decision`);
    if (lines.length > 0 || payout.length > 0 || unrelated === true)
      throw wrong('a decision is taken back by its number alone');
    return number;
  }
  if (lines.length === 0) throw wrong('no line is named');
  if ((payout.length === 0) !== (unrelated === true))
    throw wrong('say either which payout the lines are, or that they are none');
  return { lines, payouts: payout };
}

function wrong(what: string): BilagError {
  return new BilagError('config', {
    what,
    where: 'bilag bank decide',
    action: 'write bilag bank decide LINE --payout REFERENCE, LINE --unrelated, or --take-back NUMBER',
  });
}
