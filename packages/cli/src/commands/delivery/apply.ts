import type { Company, CompanyPlan, OpenTarget } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import { waitsForPerson, type DeliveryResult } from '@bilag/engine';
import { codeOfEnd, wordOfEnd } from '../../program/delivery-end.ts';
import { toldWhenStopped } from './interruption.ts';
import { exitCodes, worstOf, type ExitCode } from '../../program/exit-codes.ts';
import { confirm } from '../../init/confirm.ts';
import { counted } from '../../output/books-tables.ts';
import { heldLines, outcomeTable, planJson, planSummary } from '../../output/delivery-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { sendAgainHelp, waitHelp } from './delivery-options.ts';
import type { Session } from '../../session.ts';
import { addPlanOptions, planOptionsOf, tellPlan, type PlanCommandOptions } from './plan.ts';
import { withCompanies, type CompanyResult } from '../with-companies.ts';

interface ApplyCommandOptions extends PlanCommandOptions {
  readonly dryRun?: boolean;
  readonly maxReversals?: string;
  readonly revenueIsOurs?: boolean;
  readonly attachments: boolean;
  readonly sendAgain?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

/** `bilag apply`: posts what is planned, each voucher once. */
export const addApplyCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addPlanOptions(command)
    .option('--dry-run', 'show the plan and post nothing')
    .option('--max-reversals <number>', 'how many posted vouchers may be reversed and booked again', '0')
    .option('--revenue-is-ours', 'what else stands on the clearing account is not the same revenue: post all the same')
    .option('--no-attachments', 'leave the source data out of the target')
    .option('--send-again', sendAgainHelp)
    .option('--wait', waitHelp)
    .option('-y, --yes', 'do not ask on a terminal')
    .action(async (name: string, options: ApplyCommandOptions) => {
      const mostReversals = numberOf(options.maxReversals ?? '0');
      const choice = planOptionsOf(options, session);
      ended(
        await withCompanies(session, options, async (open) => {
          const target = await open.target(name, {
            onProgress: ({ done, total }) =>
              session.progress.show(`posting ${open.company.id} to ${name}: ${done} of ${total}`),
            sendAgain: options.sendAgain === true,
            wait: options.wait === true,
          });
          const planned = await target.plan(choice(open.company));
          return applyTo(target, planned, session, options, mostReversals);
        }),
      );
    });
};

async function applyTo(
  target: OpenTarget,
  planned: CompanyPlan,
  session: Session,
  options: ApplyCommandOptions,
  mostReversals: number,
): Promise<CompanyResult> {
  const { json, progress, world } = session;
  const { company, connection } = target;
  progress.clear();
  const jsonOf = (result: object): object =>
    json ? { company: company.id, target: connection.target.name, plan: planJson(planned, options), ...result } : {};
  const waits = (when: 'planned' | 'applied'): ExitCode =>
    waitsForPerson(planned.plan, when) ? exitCodes.person : exitCodes.done;
  const isAsked = world.stdin.isTTY === true && !json && options.yes !== true && options.dryRun !== true;
  if (!json && (isAsked || options.dryRun === true)) await tellPlan(session, company, planned, options);
  const sent = planned.plan.items.filter(({ isToBeSent }) => isToBeSent).length;
  const isDeclined = isAsked && sent > 0 && !(await confirm(world, `post ${counted(sent, 'voucher')}?`));
  if (options.dryRun === true || isDeclined) {
    if (isDeclined) await session.out.line('nothing was posted');
    return { code: waits('planned'), json: jsonOf({ end: 'not-applied', outcomes: [] }) };
  }
  const work = {
    store: connection.store,
    companyId: company.id,
    kind: 'voucher',
    done: 'posted',
    total: sent,
  } as const;
  const { attachments } = options;
  const result = await toldWhenStopped(work, world, async () =>
    target.apply(planned, { mostReversals, revenueIsOurs: options.revenueIsOurs === true, attachments }),
  );
  progress.clear();
  if (!json) await tell(session, company, planned, result);
  const { run, end, outcomes, findings, stoppedBy } = result;
  return {
    code: worstOf([codeOfEnd(end), waits('applied')]),
    json: jsonOf({ run, end, outcomes, findings, stoppedBy }),
  };
}

async function tell({ out }: Session, company: Company, { plan }: CompanyPlan, result: DeliveryResult): Promise<void> {
  const { run, outcomes, stoppedBy, end } = result;
  await out.heading(`${company.name} (${company.id}), ${plan.from} to ${plan.to}`);
  if (outcomes.length > 0) await out.write(outcomeTable(outcomes));
  await out.write(heldLines(plan.heldDates));
  const told = [...plan.findings, ...result.findings].filter(({ severity }) => severity !== 'info');
  await out.write(toFindingLines(told));
  if (stoppedBy !== null) {
    await out.line(`stopped: ${stoppedBy.what}`);
    await out.line(`  where: ${stoppedBy.where}`);
    await out.line(`  action: ${stoppedBy.action}`);
  }
  const posted = outcomes.filter(({ did }) => did === 'posted').length;
  await out.line(`plan: ${planSummary(plan)}; posted now: ${posted}; ${wordOfEnd(end)} (run ${run})`);
}

function numberOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a number`,
    where: '--max-reversals',
    action: 'give how many posted vouchers may be reversed and booked again, such as 3; nothing was sent',
  });
}
