import {
  countPersonalData,
  findPersonalData,
  parseDate,
  removePersonalData,
  type KeptPersonalData,
  type PersonalDataCount,
} from '@bilag/company';
import { exitCodes } from '../../program/exit-codes.ts';
import { counted } from '../../output/books-tables.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';

interface PersonalDataOptions extends CompanyOptions {
  readonly payment?: string;
  readonly removeBefore?: string;
}

/** `bilag personal-data`: what files told of customers, and its end. */
export const addPersonalDataCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command)
    .option('--payment <reference>', "show what is known of one payment's customer, by the provider's reference")
    .option('--remove-before <date>', 'remove what is kept of payments before this date, and say what it was')
    .action(async (options: PersonalDataOptions) => {
      const { out, json } = session;
      ended(
        await withOneCompany(session, options, 'say whose customers', async ({ company }) => {
          const { payment, removeBefore } = options;
          const before = removeBefore === undefined ? undefined : parseDate(removeBefore, '--remove-before');
          const removed = before === undefined ? undefined : removePersonalData(company, before);
          const found = payment === undefined ? undefined : findPersonalData(company, payment);
          const kept = countPersonalData(company);
          if (!json) {
            for (const about of found ?? []) await out.line(lineOf(about));
            if (found?.length === 0) await out.line(`nothing is kept of payment ${payment}`);
            if (removed !== undefined) await out.line(`removed for good: ${inWords(removed)}`);
            if (found === undefined) await out.line(`kept about customers: ${inWords(kept)}`);
          }
          return { code: exitCodes.done, json: { company: company.id, kept, removed, found } };
        }),
      );
    });
};

function lineOf({ ledgerId, date, pspReference, name, phone, message }: KeptPersonalData): string {
  const told = [name, phone, message].filter((text) => text !== undefined).join(', ');
  return `ledger ${ledgerId}, ${date}, payment ${pspReference}: ${told}`;
}

function inWords({ payments, names, phones, messages, from, to }: PersonalDataCount): string {
  if (payments === 0) return 'nothing';
  const parts = [counted(names, 'name'), counted(phones, 'phone number'), counted(messages, 'message')].join(', ');
  return `${parts} of ${counted(payments, 'payment')} from ${from} to ${to}`;
}
