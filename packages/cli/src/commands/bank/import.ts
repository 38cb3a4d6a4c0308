import { resolve } from 'node:path';
import { counted, countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toTable } from '../../output/table.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

/** `bilag bank import`: keeps files of the bank, and says what they prove. */
export const addImportCommand: AddCommand = (command, session, ended) => {
  command.argument('<file...>', 'files as the bank delivered them');
  addCompanyOptions(command)
    .option('--account <number>', 'the account, for a CSV that does not name it')
    .action(async (names: string[], options: CompanyOptions & { readonly account?: string }) => {
      const { out, json, world } = session;
      const action = 'name one with --company; nothing was imported';
      ended(
        await withOneCompany(session, options, action, async (open) => {
          const { id } = open.company;
          const paths = names.map((name) => resolve(world.cwd, name));
          const files = await open.importBankFiles(paths, { account: options.account });
          const { findings = [], matches = [] } = (await open.bank()) ?? {};
          const statementFindings = findings.filter(({ code }) => code.startsWith('statement-'));
          if (!json) {
            const rows = files.flatMap(({ name, outcome, statements }) =>
              statements.map(({ account, from, to, lines }) => [
                name,
                outcome === 'kept' ? '' : 'known already',
                account,
                from ?? '',
                to ?? '',
                String(lines),
              ]),
            );
            const titles = ['File', '', 'Account', 'From', 'To'].map((title) => ({ title }));
            await out.write(toTable([...titles, { title: 'Lines', align: 'right' }], rows));
            await out.write(toFindingLines(statementFindings.filter(({ severity }) => severity !== 'info')));
            const matched = matches.filter(({ outcome }) => outcome === 'matched').length;
            await out.line(
              `${counted(files.length, 'file')}; ${countFindings(statementFindings)}; ${matched} of ${counted(matches.length, 'line')} matched: bilag bank matches shows them`,
            );
          }
          const isSound = statementFindings.every(({ severity }) => severity !== 'error');
          return {
            code: isSound ? exitCodes.done : exitCodes.findings,
            json: { company: id, files, findings: statementFindings },
          };
        }),
      );
    });
};
