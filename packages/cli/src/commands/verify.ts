import { checkRange, loadServiceTarget, parseDate, withConnection } from '@bilag/company';
import { plainDate, type Finding, type PlainDate } from '@bilag/core';
import { verify } from '@bilag/engine';
import { exitCodes } from '../exit-codes.ts';
import { counted, countFindings } from '../output/books-tables.ts';
import { toFindingLines } from '../output/messages.ts';
import type { AddCommand } from '../add-command.ts';
import { surroundingsOf } from '../session.ts';
import { addRangeOptions, type RangeOptions } from './range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

/** `bilag verify`: what a target holds against what was posted. */
export const addVerifyCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('verify')
    .description('read posted vouchers back, and say which somebody edited, deleted, reversed or doubled')
    .argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command);
  addRangeOptions(command, { from: 'the first posted', to: 'the last posted' }).action(
    async (name: string, options: CompanyOptions & RangeOptions) => {
      const { out, json, progress } = session;
      const from = options.from === undefined ? undefined : parseDate(options.from, '--from');
      const to = options.to === undefined ? undefined : parseDate(options.to, '--to');
      if (from !== undefined && to !== undefined) checkRange(from, to);
      ended(
        await withCompanies(session, options, async (company) => {
          const target = await loadServiceTarget(company, name);
          return withConnection(company, target, surroundingsOf(session), {}, async ({ store, context }) => {
            progress.show(`reading back what ${name} holds of ${company.id}`);
            const posted = (await store.rows(company.id, { states: ['posted'] })).map(({ date }) => date);
            const range = { from: from ?? earliestOf(posted), to: to ?? latestOf(posted) };
            const isEmpty = posted.length === 0 || range.from > range.to;
            const { checked, findings } = isEmpty ? nothing : await verify(range, context);
            progress.clear();
            const wrong = findings.filter(({ severity }) => severity === 'error');
            if (!json) {
              await out.heading(`${company.name} (${company.id}), ${range.from} to ${range.to}`);
              await out.write(toFindingLines(findings));
              await out.line(`${counted(checked, 'voucher')} read back; ${countFindings(findings)}`);
            }
            return {
              code: wrong.length > 0 ? exitCodes.person : exitCodes.done,
              json: { company: company.id, target: name, ...range, checked, isClean: wrong.length === 0, findings },
            };
          });
        }),
      );
    },
  );
};

const nothing: { readonly checked: number; readonly findings: readonly Finding[] } = { checked: 0, findings: [] };

function earliestOf(dates: readonly PlainDate[]): PlainDate {
  return dates.reduce((least, date) => (date < least ? date : least), dates[0] ?? plainDate('2000-01-01'));
}

function latestOf(dates: readonly PlainDate[]): PlainDate {
  return dates.reduce((last, date) => (date > last ? date : last), dates[0] ?? plainDate('2000-01-01'));
}
