import { connectedTargets, parsePeriod, proofPage, type Period, type Proof } from '@bilag/company';
import { BilagError, gatherFindings } from '@bilag/core';
import { writeOutputSet } from '@bilag/engine';
import { basename, dirname, resolve } from 'node:path';
import { counted, countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toMoney } from '../../output/money.ts';
import { toTable } from '../../output/table.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

interface ProveOptions extends CompanyOptions {
  readonly period: string;
  readonly target?: readonly string[];
  readonly withoutTargets?: boolean;
  readonly page?: string;
}

/** `bilag prove`: from the provider's ledger to the bank, every book against the next. */
export const addProveCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command)
    .requiredOption('--period <period>', 'a year, quarter, month or day: 2026, 2026-Q3, 2026-07, 2026-07-01')
    .option('--target <name...>', 'read these targets back (default: the one that is connected)')
    .option('--without-targets', 'read no target back: offline')
    .option('--page <file>', 'write the proof as an HTML page too; of several companies each has its own')
    .action(async (options: ProveOptions) => {
      const { progress, world, json } = session;
      ended(
        await withCompanies(session, options, async (open, { isAlone }) => {
          const { company } = open;
          const period = parsePeriod(options.period, company.fiscalYearStartMonth);
          const targets = await targetsOf(options, async () => connectedTargets(company));
          const onDate = (date: string): void => progress.show(`proving ${company.id}, ${date}`);
          const proof = await open.prove({ period, targets, onDate });
          progress.clear();
          if (options.page !== undefined) {
            if (!isAlone) throw severalPages();
            await writePage(resolve(world.cwd, options.page), proof, world.signal);
          }
          if (!json) await tell(session, proof, period);
          return { code: proof.isProved ? exitCodes.done : exitCodes.findings, json: proof };
        }),
      );
    });
};

async function targetsOf(
  { target, withoutTargets }: ProveOptions,
  every: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (withoutTargets !== true) return target ?? every();
  if (target === undefined) return [];
  throw new BilagError('config', {
    what: '--target and --without-targets contradict',
    where: 'bilag prove',
    action: 'give one of them',
  });
}

function severalPages(): BilagError {
  return new BilagError('config', {
    what: 'a page is of one company, and the config has several',
    where: '--page',
    action: 'name one with --company; nothing was written',
  });
}

async function writePage(path: string, proof: Proof, signal: AbortSignal): Promise<void> {
  const page = { name: basename(path), mediaType: 'text/html', content: [proofPage(proof)] };
  await writeOutputSet(dirname(path), [page], { replace: true, signal });
}

async function tell({ out }: Session, proof: Proof, { from, to }: Period): Promise<void> {
  const { company, currency, tables, findings, isProved, dates, provedDates } = proof;
  await out.heading(`${company.name} (${company.id})`, ` ${from} to ${to}, ${currency}`);
  for (const { title, about, lines } of tables) {
    await out.line();
    await out.write(
      toTable(
        [{ title }, { title: 'Amount', align: 'right' }, { title: 'Rows', align: 'right' }],
        lines.map(({ label, amount, rows }) => [
          label,
          toMoney(amount, currency),
          rows.length === 0 ? '' : String(rows.length),
        ]),
      ),
    );
    for (const { rows } of lines) {
      for (const { date, text, amount, age } of rows) {
        if (age !== undefined)
          await out.line(`  open: ${text} of ${date}, ${toMoney(amount, currency)}, for ${counted(age, 'bank day')}`);
        else if (about === 'fees' && text !== '') await out.line(`  ${text}: ${date}, ${toMoney(amount, currency)}`);
      }
    }
  }
  await out.line();
  await out.write(toFindingLines(gatherFindings(findings)));
  const verdict = isProved ? 'proved: every difference is 0.00' : 'NOT proved';
  await out.line(`${verdict}; ${provedDates} of ${counted(dates, 'ledger date')} equal; ${countFindings(findings)}`);
}
