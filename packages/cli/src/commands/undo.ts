import {
  checkRange,
  type Company,
  type DeliveryConnection,
  loadServiceTarget,
  parseDate,
  withConnection,
} from '@bilag/company';
import { BilagError, latestLock, type PlainDate } from '@bilag/core';
import { undo, type DeliveryRow, type DeliveryStore, type UndoChoice } from '@bilag/engine';
import { codeOfEnd, wordOfEnd } from '../output/delivery-end.ts';
import { toldWhenStopped } from '../delivery/interruption.ts';
import { exitCodes } from '../exit-codes.ts';
import { confirm } from '../init/confirm.ts';
import { counted } from '../output/books-tables.ts';
import { outcomeTable, rowJson, rowTable } from '../output/delivery-tables.ts';
import type { AddCommand } from '../add-command.ts';
import { sendAgainHelp, waitHelp } from './delivery-options.ts';
import { surroundingsOf, type Session } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions, type CompanyResult } from './with-companies.ts';

interface UndoCommandOptions extends CompanyOptions {
  readonly run?: string;
  readonly from?: string;
  readonly to?: string;
  readonly voucher?: string;
  readonly dryRun?: boolean;
  readonly sendAgain?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

/** `bilag undo`: reverses what was posted. */
export const addUndoCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('undo')
    .description('reverse what was posted: a run, a range of dates or one voucher; nothing is ever deleted')
    .argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command)
    .option('--run <id>', 'everything a run posted (bilag status lists the runs)')
    .option('--from <date>', 'from this posting date, with --to')
    .option('--to <date>', 'to this posting date')
    .option('--voucher <key>', 'one voucher, by its key or reference')
    .option('--dry-run', 'show what would be reversed and send nothing')
    .option('--send-again', sendAgainHelp)
    .option('--wait', waitHelp)
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options: UndoCommandOptions) => {
      const asked = choiceOf(options);
      ended(
        await withCompanies(session, options, async (company, { isAlone }) => {
          if (!isAlone) throw severalCompanies();
          const target = await loadServiceTarget(company, name);
          const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
            session.progress.show(`reversing in ${name}: ${done} of ${total}`);
          return withConnection(
            company,
            target,
            surroundingsOf(session),
            { onProgress, sendAgain: options.sendAgain === true, wait: options.wait === true },
            async (connection) => undoCompany(session, company, connection, asked, options),
          );
        }),
      );
    });
};

async function undoCompany(
  session: Session,
  company: Company,
  { target, store, service, context }: DeliveryConnection,
  asked: AskedChoice,
  options: UndoCommandOptions,
): Promise<CompanyResult> {
  const { json, out, progress } = session;
  const choice = await chosen(asked, company, store);
  const rows = (await store.rows(company.id, { ...choice, states: ['posted'] })).filter(
    ({ kind }) => kind === 'voucher',
  );
  const common = { company: company.id, target: target.name, vouchers: rows.map(rowJson) };
  if (!json) await out.heading(`${company.name} (${company.id})`);
  if (!json && rows.length > 0) await out.write(rowTable(rows));
  if (rows.length === 0 || options.dryRun === true) {
    if (!json) await out.line(rows.length === 0 ? 'nothing to do: nothing of it stands in the books' : toReverse(rows));
    return {
      code: exitCodes.done,
      json: { ...common, end: rows.length === 0 ? 'nothing' : 'not-applied', outcomes: [] },
    };
  }
  const lockedThrough = latestLock([(await service.chart()).lockedThrough, company.policy.lockedThrough]);
  let isDeclined = false;
  const work = { store, companyId: company.id, kind: 'reversal', done: 'reversed', total: rows.length } as const;
  const result = await toldWhenStopped(work, session.world, async () =>
    undo(choice, context, {
      lockedThrough,
      confirm: async (all) => {
        isDeclined = options.yes !== true && !(await askAbout(session, all));
        return !isDeclined;
      },
    }),
  );
  progress.clear();
  const { run, outcomes, findings, stoppedBy } = result;
  const end = isDeclined ? 'not-applied' : result.end;
  if (!json && outcomes.length > 0) await out.write(`\n${outcomeTable(outcomes)}`);
  if (!json) await out.line(isDeclined ? 'nothing was reversed' : `${wordOfEnd(result.end)} (run ${run})`);
  if (!json && outcomes.some(({ state }) => state === 'posted')) {
    await out.line(`what is undone is held: bilag release ${target.name} lets apply post it again`);
  }
  return { code: codeOfEnd(result.end), json: { ...common, run, end, outcomes, findings, stoppedBy } };
}

/** Vouchers in the books are not taken back without a yes. */
async function askAbout({ world, json }: Session, rows: readonly DeliveryRow[]): Promise<boolean> {
  if (world.stdin.isTTY === true && !json) return confirm(world, `${toReverse(rows)}?`);
  throw new BilagError('config', {
    what: `${toReverse(rows)}, and nobody can be asked`,
    where: 'bilag undo',
    now: 'look at it with --dry-run, and give --yes; nothing was sent',
  });
}

function toReverse(rows: readonly DeliveryRow[]): string {
  return `${counted(rows.length, 'voucher')} to reverse`;
}

type AskedChoice =
  | { readonly run: string }
  | { readonly from: PlainDate; readonly to: PlainDate }
  | { readonly voucher: string };

function choiceOf({ run, from, to, voucher }: UndoCommandOptions): AskedChoice {
  const isRange = from !== undefined || to !== undefined;
  if ([run !== undefined, isRange, voucher !== undefined].filter(Boolean).length === 1) {
    if (run !== undefined) return { run };
    if (voucher !== undefined) return { voucher };
    if (from !== undefined && to !== undefined) {
      const range = { from: parseDate(from, '--from'), to: parseDate(to, '--to') };
      checkRange(range.from, range.to);
      return range;
    }
  }
  throw new BilagError('config', {
    what: 'it is not clear what to take back',
    where: '--run, --from with --to, or --voucher',
    now: 'give one of the three; nothing was sent',
  });
}

/** A voucher by its reference, or the one that stands in the books under its key. */
async function chosen(asked: AskedChoice, { id }: Company, store: DeliveryStore): Promise<UndoChoice> {
  if ('run' in asked) {
    const runs = await store.runs(id);
    if (runs.some((run) => run.id === asked.run)) return asked;
    throw notInLog(`run ${asked.run.slice(0, 60)}`, id);
  }
  if (!('voucher' in asked)) return asked;
  const [named] = await store.rows(id, { reference: asked.voucher });
  if (named?.delivery.state === 'posted') return { reference: named.reference };
  const rows = await store.rows(id, { key: asked.voucher });
  const posted = rows.find(({ kind, delivery }) => kind === 'voucher' && delivery.state === 'posted');
  const found = posted ?? named ?? rows[0];
  if (found === undefined) throw notInLog(`voucher ${asked.voucher.slice(0, 60)}`, id);
  return { reference: found.reference };
}

function notInLog(what: string, id: string): BilagError {
  return new BilagError('not-found', {
    what: `the log does not know ${what}`,
    where: `company ${id}`,
    now: 'look at bilag status --list; nothing was sent',
  });
}

function severalCompanies(): BilagError {
  return new BilagError('config', {
    what: 'the config has several companies',
    where: '--company',
    now: 'say whose vouchers are to be reversed; nothing was sent',
  });
}
