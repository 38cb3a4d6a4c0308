import { counted, countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

/** `bilag replay`: everything again from the raw pages, against what was posted. */
export const addReplayCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command).action(async (options: CompanyOptions) => {
    const { out, json, progress } = session;
    ended(
      await withCompanies(session, options, async (open) => {
        const { id, name } = open.company;
        const replay = await open.replay({ onDate: (date) => progress.show(`booking ${id} again, ${date}`) });
        progress.clear();
        const { vouchers, posted, same, findings } = replay;
        if (!json) {
          await out.heading(`${name} (${id})`);
          await out.write(toFindingLines(findings));
          await out.line(
            `${counted(vouchers, 'voucher')} made again from the raw pages; ${same} of ${posted} that were posted are the same, byte for byte; ${countFindings(findings)}`,
          );
        }
        return { code: findings.length === 0 ? exitCodes.done : exitCodes.findings, json: { company: id, ...replay } };
      }),
    );
  });
};
