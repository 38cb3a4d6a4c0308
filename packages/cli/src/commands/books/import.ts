import type { Company, ImportResult } from '@bilag/company';
import { exitCodes } from '../../program/exit-codes.ts';
import { counted, countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface ImportCommandOptions extends CompanyOptions {
  readonly newLedger?: readonly string[];
  readonly personalData?: boolean;
}

/** `bilag import`: files of the provider into the archive. */
export const addImportCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command)
    .argument('<path...>', 'files, folders and zip archives, told apart by their content')
    .option('--new-ledger <id...>', 'a ledger that this company has not had before')
    .option('--personal-data', 'keep names, phone numbers and messages of customers too, until they are removed')
    .action(async (paths: readonly string[], options: ImportCommandOptions) => {
      const { world, progress, json } = session;
      ended(
        await withOneCompany(session, options, 'say whose files these are', async (open) => {
          const { company } = open;
          const result = await open.import({
            paths,
            cwd: world.cwd,
            newLedgers: options.newLedger,
            personalData: options.personalData,
            onFile: (name) => progress.show(`importing for ${company.id}: ${name}`),
          });
          progress.clear();
          if (!json) await tell(session, company, result);
          const hasErrors = result.findings.some(({ severity }) => severity === 'error');
          return {
            code: hasErrors ? exitCodes.findings : exitCodes.done,
            json: { company: company.id, archive: company.stores.placesOf(company).archive, ...result },
          };
        }),
      );
    });
};

async function tell({ out }: Session, company: Company, { files, skipped, findings }: ImportResult): Promise<void> {
  await out.heading(`${company.name} (${company.id})`);
  const rows = files.map(({ name, kind, ledgers, from, to, dates, entries, outcome }) => {
    const period = from === null || to === null ? '' : `${from} to ${to}`;
    const what = outcome === 'known' ? 'was there already' : 'imported';
    return [name, kind, ledgers.join(', '), period, String(dates), String(entries), what];
  });
  await out.write(toTable(columns, rows));
  for (const { name, seen } of skipped.slice(0, mostTold)) await out.line(`left out: ${name} is ${seen}`);
  if (skipped.length > mostTold) await out.line(`left out: ${counted(skipped.length - mostTold, 'more file')}`);
  await out.write(toFindingLines(findings));
  await out.line(
    `${counted(files.length, 'file')}, ${countFindings(findings)}; archive: ${company.stores.placesOf(company).archive}`,
  );
  await out.line('next: bilag book');
}

/** A folder may hold whatever else; `--json` tells all of it. */
const mostTold = 20;

const columns = [
  { title: 'File' },
  { title: 'Kind' },
  { title: 'Ledger' },
  { title: 'Period' },
  { title: 'Dates', align: 'right' },
  { title: 'Entries', align: 'right' },
  { title: 'Outcome' },
] as const;
