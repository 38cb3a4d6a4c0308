import { copyCompany, fileStores, type CompanyStores } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import { mustHaveDatabase, storesIn } from '../database.ts';
import type { AddCommand } from '../program/add-command.ts';
import { exitCodes } from '../program/exit-codes.ts';
import type { Session } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

interface StoreOptions extends CompanyOptions {
  readonly dryRun?: boolean;
  readonly to?: string;
}

/** `bilag store`: the tables that companies with `store: 'database'` are kept in, and the way there and back. */
export const addStoreCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command)
    .argument('<action>', 'migrate or copy')
    .option('--dry-run', 'of migrate: say which steps would be run, and run none')
    .option('--to <store>', 'of copy: database or files. Companies that are kept there already are left alone')
    .action(async (action: string, options: StoreOptions) => {
      if (action === 'migrate') ended(await migrate(session, options));
      else if (action === 'copy') ended(await copy(session, options));
      else throw strange(`${quotedName(action)} is nothing that can be done to a store`, 'choose migrate or copy');
    });
};

async function migrate({ world, out, json }: Session, { dryRun = false }: StoreOptions): Promise<0> {
  const database = mustHaveDatabase(world.env);
  const { migratePostgres } = await import('@bilag/postgres');
  const { schema, steps } = await migratePostgres(database, { dryRun });
  if (json) await out.json({ schema, steps, dryRun });
  else if (steps.length === 0) await out.line(`schema ${schema}: up to date`);
  else for (const step of steps) await out.line(`${step}: ${dryRun ? 'would be run' : 'done'}`);
  return exitCodes.done;
}

async function copy(session: Session, options: StoreOptions): ReturnType<typeof withCompanies> {
  const { world, out, progress, json } = session;
  const to = await storesNamed(options.to, session);
  return withCompanies(session, options, async ({ company }) => {
    if ((company.stores === fileStores) === (to === fileStores)) {
      if (!json) await out.line(`${company.id}: is kept there already`);
      return { code: exitCodes.done, json: { company: company.id, outcome: 'there-already' } };
    }
    const copied = await copyCompany(company, to, {
      now: () => world.now().getTime(),
      signal: world.signal,
      onProgress: ({ readings = 0, rows = 0 }) =>
        progress.show(`${company.id}: ${readings} readings, ${rows} vouchers copied`),
    });
    progress.clear();
    const { readings, pages, rows, runs, archive, delivery } = copied;
    if (!json) {
      await out.line(
        `${company.id}: ${readings} readings of ${pages} pages, ${rows} vouchers and reversals, ${runs} runs: the same in both places`,
      );
      await out.line(`  now in ${archive}; ${delivery}`);
      await out.line(
        `  set store: '${options.to}' for it before its next night: nothing is posted from the old log any more`,
      );
    }
    return { code: exitCodes.done, json: { company: company.id, outcome: 'copied', ...copied } };
  });
}

async function storesNamed(name: string | undefined, { world }: Session): Promise<CompanyStores> {
  if (name === 'files') return fileStores;
  if (name !== 'database') throw strange('it is not said where to copy to', 'give --to database or --to files');
  mustHaveDatabase(world.env);
  const open = storesIn(world.env);
  if (open === undefined) throw new TypeError('a database is named');
  return open();
}

function strange(what: string, action: string): BilagError {
  return new BilagError('config', { what, where: 'bilag store', action });
}
