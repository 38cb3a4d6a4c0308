import { BilagError } from '@bilag/core';
import type { Decision } from '@bilag/engine';
import { exitCodes } from '../../program/exit-codes.ts';
import { rowJson, rowTable } from '../../output/delivery-tables.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface SettleOptions extends CompanyOptions {
  readonly voucher: string;
  readonly there?: string;
  readonly asItIs?: boolean;
  readonly notThere?: boolean;
}

/** `bilag settle`: records what a person found in the target. */
export const addSettleCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command)
    .requiredOption('--voucher <reference>', 'the voucher, as bilag status shows it')
    .option('--there <id>', 'it stands in the target, once and as it was posted, under this id')
    .option('--as-it-is', 'with --there: somebody changed it there on purpose, and that stays')
    .option('--not-there', 'it does not, and may be posted again')
    .action(async (name: string, options: SettleOptions) => {
      const { out, json } = session;
      const decision = decisionOf(options);
      ended(
        await withOneCompany(session, options, 'say which; nothing was changed', async (open) => {
          const row = await (await open.target(name)).settle(options.voucher, decision);
          if (!json) await out.write(rowTable([row]));
          return { code: exitCodes.done, json: { company: open.company.id, target: name, voucher: rowJson(row) } };
        }),
      );
    });
};

function decisionOf({ there, asItIs = false, notThere }: SettleOptions): Decision {
  if (there !== undefined && notThere !== true) return { is: 'there', targetId: there, asItIs };
  if (there === undefined && notThere === true && !asItIs) return { is: 'not-there' };
  throw unclear('it is not clear what was found', '--there or --not-there');
}

function unclear(what: string, where: string): BilagError {
  return new BilagError('config', { what, where, action: 'say which; nothing was changed' });
}
