import type { Company, ConnectedTarget } from '@bilag/company';
import { exitCodes } from '../../program/exit-codes.ts';
import { counted } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

/** `bilag connect`: checks everything about a target before anything is posted to it. */
export const addConnectCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config');
  addCompanyOptions(command).action(async (name: string, options: CompanyOptions) => {
    const { progress, json } = session;
    ended(
      await withCompanies(session, options, async (open) => {
        progress.show(`asking ${name} for ${open.company.id}`);
        const connected = await open.connect(name);
        progress.clear();
        if (!json) await tell(session, open.company, name, connected);
        return {
          code: connected.isReady ? exitCodes.done : exitCodes.person,
          json: { company: open.company.id, target: name, ...connected },
        };
      }),
    );
  });
};

async function tell({ out }: Session, company: Company, name: string, connected: ConnectedTarget): Promise<void> {
  const { identity, isReady, places, findings, proposal, lockedThrough } = connected;
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
