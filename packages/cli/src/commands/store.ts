import { BilagError, quotedName } from '@bilag/core';
import { mustHaveDatabase } from '../database.ts';
import type { AddCommand } from '../program/add-command.ts';
import { exitCodes } from '../program/exit-codes.ts';

/** `bilag store migrate`: makes the tables that companies with `store: 'database'` are kept in, or brings them up to date. */
export const addStoreCommand: AddCommand = (command, session, ended) => {
  command
    .argument('<action>', 'migrate')
    .option('--dry-run', 'say which steps would be run, and run none')
    .action(async (action: string, { dryRun = false }: { readonly dryRun?: boolean }) => {
      const { world, out, json } = session;
      if (action !== 'migrate') throw strangeAction(action);
      const database = mustHaveDatabase(world.env);
      const { migratePostgres } = await import('@bilag/postgres');
      const { schema, steps } = await migratePostgres(database, { dryRun });
      if (json) await out.json({ schema, steps, dryRun });
      else if (steps.length === 0) await out.line(`schema ${schema}: up to date`);
      else for (const step of steps) await out.line(`${step}: ${dryRun ? 'would be run' : 'done'}`);
      ended(exitCodes.done);
    });
};

function strangeAction(action: string): BilagError {
  return new BilagError('config', {
    what: `${quotedName(action)} is nothing that can be done to a store`,
    where: 'bilag store',
    action: 'choose migrate',
  });
}
