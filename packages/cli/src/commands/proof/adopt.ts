import type { AdoptDifference, Adoption, BooksFile, ProposedCutOver } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import { basename } from 'node:path';
import { builtInFilePackages } from '../../built-in.ts';
import { counted } from '../../output/books-tables.ts';
import { toMoney } from '../../output/money.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { Session } from '../../session.ts';
import { knownAdapters } from '../adapters.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface AdoptOptions extends CompanyOptions {
  readonly target?: string;
}

/** `bilag adopt`: what existing books have of the ledger, and where to take over. */
export const addAdoptCommand: AddCommand = (command, session, ended) => {
  command.argument('[file]', 'the books as a file, such as SAF-T Financial');
  addCompanyOptions(command)
    .option('--target <name>', 'in place of a file: what this target holds')
    .action(async (file: string | undefined, options: AdoptOptions) => {
      const { world, progress, json } = session;
      const books = await booksOf(file, options, session);
      ended(
        await withOneCompany(session, options, 'name one with --company: books are of one company', async (open) => {
          progress.show(`holding the books of ${open.company.id} against the ledger`);
          const adoption = await open.adopt('target' in books ? books : { ...books, folder: world.cwd });
          progress.clear();
          if (!json) await tell(session, adoption, `${open.company.name} (${open.company.id})`);
          const isClean = adoption.differences.length === 0 && 'from' in adoption.cutOver;
          return { code: isClean ? exitCodes.done : exitCodes.findings, json: adoption };
        }),
      );
    });
};

async function booksOf(
  file: string | undefined,
  { target, config }: AdoptOptions,
  { world }: Session,
): Promise<BooksFile | { readonly target: string }> {
  if ((file === undefined) === (target === undefined)) {
    throw new BilagError('config', {
      what: file === undefined ? 'there are no books to look at' : 'a file and --target contradict',
      where: 'bilag adopt',
      action: 'name either a file or --target',
    });
  }
  if (target !== undefined) return { target };
  const name = file ?? '';
  const readers = (await knownAdapters(world, config, builtInFilePackages)).flatMap(({ adapter }) =>
    adapter.kind === 'file' && adapter.readLines !== undefined ? [adapter] : [],
  );
  const fitting = readers.filter(({ checkedExtensions = [''] }) =>
    checkedExtensions.some((end) => name.toLowerCase().endsWith(end)),
  );
  const [reader] = fitting;
  if (reader?.readLines !== undefined && fitting.length === 1)
    return { file: name, readLines: reader.readLines.bind(reader) };
  throw new BilagError('unsupported', {
    what: `${fitting.length === 0 ? 'no adapter reads' : 'several adapters read'} the books in ${quotedName(basename(name))}`,
    where: 'bilag adopt',
    action: `give a file for one of: ${readers.map(({ title }) => title).join(', ')}`,
  });
}

async function tell({ out }: Session, adoption: Adoption, title: string): Promise<void> {
  const { currency, from, to, accounts, days, differences, earlierLines, cutOver } = adoption;
  await out.heading(title, `, ${from} to ${to}, accounts ${accounts.join(', ')}`);
  if (earlierLines > 0) await out.line(`${counted(earlierLines, 'line')} before ${from} not compared`);
  const booked = days.filter(({ isBooked }) => isBooked);
  await out.line(`booked as the ledger has it: ${booked.length} of ${days.length} (dates, account by account)`);
  if (differences.length > 0) {
    await out.write(
      toTable(
        [
          { title: 'Date' },
          { title: 'Account' },
          { title: 'What' },
          { title: 'Ledger', align: 'right' },
          { title: 'Books', align: 'right' },
          { title: 'Vouchers' },
        ],
        differences.map((each) => [
          each.date,
          each.account,
          whatOf(each),
          toMoney(each.ledger, currency),
          toMoney(each.books, currency),
          each.vouchers.join(', '),
        ]),
      ),
    );
  }
  await out.line();
  await out.write(cutOverText(cutOver));
}

function whatOf({ kind, date, ledgerDate }: AdoptDifference): string {
  const where = ledgerDate === undefined || ledgerDate === date ? '' : `, in the ledger on ${ledgerDate}`;
  return `${words[kind]}${where}`;
}

const words: Readonly<Record<AdoptDifference['kind'], string>> = {
  doubled: 'booked twice',
  missing: 'not booked',
  'other-amount': 'other amount',
  'other-date': 'other date',
  'not-in-ledger': 'not in the ledger',
};

function cutOverText(cutOver: ProposedCutOver): string {
  if ('why' in cutOver) return `no cut-over is proposed: ${cutOver.why}\n  ${cutOver.action}\n`;
  const { from, openings } = cutOver;
  return [
    `The existing books end the day before ${from}. To go on from there, write into the policy (minor units):`,
    '',
    `  "versions": [{ "from": "${from}", and the rest as it is in force then }],`,
    `  "openings": ${JSON.stringify(openings, null, 2).replaceAll('\n', '\n  ')}`,
    '',
    'Correct what differs in the existing books: what is before the cut-over is never booked by Bilag.',
    '',
  ].join('\n');
}
