import { credentialsFor, VippsClients } from '@bilag/company';
import { exitCodes } from '../exit-codes.ts';
import { toTable } from '../output/table.ts';
import type { AddCommand } from '../add-command.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

/** `bilag ledgers`: what the keys can see, before any of it is fetched. */
export const addLedgersCommand: AddCommand = (program, session, ended) => {
  const command = program.command('ledgers').description('list the ledgers that the keys can see');
  addCompanyOptions(command).action(async (options: CompanyOptions) => {
    const { world, out, json } = session;
    const clients = new VippsClients((company) => credentialsFor(company, world.env));
    try {
      ended(
        await withCompanies(session, options, async (company) => {
          const { source } = company;
          if (source.kind !== 'vipps') return { code: exitCodes.done, json: { company: company.id, ledgers: [] } };
          const ledgers = await (await clients.of(source, company)).ledgers(world.signal);
          if (!json) {
            await out.heading(`${company.name} (${company.id})`);
            const rows = ledgers.map(({ ledgerId, currency, owner, recipientHandles, salesUnits }) => {
              const names = salesUnits.map(({ name }) => name).filter((name) => name !== null);
              return [ledgerId, currency ?? '', owner?.id ?? '', recipientHandles.join(' '), names.join(', ')];
            });
            await out.write(toTable(columns, rows));
            if (ledgers.length === 0) await out.line('none: the keys have no access to any ledger');
          }
          return {
            code: ledgers.length === 0 ? exitCodes.person : exitCodes.done,
            json: { company: company.id, ledgers },
          };
        }),
      );
    } finally {
      await clients.close();
    }
  });
};

const columns = [
  { title: 'Ledger' },
  { title: 'Currency' },
  { title: 'Owner' },
  { title: 'Settles for' },
  { title: 'Sales units' },
];
