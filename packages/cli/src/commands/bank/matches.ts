import { lineName, type CompanyBank } from '@bilag/company';
import { counted } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toMoney } from '../../output/money.ts';
import { toTable } from '../../output/table.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addDefaultedRange, rangeOf, type RangeOptions } from '../books/range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

type Match = CompanyBank['matches'][number];

interface MatchesOptions extends CompanyOptions, RangeOptions {
  readonly all?: boolean;
}

/** `bilag bank matches`: which line is which payout, and what waits for a person. */
export const addMatchesCommand: AddCommand = (command, session, ended) => {
  addCompanyOptions(command);
  addDefaultedRange(command, { from: 'the first', to: 'the last' })
    .option('--all', 'show lines that are no payouts, and decisions that were taken back, too')
    .action(async (options: MatchesOptions) => {
      const range = rangeOf(options);
      ended(
        await withCompanies(session, options, async (open) => {
          const { id, name } = open.company;
          const { from, to } = range(open.company);
          const bank = await open.bank();
          const matches = (bank?.matches ?? []).filter(
            ({ line: { date } }) => (from === undefined || date >= from) && (to === undefined || date <= to),
          );
          const waiting = matches.filter((match) => waitsFor(match));
          const decisions = (bank?.decisions ?? []).filter(
            ({ takenBackAt }) => takenBackAt === null || options.all === true,
          );
          if (!session.json) {
            const shown = matches.filter((match) => options.all === true || match.outcome !== 'unrelated');
            await session.out.heading(`${name} (${id})`);
            await tell(session, { bank, shown, waiting, decisions });
          }
          return {
            code: waiting.length === 0 ? exitCodes.done : exitCodes.person,
            json: { company: id, matches: matches.map(jsonOf), decisions, findings: bank?.findings ?? [] },
          };
        }),
      );
    });
};

function waitsFor({ outcome, decision }: Match): boolean {
  return decision === undefined && outcome !== 'matched' && outcome !== 'unrelated';
}

interface Told {
  readonly bank: CompanyBank | undefined;
  readonly shown: readonly Match[];
  readonly waiting: readonly Match[];
  readonly decisions: CompanyBank['decisions'];
}

async function tell({ out }: Session, { bank, shown, waiting, decisions }: Told): Promise<void> {
  if (bank === undefined) return out.line('nothing of the bank was imported: bilag bank import FILE');
  await out.write(
    toTable(
      [{ title: 'Date' }, { title: 'Line' }, { title: 'Amount', align: 'right' }, { title: 'Is' }, { title: 'Payout' }],
      shown.map((match) => [
        match.line.date,
        lineName(match.line),
        toMoney(match.line.amount, match.line.currency),
        match.outcome,
        match.payouts.map(({ reference }) => reference).join(' '),
      ]),
    ),
  );
  for (const { number, kind, lines, payouts, note, takenBackAt } of decisions) {
    const names = lines.map((id) => lineName({ id })).join(' ');
    const what = kind === 'match' ? `${names} is ${payouts.join(' ')}` : `${names} is no payout`;
    const ending = takenBackAt === null ? '' : `, taken back ${takenBackAt.slice(0, 10)}`;
    await out.line(`decision ${number}: ${what}${note === null ? '' : ` (${note})`}${ending}`);
  }
  await out.write(toFindingLines(bank.findings.filter(({ severity }) => severity !== 'info')));
  await out.line(
    `${counted(shown.length, 'line')}; ${waiting.length} for a person: bilag bank decide LINE --payout REFERENCE`,
  );
}

function jsonOf(match: Match): object {
  const { line, outcome, decision, payouts, reason } = match;
  const { id, date, valueDate, account, amount, currency, texts, where, place } = line;
  return {
    name: lineName(line),
    id,
    date,
    valueDate: valueDate ?? null,
    account,
    amount,
    currency,
    texts,
    where: `${where}, ${place}`,
    outcome,
    decision: decision ?? null,
    payouts: payouts.map((payout) => ({ reference: payout.reference, amount: payout.amount, date: payout.date })),
    reason,
  };
}
