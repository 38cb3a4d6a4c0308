import { BilagError, quotedName } from '@bilag/core';
import { resolve } from 'node:path';
import { toMoney } from '../../output/money.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

/** `bilag fees invoice`: what the provider invoiced, as printed. */
export const addInvoiceCommand: AddCommand = (command, session, ended) => {
  command.argument('[file]', 'a JSON file with one invoice or credit note');
  addCompanyOptions(command)
    .option('--take-back <record>', 'take a recorded one back')
    .action(async (file: string | undefined, options: CompanyOptions & { readonly takeBack?: string }) => {
      const asked = checked(file, options.takeBack);
      const { out, json, world } = session;
      ended(
        await withOneCompany(session, options, 'name one with --company; nothing was recorded', async (open) => {
          const invoice =
            typeof asked === 'number'
              ? await open.takeBackInvoice(asked)
              : await open.recordInvoice(resolve(world.cwd, asked));
          const { record, kind, number, month, total, currency, takenBackAt } = invoice;
          const said = takenBackAt === null ? `${toMoney(total, currency)} for ${month}` : 'taken back';
          if (!json) await out.line(`record ${record}: ${kind} ${number}, ${said}`);
          return { code: exitCodes.done, json: { company: open.company.id, invoice } };
        }),
      );
    });
};

function checked(file: string | undefined, takeBack: string | undefined): string | number {
  if (file !== undefined && takeBack === undefined) return file;
  const record = Number(takeBack);
  if (file === undefined && Number.isSafeInteger(record) && record >= 1) return record;
  throw new BilagError('config', {
    what:
      takeBack === undefined || file !== undefined
        ? 'name either a file or a record to take back'
        : `${quotedName(takeBack)} is not the number of a record`,
    where: 'bilag fees invoice',
    action: 'write bilag fees invoice FILE, or --take-back RECORD; nothing was changed',
  });
}
