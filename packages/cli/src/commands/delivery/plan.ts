import type { Company, CompanyPlan, PlanOptions } from '@bilag/company';
import { waitsForPerson } from '@bilag/engine';
import type { Command } from 'commander';
import { exitCodes } from '../../program/exit-codes.ts';
import { heldLines, isListed, planJson, planLine, planSummary, planTable } from '../../output/delivery-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toSendTable, voucherLines } from '../../output/plan-lines.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addDefaultedRange, rangeOf, type RangeOptions } from '../books/range-options.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

export interface PlanCommandOptions extends CompanyOptions, RangeOptions {
  readonly all?: boolean;
  readonly lines?: boolean;
  readonly rebook?: boolean;
}

/** `bilag plan`: what `apply` would do. */
export const addPlanCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addPlanOptions(command).action(async (name: string, options: PlanCommandOptions) => {
    const choice = planOptionsOf(options, session);
    ended(
      await withCompanies(session, options, async (open) => {
        const planned = await (await open.target(name)).plan(choice(open.company));
        session.progress.clear();
        if (!session.json) await tellPlan(session, open.company, planned, options);
        return {
          code: waitsForPerson(planned.plan) ? exitCodes.person : exitCodes.done,
          json: session.json ? { company: open.company.id, target: name, ...planJson(planned, options) } : {},
        };
      }),
    );
  });
};

/** The options that say what is planned. */
export function addPlanOptions(command: Command): Command {
  addCompanyOptions(command);
  return addDefaultedRange(command, { from: 'the cut-over', to: 'everything there is' })
    .option('--all', 'list unchanged vouchers too')
    .option(
      '--lines',
      'show the accounts of each voucher, with VAT; of a change, what is in the books and what would be',
    )
    .option('--rebook', 'book again what only the policy changed: the same facts on other accounts');
}

export function planOptionsOf(
  options: PlanCommandOptions,
  { progress, json }: Session,
): (company: Company) => PlanOptions {
  const range = rangeOf(options);
  const unchanged = json || options.all === true ? 'listed' : 'counted';
  const onDate = (date: string): void => progress.show(`booking ${date}`);
  return (company) => ({ ...range(company), rebook: options.rebook, unchanged, onDate });
}

/** A plan as a bookkeeper reads it. */
export async function tellPlan(
  { out }: Session,
  company: Company,
  planned: CompanyPlan,
  options: Pick<PlanCommandOptions, 'all' | 'lines'>,
): Promise<void> {
  const { plan } = planned;
  const listed = plan.items.filter((item) => isListed(item, options));
  await out.heading(`${company.name} (${company.id}), ${plan.from} to ${plan.to}`);
  if (options.lines === true)
    for (const item of listed) await out.write(`\n${planLine(item)}${voucherLines(item, planned)}`);
  else await out.write(planTable(listed));
  await out.write(heldLines(plan.heldDates));
  await out.write(toFindingLines(plan.findings.filter(({ severity }) => severity !== 'info')));
  await out.write(toSendTable(planned));
  await out.line(planSummary(plan));
}
