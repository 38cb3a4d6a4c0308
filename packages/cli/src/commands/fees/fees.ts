import { parsePeriod, type ComparedFees } from '@bilag/company';
import { BilagError, type Amount } from '@bilag/core';
import { countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toMoney } from '../../output/money.ts';
import { toTable } from '../../output/table.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';
import { addInvoiceCommand } from './invoice.ts';

/** `bilag fees`: a month's fees, by kind, against what the provider invoiced. */
export const addFeesCommand: AddCommand = (command, session, ended) => {
  // What stands after `invoice` is for that alone.
  command.enablePositionalOptions();
  addCompanyOptions(command)
    .option('--period <month>', 'the month: 2026-07')
    .action(async ({ period = '', ...options }: CompanyOptions & { readonly period?: string }) => {
      if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(period)) throw noMonth();
      const month = parsePeriod(period);
      ended(
        await withCompanies(session, options, async (open) => {
          const fees = await open.fees(month);
          if (!session.json) await tell(session, fees, open.company.name);
          return { code: fees.agrees ? exitCodes.done : exitCodes.findings, json: fees };
        }),
      );
    });
  addInvoiceCommand(
    command.command('invoice').description('record an invoice or credit note of the provider, or take it back'),
    session,
    ended,
  );
};

function noMonth(): BilagError {
  return new BilagError('config', {
    what: 'fees are compared month by month, and no month is named',
    where: 'bilag fees',
    action: 'write bilag fees --period 2026-07, or bilag fees invoice FILE',
  });
}

async function tell({ out }: Session, fees: ComparedFees, name: string): Promise<void> {
  const { company, currency, month, ledgers, invoices, findings, agrees } = fees;
  const money = (value: Amount): string => toMoney(value, currency);
  await out.heading(`${name} (${company})`, ` ${month}, ${currency}`);
  for (const { record, kind, number, ledgerId, date, net, vat, total, settlement } of invoices) {
    const is = settlement === undefined ? '' : settlement === 'gross' ? ', to be paid' : ', withheld from payouts';
    await out.line(
      `record ${record}: ${kind} ${number} of ${date}, ledger ${ledgerId}: net ${money(net)}, VAT ${money(vat)}, total ${money(total)}${is}`,
    );
  }
  for (const { ledgerId, kinds, payable } of ledgers) {
    await out.line();
    const right = ['Ledger', 'Invoiced', 'Difference'].map((title) => ({ title, align: 'right' as const }));
    await out.write(
      toTable(
        [{ title: `Fees charged, ledger ${ledgerId}` }, ...right],
        kinds.map(({ kind, ledger, invoiced, difference }) => [
          kind,
          money(ledger),
          money(invoiced),
          money(difference),
        ]),
      ),
    );
    await out.line();
    const { opening, charged, retained, invoiced, closing, closingByInvoices } = payable;
    const rows = [
      ['Opening', money(opening)],
      ['Charged', money(charged)],
      ['Taken from the funds', money(retained)],
      ['Invoiced, as the ledger says', money(invoiced)],
      ['Closing', money(closing)],
      ...(closingByInvoices === null ? [] : [['Closing by the invoices', money(closingByInvoices)]]),
    ];
    await out.write(toTable([{ title: 'Fees payable' }, { title: 'Amount', align: 'right' }], rows));
  }
  await out.line();
  await out.write(toFindingLines(findings));
  await out.line(`${agrees ? 'agrees to 0.00' : 'does NOT agree'}; ${countFindings(findings)}`);
}
