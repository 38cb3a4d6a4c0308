import {
  type CheckedPlace,
  checkTarget,
  rehearsePolicy,
  type Company,
  compareCompany,
  dateIn,
  type DeliveryConnection,
  findForeignRevenue,
  loadServiceTarget,
  withConnection,
} from '@bilag/company';
import type { CompanyInfo, Finding } from '@bilag/core';
import { exitCodes } from '../exit-codes.ts';
import { counted } from '../output/books-tables.ts';
import { toFindingLines } from '../output/messages.ts';
import { toTable } from '../output/table.ts';
import type { AddCommand } from '../add-command.ts';
import { surroundingsOf, type Session } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

/** `bilag connect`: checks everything about a target before anything is posted to it. */
export const addConnectCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('connect')
    .description('check the keys, the accounts and the VAT codes of a target, and pin its company; posts nothing')
    .argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command).action(async (name: string, options: CompanyOptions) => {
    const { world, progress, json } = session;
    ended(
      await withCompanies(session, options, async (company) => {
        const target = await loadServiceTarget(company, name);
        progress.show(`asking ${target.adapter.title} for ${company.id}`);
        return withConnection(company, target, surroundingsOf(session), { isNew: true }, async (connection) => {
          const identity = await connection.service.identify();
          const mismatch = compareCompany(company, identity, target.adapter.title);
          const chart = await connection.service.chart();
          const { service } = connection;
          const checked = checkTarget(company, chart, target.adapter, { attach: service.attach !== undefined });
          const { places, unfit } = checked;
          const today = dateIn(company.country, world.now());
          const rehearsed = await rehearsePolicy({ company, service, adapter: target.adapter, today, unfit });
          const foreign = await findForeignRevenue(company, connection, today);
          const findings = [...mismatch, ...checked.findings, ...rehearsed, ...foreign];
          progress.clear();
          const lockedThrough = chart.lockedThrough ?? null;
          const proposal = proposalFor(company, lockedThrough);
          const isReady = findings.every(({ severity }) => severity !== 'error');
          if (isReady) await pin(connection, identity);
          if (!json) await tell(session, company, { identity, places, findings, proposal, lockedThrough, name });
          return {
            code: isReady ? exitCodes.done : exitCodes.person,
            json: { company: company.id, target: name, identity, isReady, lockedThrough, places, findings, proposal },
          };
        });
      }),
    );
  });
};

/** The log remembers whose books these are: another company behind the same keys is refused from now on. */
async function pin({ context, store, target }: DeliveryConnection, { id }: CompanyInfo): Promise<void> {
  const lease = await store.takeLease(context.companyId, {
    holder: context.holder ?? '',
    now: context.clock.now(),
    leaseMs: 60_000,
    requestTimeoutMs: 60_000,
  });
  try {
    await store.pinTarget(lease, { adapterId: target.adapter.id, targetCompanyId: id });
  } finally {
    await store.releaseLease(lease);
  }
}

/** What to write into the policy for a target that is posted to, as far as it is not there. */
function proposalFor({ policy }: Company, lockedThrough: string | null): Readonly<Record<string, string>> {
  const version = policy.versions.at(-1);
  const isLocked = lockedThrough !== null && policy.versions[0].from <= lockedThrough;
  return {
    ...(version?.lines === 'entry' ? { lines: 'summary' } : {}),
    ...(isLocked && (policy.lockedThrough ?? '') < lockedThrough ? { lockedThrough } : {}),
  };
}

async function tell(
  { out }: Session,
  company: Company,
  found: {
    readonly identity: CompanyInfo;
    readonly places: readonly CheckedPlace[];
    readonly findings: readonly Finding[];
    readonly proposal: Readonly<Record<string, string>>;
    readonly lockedThrough: string | null;
    readonly name: string;
  },
): Promise<void> {
  const { identity, places, findings, proposal, lockedThrough, name } = found;
  await out.heading(`${company.name} (${company.id})`);
  await out.line(`connected to "${identity.name}", id ${identity.id}, organisation ${identity.organisationNumber}`);
  await out.line(
    `closed periods: ${lockedThrough === null ? 'none that the target tells of' : `through ${lockedThrough}`}`,
  );
  const rows = places.map(({ kind, use, number, name: called }) => {
    return [kind === 'account' ? 'account' : 'VAT code', number, use, called ?? 'MISSING'];
  });
  await out.write(`\n${toTable(columns, rows)}\n`);
  await out.write(toFindingLines(findings));
  const lines = Object.entries(proposal).map(([key, value]) => `  ${key}: '${value}'`);
  if (lines.length > 0) await out.write(`proposed for the policy:\n${lines.join('\n')}\n`);
  const isReady = findings.every(({ severity }) => severity !== 'error');
  if (isReady)
    await out.line('the id is pinned in the delivery log: another company behind the same keys is refused from now on');
  const warned = findings.filter(({ severity }) => severity === 'warning').length;
  if (isReady && warned > 0)
    await out.line(`${counted(warned, 'warning')}: what is named above may be refused, or be wrong, when it comes`);
  await out.line(
    isReady
      ? `ready: bilag plan ${name} shows what would be posted`
      : `not ready: mend the errors above, then bilag connect ${name} again; this time nothing was pinned`,
  );
}

const columns = [{ title: 'Kind' }, { title: 'Number' }, { title: 'Used for' }, { title: 'In the target' }];
