import { exitCodes } from '../../program/exit-codes.ts';
import { counted, countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addDefaultedRange, rangeOf, type RangeOptions } from '../books/range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

/** `bilag verify`: what a target holds against what was posted. */
export const addVerifyCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command);
  addDefaultedRange(command, { from: 'the first posted', to: 'the last posted' }).action(
    async (name: string, options: CompanyOptions & RangeOptions) => {
      const { out, json, progress } = session;
      const range = rangeOf(options);
      ended(
        await withCompanies(session, options, async (open) => {
          const { id, name: called } = open.company;
          const target = await open.target(name);
          progress.show(`reading back what ${name} holds of ${id}`);
          const { from, to, checked, findings } = await target.verify(range(open.company));
          progress.clear();
          if (!json) {
            await out.heading(`${called} (${id}), ${from} to ${to}`);
            await out.write(toFindingLines(findings));
            await out.line(`${counted(checked, 'voucher')} read back; ${countFindings(findings)}`);
          }
          const isClean = findings.every(({ severity }) => severity !== 'error');
          return {
            code: isClean ? exitCodes.done : exitCodes.person,
            json: { company: id, target: name, from, to, checked, isClean, findings },
          };
        }),
      );
    },
  );
};
