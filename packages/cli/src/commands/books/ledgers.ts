import { exitCodes } from '../../program/exit-codes.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { withoutApi } from './without-api.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

/** `bilag ledgers`: what the keys can see, before any of it is fetched. */
export const addLedgersCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command).action(async (options: CompanyOptions) => {
    const { out, json } = session;
    ended(
      await withCompanies(session, options, async (open) => {
        const { id: company, name } = open.company;
        const ledgers = await open.ledgers();
        if (!json) await out.heading(`${name} (${company})`);
        if (ledgers === undefined) {
          if (!json) await out.line(`nothing to ask: ${withoutApi(open.company)}`);
          return { code: exitCodes.done, json: { company, ledgers: [] } };
        }
        if (!json) {
          const rows = ledgers.map(({ id, currency, owner, handles, names }) => {
            return [id, currency ?? '', owner ?? '', handles.join(' '), names.join(', ')];
          });
          await out.write(toTable(columns, rows));
          if (ledgers.length === 0) await out.line('none: the keys have no access to any ledger');
        }
        return {
          code: ledgers.length === 0 ? exitCodes.person : exitCodes.done,
          json: { company, ledgers: ledgers.map(({ details }) => details) },
        };
      }),
    );
  });
};

const columns = [
  { title: 'Ledger' },
  { title: 'Currency' },
  { title: 'Owner' },
  { title: 'Settles for' },
  { title: 'Sales units' },
];
