import type { AskedUndo, OpenTarget } from '@bilag/company';
import { BilagError } from '@bilag/core';
import type { DeliveryRow } from '@bilag/engine';
import { codeOfEnd, wordOfEnd } from '../../program/delivery-end.ts';
import { toldWhenStopped } from './interruption.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import { confirm } from '../../init/confirm.ts';
import { counted } from '../../output/books-tables.ts';
import { outcomeTable, rowJson, rowTable } from '../../output/delivery-tables.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { sendAgainHelp, waitHelp } from './delivery-options.ts';
import type { Session } from '../../session.ts';
import { addRangeOptions, wholeRangeOf, type RangeOptions } from '../books/range-options.ts';
import { addCompanyOptions, withOneCompany, type CompanyOptions, type CompanyResult } from '../with-companies.ts';

interface UndoCommandOptions extends CompanyOptions, RangeOptions {
  readonly run?: string;
  readonly voucher?: string;
  readonly dryRun?: boolean;
  readonly sendAgain?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

/** `bilag undo`: reverses what was posted. */
export const addUndoCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command).option('--run <id>', 'everything a run posted (bilag status lists the runs)');
  addRangeOptions(command, { from: 'from this posting date, with --to', to: 'to this posting date' })
    .option('--voucher <key>', 'one voucher, by its key or reference')
    .option('--dry-run', 'show what would be reversed and send nothing')
    .option('--send-again', sendAgainHelp)
    .option('--wait', waitHelp)
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options: UndoCommandOptions) => {
      const asked = choiceOf(options);
      ended(
        await withOneCompany(session, options, whose, async (open) => {
          const target = await open.target(name, {
            onProgress: ({ done, total }) => session.progress.show(`reversing in ${name}: ${done} of ${total}`),
            sendAgain: options.sendAgain === true,
            wait: options.wait === true,
          });
          return undoIn(target, session, asked, options);
        }),
      );
    });
};

const whose = 'say whose vouchers are to be reversed; nothing was sent';

async function undoIn(
  opened: OpenTarget,
  session: Session,
  asked: AskedUndo,
  options: UndoCommandOptions,
): Promise<CompanyResult> {
  const { json, out, progress } = session;
  const { company, connection } = opened;
  const { target, store } = connection;
  const rows = await opened.undoable(asked);
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
  let isDeclined = false;
  const work = { store, companyId: company.id, kind: 'reversal', done: 'reversed', total: rows.length } as const;
  const result = await toldWhenStopped(work, session.world, async () =>
    opened.undo(asked, async (all) => {
      isDeclined = options.yes !== true && !(await askAbout(session, all));
      return !isDeclined;
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
    action: 'look at it with --dry-run, and give --yes; nothing was sent',
  });
}

function toReverse(rows: readonly DeliveryRow[]): string {
  return `${counted(rows.length, 'voucher')} to reverse`;
}

function choiceOf(options: UndoCommandOptions): AskedUndo {
  const { run, from, to, voucher } = options;
  const isRange = from !== undefined || to !== undefined;
  if ([run !== undefined, isRange, voucher !== undefined].filter(Boolean).length === 1) {
    if (run !== undefined) return { run };
    if (voucher !== undefined) return { voucher };
    const range = wholeRangeOf(options);
    if (range !== undefined) return range;
  }
  throw new BilagError('config', {
    what: 'it is not clear what to take back',
    where: '--run, --from with --to, or --voucher',
    action: 'give one of the three; nothing was sent',
  });
}
