import type { OpenTarget } from '@bilag/company';
import { BilagError } from '@bilag/core';
import type { DeliveryRow, HeldChoice } from '@bilag/engine';
import { exitCodes, type ExitCode } from '../../program/exit-codes.ts';
import { rowJson, rowTable } from '../../output/delivery-tables.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addRangeOptions, wholeRangeOf, type RangeOptions } from '../books/range-options.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface HoldOptions extends CompanyOptions {
  readonly voucher: string;
}

/** `bilag hold`: keeps a voucher back. */
export const addHoldCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command)
    .requiredOption('--voucher <key>', 'the voucher, by its key or reference, as bilag plan shows it')
    .action(async (name: string, options: HoldOptions) => {
      ended(
        await forOne(session, options, name, async (target) =>
          target.hold(options.voucher, { onDate: (date) => session.progress.show(`booking ${date}`) }),
        ),
      );
    });
};

interface ReleaseOptions extends CompanyOptions, RangeOptions {
  readonly voucher?: string;
}

/** `bilag release`: lets go of what is held. */
export const addReleaseCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command).option(
    '--voucher <key>',
    'one voucher, by its key or reference, as bilag status shows it',
  );
  addRangeOptions(command, {
    from: 'everything held from this posting date on, with --to',
    to: 'to this posting date',
  }).action(async (name: string, options: ReleaseOptions) => {
    const choice = heldChoiceOf(options);
    ended(await forOne(session, options, name, async (target) => target.release(choice)));
  });
};

async function forOne(
  session: Session,
  options: CompanyOptions,
  name: string,
  work: (target: OpenTarget) => Promise<readonly DeliveryRow[]>,
): Promise<ExitCode> {
  const { out, json, progress } = session;
  return withOneCompany(session, options, 'say whose voucher it is; nothing was changed', async (open) => {
    const rows = await work(await open.target(name));
    progress.clear();
    if (!json) await out.write(rowTable(rows));
    return { code: exitCodes.done, json: { company: open.company.id, target: name, vouchers: rows.map(rowJson) } };
  });
}

function heldChoiceOf(options: ReleaseOptions): HeldChoice {
  const { voucher, from, to } = options;
  if (voucher !== undefined && from === undefined && to === undefined) return { voucher };
  const range = wholeRangeOf(options);
  if (voucher === undefined && range !== undefined) return range;
  throw unclear('it is not clear what to release', '--voucher, or --from with --to', 'give one of the two');
}

function unclear(what: string, where: string, action: string): BilagError {
  return new BilagError('config', { what, where, action: `${action}; nothing was changed` });
}
