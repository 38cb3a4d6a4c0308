import {
  checkRange,
  type Company,
  type DeliveryConnection,
  loadServiceTarget,
  parseDate,
  planCompany,
  withCompanyDates,
  withConnection,
} from '@bilag/company';
import { BilagError, type PlainDate, type Voucher } from '@bilag/core';
import { hold, release, type DeliveryRow, type HeldChoice } from '@bilag/engine';
import { exitCodes } from '../exit-codes.ts';
import { rowJson, rowTable } from '../output/delivery-tables.ts';
import type { AddCommand } from '../add-command.ts';
import { surroundingsOf, type Session } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

interface HoldOptions extends CompanyOptions {
  readonly voucher: string;
}

/** `bilag hold`: keeps a voucher back. */
export const addHoldCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('hold')
    .description('keep a voucher back: it is not posted, and not booked again, before it is released')
    .argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command)
    .requiredOption('--voucher <key>', 'the voucher, by its key or reference, as bilag plan shows it')
    .action(async (name: string, options: HoldOptions) => {
      ended(
        await forOne(session, options, name, async (company, connection) => {
          return hold([await voucherOf(company, connection, options.voucher, session)], connection.context);
        }),
      );
    });
};

interface ReleaseOptions extends CompanyOptions {
  readonly voucher?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `bilag release`: lets go of what is held. */
export const addReleaseCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('release')
    .description('let go of what was undone or held: the next apply posts it where it should be in the books')
    .argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command)
    .option('--voucher <key>', 'one voucher, by its key or reference, as bilag status shows it')
    .option('--from <date>', 'everything held from this posting date on, with --to')
    .option('--to <date>', 'to this posting date')
    .action(async (name: string, options: ReleaseOptions) => {
      const choice = heldChoiceOf(options);
      ended(await forOne(session, options, name, async (_, { context }) => release(choice, context)));
    });
};

async function forOne(
  session: Session,
  options: CompanyOptions,
  name: string,
  work: (company: Company, connection: DeliveryConnection) => Promise<readonly DeliveryRow[]>,
): ReturnType<typeof withCompanies> {
  const { out, json, progress } = session;
  return withCompanies(session, options, async (company, { isAlone }) => {
    if (!isAlone) throw unclear('the config has several companies', '--company', 'say whose voucher it is');
    const target = await loadServiceTarget(company, name);
    return withConnection(company, target, surroundingsOf(session), {}, async (connection) => {
      const rows = await work(company, connection);
      progress.clear();
      if (!json) await out.write(rowTable(rows));
      return { code: exitCodes.done, json: { company: company.id, target: name, vouchers: rows.map(rowJson) } };
    });
  });
}

/** A voucher the log knows, or one that is still to be posted. */
async function voucherOf(
  company: Company,
  connection: DeliveryConnection,
  name: string,
  { world, progress }: Session,
): Promise<Voucher> {
  const rows = await connection.store.rows(company.id);
  const row = rows.findLast(({ kind, key, reference }) => kind === 'voucher' && (key === name || reference === name));
  if (row !== undefined) return row.voucher;
  const onDate = (date: PlainDate): void => progress.show(`booking ${date}`);
  const { plan } = await withCompanyDates(company, world.signal, async (dates) =>
    planCompany(company, dates, connection, { onDate }),
  );
  const voucher = plan.items.find(({ key }) => key === name)?.voucher;
  if (voucher !== null && voucher !== undefined) return voucher;
  throw new BilagError('not-found', {
    what: `there is no voucher ${name.slice(0, 60)}, posted or to be posted`,
    where: `company ${company.id}`,
    now: 'look at bilag plan --all; nothing was held',
  });
}

function heldChoiceOf({ voucher, from, to }: ReleaseOptions): HeldChoice {
  if (voucher !== undefined && from === undefined && to === undefined) return { voucher };
  if (voucher === undefined && from !== undefined && to !== undefined) {
    const range = { from: parseDate(from, '--from'), to: parseDate(to, '--to') };
    checkRange(range.from, range.to);
    return range;
  }
  throw unclear('it is not clear what to release', '--voucher, or --from with --to', 'give one of the two');
}

function unclear(what: string, where: string, now: string): BilagError {
  return new BilagError('config', { what, where, now: `${now}; nothing was changed` });
}
