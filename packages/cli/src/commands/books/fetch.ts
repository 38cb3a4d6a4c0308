import type { Company, FetchedLedger } from '@bilag/company';
import { exitCodeOf } from '../../program/exit-code-of.ts';
import { worstOf, type ExitCode } from '../../program/exit-codes.ts';
import { toErrorJson, toFindingLines, toMessage } from '../../output/messages.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addDefaultedRange, rangeOf, type RangeOptions } from './range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';
import { withoutApi } from './without-api.ts';

/** `bilag fetch`: raw data into the archive, as received. */
export const addFetchCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command);
  addDefaultedRange(command, { from: 'the first that is not closed, or the cut-over', to: 'today' })
    .option('--ledger <id>', 'this ledger alone')
    .action(async (options: CompanyOptions & RangeOptions & { readonly ledger?: string }) => {
      const { progress, json } = session;
      const range = rangeOf(options);
      ended(
        await withCompanies(session, options, async (open) => {
          const { company } = open;
          progress.show(`fetching ${company.id}: which ledgers there are`);
          const ledgers = await open.fetch({
            ...range(company),
            ledger: options.ledger,
            onDate: (ledgerId, date) => progress.show(`fetching ${company.id}, ledger ${ledgerId}, ${date}`),
          });
          progress.clear();
          if (!json) await tell(session, company, ledgers);
          await tellFailures(session, company, ledgers);
          return {
            code: codeOf(ledgers),
            json: {
              company: company.id,
              archive: company.stores.placesOf(company).archive,
              ledgers: ledgers.map(ledgerJson),
            },
          };
        }),
      );
    });
};

async function tell({ out }: Session, company: Company, ledgers: readonly FetchedLedger[]): Promise<void> {
  await out.heading(`${company.name} (${company.id})`);
  const without = withoutApi(company);
  if (without !== undefined) {
    await out.line(`nothing to fetch: ${without}`);
    return;
  }
  const rows = ledgers.map(({ ledgerId, currency, from, to, fetched, kept, open, closedThrough }) => {
    const range = from > to ? 'nothing new' : `${from} to ${to}`;
    return [ledgerId, currency, range, String(fetched), String(kept), String(open.length), closedThrough ?? 'none'];
  });
  await out.write(toTable(columns, rows));
  for (const { ledgerId, open } of ledgers) {
    if (open.length > 0)
      await out.line(
        `open on ledger ${ledgerId}: ${inShort(open)}; the provider may still add to them, and the next fetch asks again`,
      );
  }
  const missing = ledgers.filter(({ failures }) => failures.length > 0).map(({ ledgerId }) => ledgerId);
  if (missing.length > 0) await out.line(`not everything could be had of ledger ${missing.join(', ')}`);
  await out.write(toFindingLines(ledgers.flatMap(({ findings }) => findings)));
  await out.line(`archive: ${company.stores.placesOf(company).archive}`);
}

/** Beside the output, also of `--json`: what is missing is never only in a table. */
async function tellFailures({ messages }: Session, company: Company, ledgers: readonly FetchedLedger[]): Promise<void> {
  for (const { ledgerId, failures } of ledgers) {
    for (const { date, error } of failures) {
      const place = [`company ${company.id}`, `ledger ${ledgerId}`, ...(date === null ? [] : [date])].join(', ');
      await messages.write(`${place}: ${toMessage(error)}`);
    }
  }
}

function codeOf(ledgers: readonly FetchedLedger[]): ExitCode {
  return worstOf(ledgers.flatMap(({ failures }) => failures.map(({ error }) => exitCodeOf(error))));
}

function ledgerJson({ failures, ...ledger }: FetchedLedger): object {
  return { ...ledger, failures: failures.map(({ date, error }) => ({ date, ...toErrorJson(error) })) };
}

function inShort(dates: readonly string[]): string {
  return dates.length <= 3 ? dates.join(', ') : `${dates[0]} … ${dates.at(-1)} (${dates.length} dates)`;
}

const columns = [
  { title: 'Ledger' },
  { title: 'Currency' },
  { title: 'Asked for' },
  { title: 'Fetched', align: 'right' },
  { title: 'Kept', align: 'right' },
  { title: 'Open', align: 'right' },
  { title: 'Closed through' },
] as const;
