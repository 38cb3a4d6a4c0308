import {
  readOrders,
  type Company,
  type MatchedOrder,
  type OrderColumns,
  type OrderOutcome,
  type OrderReport,
} from '@bilag/company';
import { amount, sum } from '@bilag/core';
import { resolve } from 'node:path';
import { counted } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toMoney } from '../../output/money.ts';
import { toTable } from '../../output/table.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addDefaultedRange, rangeOf, type RangeOptions } from '../books/range-options.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions } from '../with-companies.ts';
import { toDo, toDifference } from './order-texts.ts';

interface OrdersOptions extends CompanyOptions, RangeOptions {
  readonly reference?: string;
  readonly amount?: string;
  readonly refunded?: string;
  readonly minorUnits?: boolean;
}

/** `bilag match orders`: what differs, order by order, and what to do with each. */
export const addOrdersCommand: AddCommand = (command, session, ended) => {
  command.argument('<file>', 'orders as CSV or JSON, in UTF-8');
  addCompanyOptions(command);
  addDefaultedRange(command, { from: 'the cut-over', to: 'the last date fetched' })
    .option(
      '--reference <column>',
      'the column of the reference that the provider knows (default: orders of the config, or reference)',
    )
    .option(
      '--amount <column>',
      'the column of what was paid, negative: paid back (default: orders of the config, or amount)',
    )
    .option(
      '--refunded <column>',
      'the column of what was paid back, where there is one (default: orders of the config)',
    )
    .option('--minor-units', 'amounts are in whole øre or cent (default: orders of the config)')
    .action(async (file: string, options: OrdersOptions) => {
      const { progress, json, world } = session;
      const range = rangeOf(options);
      ended(
        await withOneCompany(
          session,
          options,
          'name one with --company; nothing was matched',
          async (open, { begin }) => {
            const { company } = open;
            const columns = columnsOf(options, company);
            const listing = json ? jsonListing(session, company, begin) : textListing(session, company);
            const orders = readOrders(resolve(world.cwd, file), { columns, currency: company.currency });
            const report = await open.matchOrders(orders, {
              ...range(company),
              onDate: (date) => progress.show(`matching ${company.id}, ${date}`),
              onDifference: async (order) => {
                progress.clear();
                await listing.difference(order);
              },
            });
            progress.clear();
            await listing.end(report);
            return { code: report.agrees ? exitCodes.done : exitCodes.findings };
          },
        ),
      );
    });
};

/** As the command says; what it leaves out, as the config says. */
function columnsOf({ minorUnits, ...options }: OrdersOptions, { orders }: Company): OrderColumns {
  const { reference = orders.reference, amount: paid = orders.amount, refunded = orders.refunded } = options;
  return { reference, amount: paid, refunded, inMinorUnits: minorUnits ?? orders.inMinorUnits ?? false };
}

/** Writes differences as they come, and what stands after them. */
interface Listing {
  difference(order: MatchedOrder): Promise<void>;
  end(report: OrderReport): Promise<void>;
}

const titles = [
  { title: 'Outcome' },
  ...['References', 'Orders', 'Provider', 'Difference'].map((title) => ({ title, align: 'right' }) as const),
];

function textListing({ out }: Session, { id, name, currency }: Company): Listing {
  return {
    difference: async (order) => {
      await out.line(toDifference(order, currency));
      await out.line(`  action: ${toDo(order)}`);
    },
    end: async (report) => {
      const { period, totals, findings, openDates, agrees } = report;
      await out.heading(`${name} (${id})`, ` ${period.from} to ${period.to}, ${currency}`);
      const outcomes = Object.keys(totals) as OrderOutcome[];
      const rowOf = (title: string, of: readonly OrderOutcome[]): readonly string[] => {
        const orders = sum(of.map((each) => totals[each].orders));
        const provider = sum(of.map((each) => totals[each].provider));
        const references = of.reduce((total, each) => total + totals[each].references, 0);
        const moneys = [orders, provider, amount(orders - provider)].map((each) => toMoney(each, currency));
        return [title, String(references), ...moneys];
      };
      await out.write(toTable(titles, [...outcomes.map((each) => rowOf(each, [each])), rowOf('all', outcomes)]));
      await out.write(toFindingLines(findings));
      const open = openDates === 0 ? '' : `; ${counted(openDates, 'open date')}: the provider may add to them`;
      const verdict = agrees ? 'every order agrees, to 0.00' : 'NOT every order agrees';
      await out.line(`${verdict}${open}`);
    },
  };
}

/** A part of one JSON document, written as it grows: differences first, the report after them. */
function jsonListing({ out }: Session, { id }: Company, beginItem: () => Promise<void>): Listing {
  let count = 0;
  const begin = async (): Promise<void> => {
    if (count++ > 0) return out.write(',\n');
    await beginItem();
    return out.write(`{"company":${JSON.stringify(id)},"differences":[\n`);
  };
  return {
    difference: async (order) => {
      await begin();
      await out.write(JSON.stringify({ ...order, action: toDo(order) }));
    },
    end: async (report) => {
      if (count === 0) await begin();
      await out.write(`],\n${JSON.stringify(report).slice(1)}`);
    },
  };
}
