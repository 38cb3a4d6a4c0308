import {
  type Company,
  type CompanyDates,
  type LoadedTarget,
  loadServiceTarget,
  withCompanyDates,
  withConnection,
} from '@bilag/company';
import { book, isDeliverable, type Voucher } from '@bilag/core';
import { rebuild } from '@bilag/engine';
import { exitCodes } from '../exit-codes.ts';
import { counted } from '../output/books-tables.ts';
import { countStates, rowJson, rowTable } from '../output/delivery-tables.ts';
import type { AddCommand } from '../add-command.ts';
import { surroundingsOf } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

/** `bilag rebuild`: a lost delivery log, filled again from the target. */
export const addRebuildCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('rebuild')
    .description('fill a lost or restored delivery log again by looking each voucher up in the target; posts nothing')
    .argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command).action(async (name: string, options: CompanyOptions) => {
    const { world, out, json, progress } = session;
    ended(
      await withCompanies(session, options, async (company) => {
        const target = await loadServiceTarget(company, name);
        return withConnection(company, target, surroundingsOf(session), {}, async ({ context }) => {
          progress.show(`looking up what ${name} holds of ${company.id}`);
          const { run, rows } = await withCompanyDates(company, world.signal, async (dates) =>
            rebuild(vouchersOf(company, dates, target), context),
          );
          progress.clear();
          if (!json) {
            await out.heading(`${company.name} (${company.id})`);
            if (rows.length > 0) await out.write(rowTable(rows));
            await out.line(`${counted(rows.length, 'voucher')} found and noted in the log`);
          }
          const isClear = rows.every(({ delivery }) => delivery.state === 'posted' || delivery.state === 'reversed');
          return {
            code: isClear ? exitCodes.done : exitCodes.person,
            json: { company: company.id, target: name, run, counts: countStates(rows), found: rows.map(rowJson) },
          };
        });
      }),
    );
  });
};

async function* vouchersOf(
  { policy }: Company,
  dates: CompanyDates,
  { adapter }: LoadedTarget<Extract<LoadedTarget['adapter'], { kind: 'service' }>>,
): AsyncGenerator<Voucher, void, undefined> {
  if (dates.last === undefined) return;
  for await (const booked of book(dates.until(dates.last), policy, {
    shape: adapter.shape,
    originals: dates.originals,
  })) {
    if (isDeliverable(booked)) yield* booked.vouchers;
  }
}
