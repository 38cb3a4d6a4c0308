import { exitCodes } from '../../program/exit-codes.ts';
import { counted } from '../../output/books-tables.ts';
import { countStates, rowJson, rowTable } from '../../output/delivery-tables.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

/** `bilag rebuild`: a lost delivery log, filled again from the target. */
export const addRebuildCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command).action(async (name: string, options: CompanyOptions) => {
    const { out, json, progress } = session;
    ended(
      await withCompanies(session, options, async (open) => {
        const { id, name: called } = open.company;
        const target = await open.target(name);
        progress.show(`looking up what ${name} holds of ${id}`);
        const { run, rows } = await target.rebuild();
        progress.clear();
        if (!json) {
          await out.heading(`${called} (${id})`);
          if (rows.length > 0) await out.write(rowTable(rows));
          await out.line(`${counted(rows.length, 'voucher')} found and noted in the log`);
        }
        const isClear = rows.every(({ delivery }) => delivery.state === 'posted' || delivery.state === 'reversed');
        return {
          code: isClear ? exitCodes.done : exitCodes.person,
          json: { company: id, target: name, run, counts: countStates(rows), found: rows.map(rowJson) },
        };
      }),
    );
  });
};
