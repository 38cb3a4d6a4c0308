import { writeOutputSet } from '@bilag/engine';
import { relative, resolve } from 'node:path';
import { counted } from '../../output/books-tables.ts';
import { toMessage } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import { withOffice } from '../office/with-office.ts';
import { addPageOptions, languageOf, withPageOffice, type PageCommandOptions } from './page-office.ts';

interface ReportOptions extends PageCommandOptions {
  readonly replace?: boolean;
}

/** `bilag report`: the pages as files, to send to somebody. */
export const addReportCommand: AddCommand = (command, session, ended) => {
  command.argument('<folder>', 'where to');
  addPageOptions(command)
    .option('--replace', 'replace files of the same names')
    .action(async (to: string, options: ReportOptions) => {
      const language = languageOf(options.language);
      const { world, out, json, progress, messages } = session;
      const folder = resolve(world.cwd, to);
      const { personal = false, replace = false } = options;
      ended(
        await withOffice(session, options, async (store, config) =>
          withPageOffice(session, options, { config, store }, async (office) => {
            const { reportFiles } = await import('@bilag/web');
            for (const error of office.wrong) await messages.write(toMessage(error, world.env));
            const onFile = (name: string): void => progress.show(`writing ${name}`);
            const pages = reportFiles({ office, language, personal, onFile });
            const { files } = await writeOutputSet(folder, pages, { replace, signal: world.signal });
            progress.clear();
            if (json) await out.json({ folder, files });
            else
              await out.line(
                `${counted(files.length, 'file')}; begin with ${relative(world.cwd, resolve(folder, 'index.html'))}`,
              );
            return office.wrong.length === 0 ? exitCodes.done : exitCodes.usage;
          }),
        ),
      );
    });
};
