import type { BooksSummary, Company } from '@bilag/company';
import { debitOf, linesOf, voucherReference, type Voucher } from '@bilag/core';
import { exitCodes, type ExitCode } from '../../program/exit-codes.ts';
import {
  counted,
  countFindings,
  ledgerTable,
  proofLines,
  summaryJson,
  trialBalanceTable,
} from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toMoney } from '../../output/money.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addDefaultedRange, rangeOf, type RangeOptions } from './range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

interface BookCommandOptions extends CompanyOptions, RangeOptions {
  readonly lines?: boolean;
  readonly showInfo?: boolean;
}

/** `bilag book`: the vouchers that would be delivered, offline. */
export const addBookCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command);
  addDefaultedRange(command, { from: 'the cut-over', to: 'the last date fetched' })
    .option('--lines', 'show the lines of each voucher')
    .option('--show-info', 'show findings that only inform, too')
    .action(async (options: BookCommandOptions) => {
      const { progress, json } = session;
      const range = rangeOf(options);
      ended(
        await withCompanies(session, options, async (open, { begin }) => {
          const { company } = open;
          const listing = json ? jsonListing(session, company, begin) : tableListing(session, company, options);
          const summary = await open.book({
            ...range(company),
            onDate: (date) => progress.show(`booking ${company.id}, ${date}`),
            onVoucher: async (voucher) => {
              // Both may be the same terminal.
              progress.clear();
              await listing.voucher(voucher);
            },
          });
          progress.clear();
          await listing.end(summary);
          return { code: codeOf(summary) };
        }),
      );
    });
};

function codeOf({ findings }: BooksSummary): ExitCode {
  return findings.some(({ severity }) => severity === 'error') ? exitCodes.findings : exitCodes.done;
}

/** Writes vouchers as they come, and what stands after them. */
interface Listing {
  voucher(voucher: Voucher): Promise<void>;
  end(summary: BooksSummary): Promise<void>;
}

function tableListing({ out, progress }: Session, company: Company, options: BookCommandOptions): Listing {
  let hasBegun = false;
  const begin = async (): Promise<void> => {
    if (hasBegun) return;
    hasBegun = true;
    progress.clear();
    await out.heading(`${company.name} (${company.id})`);
    await out.line(voucherRow('Date', 'Voucher', 'Lines', 'Debit', 'Description'));
  };
  return {
    voucher: async (voucher) => {
      await begin();
      const { date, description, currency } = voucher;
      const lines = linesOf(voucher, 'explicit');
      await out.line(
        voucherRow(
          date,
          voucherReference(voucher),
          String(lines.length),
          toMoney(debitOf(lines), currency),
          description,
        ),
      );
      if (options.lines !== true) return;
      for (const { account, amount, text, vat } of lines) {
        const code = vat === undefined ? '' : ` [VAT ${vat.code}]`;
        await out.line(`            ${account.padEnd(10)} ${toMoney(amount, currency).padStart(16)}  ${text}${code}`);
      }
    },
    end: async (summary) => {
      await begin();
      const { period, vouchers, findings, openDates, ledgers } = summary;
      await out.line();
      await out.heading('Trial balance', ` ${period.from} to ${period.to}, ${company.currency}`);
      await out.write(trialBalanceTable(summary, company.currency));
      await out.line();
      await out.heading('Ledgers');
      await out.write(ledgerTable(ledgers));
      await out.write(`\n${proofLines(ledgers)}`);
      const shown = findings.filter(({ severity }) => severity !== 'info' || options.showInfo === true);
      if (shown.length > 0) await out.write(`\n${toFindingLines(shown)}`);
      const open =
        openDates.length === 0
          ? ''
          : `; ${counted(openDates.length, 'open date')}: a preview until the provider closes them`;
      await out.line();
      await out.line(`${counted(vouchers, 'voucher')}; ${countFindings(findings)}${open}`);
    },
  };
}

function voucherRow(date: string, reference: string, lines: string, debit: string, description: string): string {
  return `${date.padEnd(10)}  ${reference.padEnd(28)}  ${lines.padStart(6)}  ${debit.padStart(16)}  ${description}`;
}

/** A part of one JSON document, written as it grows: vouchers first, the summary after them. */
function jsonListing({ out }: Session, company: Company, beginItem: () => Promise<void>): Listing {
  let count = 0;
  const begin = async (): Promise<void> => {
    if (count++ > 0) return out.write(',\n');
    await beginItem();
    return out.write(
      `{"company":${JSON.stringify(company.id)},"currency":${JSON.stringify(company.currency)},"vouchers":[\n`,
    );
  };
  return {
    voucher: async (voucher) => {
      await begin();
      await out.write(JSON.stringify({ reference: voucherReference(voucher), ...voucher }));
    },
    end: async (summary) => {
      if (count === 0) await begin();
      await out.write(`],\n${JSON.stringify(summaryJson(summary)).slice(1)}`);
    },
  };
}
