import { toTable } from '../../output/table.ts';
import { counted } from '../../output/books-tables.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface FilesOptions extends CompanyOptions {
  readonly takeBack?: string;
}

/** `bilag bank files`: what was taken in; a broken file is taken back. */
export const addFilesCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command)
    .option('--take-back <file>', 'take a file back, by its name or digest: nothing of it is read any more')
    .action(async ({ takeBack, ...options }: FilesOptions) => {
      const { out, json } = session;
      const action = 'name one with --company; nothing was taken back';
      ended(
        await withOneCompany(session, options, action, async (open) => {
          const { id } = open.company;
          if (takeBack !== undefined) {
            const { name, digest } = await open.takeBackBankFile(takeBack);
            if (!json) await out.line(`${name} is taken back: bilag bank matches shows what is left`);
            return { code: exitCodes.done, json: { company: id, takenBack: { name, digest } } };
          }
          const files = ((await open.bank())?.files ?? []).map(({ name, digest, account, importedAt }) => ({
            name,
            digest,
            account,
            importedAt,
          }));
          if (!json) {
            const titles = ['File', 'Imported', 'Account', 'SHA-256'].map((title) => ({ title }));
            const rows = files.map(({ name, importedAt, account, digest }) => [
              name,
              importedAt.slice(0, 10),
              account ?? '',
              digest.slice(0, 12),
            ]);
            await out.write(toTable(titles, rows));
            await out.line(counted(files.length, 'file'));
          }
          return { code: exitCodes.done, json: { company: id, files } };
        }),
      );
    });
};
