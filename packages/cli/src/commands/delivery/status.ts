import { writesOf, type Company, type LogStatus } from '@bilag/company';
import type { DeliveryRow, KeptFinding } from '@bilag/engine';
import { exitCodes } from '../../program/exit-codes.ts';
import { counted } from '../../output/books-tables.ts';
import { keptJson, rowJson, rowTable } from '../../output/delivery-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import { progressLines } from '../../output/office-tables.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

interface StatusOptions extends CompanyOptions {
  readonly list?: boolean;
  readonly endLease?: boolean;
}

/** `bilag status`: what the delivery log says, offline. */
export const addStatusCommand: AddCommand = (command, session, ended) => {
  command.argument('[target]', 'the target, by its name in the config (default: whatever the company is connected to)');
  addCompanyOptions(command)
    .option('--list', 'list every voucher of the log')
    .option('--end-lease', 'end a lease from the future: its process is dead, and its clock was ahead')
    .action(async (name: string | undefined, options: StatusOptions) => {
      ended(
        await withCompanies(session, options, async (open) => {
          const { company } = open;
          if (options.endLease === true) await open.endLease();
          const { ledgers, log: status } = await open.status(name);
          const listed = options.list === true ? await writesOf(company) : undefined;
          const waiting = status?.waiting ?? [];
          const wrong = status?.findings.filter(({ finding }) => finding.severity === 'error') ?? [];
          if (!session.json) {
            await session.out.heading(`${company.name} (${company.id})`);
            await session.out.write(progressLines(ledgers));
            await tell(session, company, status, listed);
          }
          return {
            code: waiting.length + wrong.length > 0 || needsPerson(status) ? exitCodes.person : exitCodes.done,
            json: {
              company: company.id,
              log: company.stores.placesOf(company).delivery,
              ledgers,
              ...statusJson(status, listed),
            },
          };
        }),
      );
    });
};

function needsPerson(status: LogStatus | undefined): boolean {
  return status?.lease?.state.is === 'from-the-future' || status?.past?.is === 'forgetful';
}

async function tell(
  { out, world }: Session,
  company: Company,
  status: LogStatus | undefined,
  listed: readonly DeliveryRow[] | undefined,
): Promise<void> {
  if (status?.pinned === undefined) {
    await out.line('not connected: run bilag connect first');
    return;
  }
  const { pinned, past, writes, held, waiting, runs } = status;
  await out.line(
    `company ${pinned.targetCompanyId} in ${pinned.adapterId}; log ${company.stores.placesOf(company).delivery}`,
  );
  await out.line(leaseLine(status));
  if (past?.is === 'forgetful') await out.line('the log has forgotten deliveries: put it back, or run bilag rebuild');
  const counts = Object.entries(writes.states).map(([state, count]) => `${count} ${state}`);
  const dates = writes.count === 0 ? '' : `, ${writes.first} to ${writes.last}`;
  await out.line(`${counted(writes.count, 'write')}${dates}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`);
  if (listed !== undefined && listed.length > 0) await out.write(`\n${rowTable(listed)}`);
  const shown = listed === undefined ? runs.slice(0, 5) : runs;
  if (runs.length > 0) await out.write(`\n${runTable(shown, writes.byRun)}`);
  const { findings } = status;
  if (findings.length > 0) {
    const now = world.now().getTime();
    const told = findings.map((kept) => ({
      ...kept.finding,
      message: `${kept.finding.message} (${ageOf(kept, now)})`,
    }));
    await out.write(`\nfound by bilag verify, and neither settled nor gone:\n${toFindingLines(told)}`);
  }
  if (held.length > 0) {
    await out.write(`\n${counted(held.length, 'voucher')} held until bilag release:\n${rowTable(held)}`);
  }
  if (waiting.length > 0)
    await out.write(`\n${counted(waiting.length, 'write')} for a person to look at:\n${rowTable(waiting)}`);
}

function ageOf({ foundAt }: KeptFinding, now: number): string {
  const days = Math.floor((now - foundAt) / 86_400_000);
  return `found on ${momentOf(foundAt).slice(0, 10)}, ${days < 1 ? 'today' : `${counted(days, 'day')} ago`}`;
}

function leaseLine({ lease }: LogStatus): string {
  if (lease === undefined) return 'nobody is posting now';
  const { holder, since, expiresAt, state } = lease;
  switch (state.is) {
    case 'held':
      return `${holder} is posting since ${momentOf(since)}; unless it goes on, its lease ends at ${momentOf(expiresAt)}, and the next run may begin at ${momentOf(state.freeAt)}`;
    case 'ending':
      return `${holder} was cut off: its lease ended at ${momentOf(expiresAt)}, and the next run may begin at ${momentOf(state.freeAt)}`;
    case 'over':
      return `nobody is posting now: ${holder} was cut off, and the next run goes on with what it began`;
    case 'from-the-future':
      return `${state.why}: set the clocks right, and if ${holder} is dead, end its lease with --end-lease`;
  }
}

function runTable(runs: LogStatus['runs'], touched: LogStatus['writes']['byRun']): string {
  return toTable(
    ['Run', 'What', 'Started', 'Ended', 'Last to touch'].map((title) => ({ title })),
    runs.map((run) => {
      const { id, kind, startedAt, endedAt, isRunning } = run;
      const unended = isRunning ? 'running' : 'cut off';
      const ended = endedAt === null ? unended : momentOf(endedAt);
      return [id, kind, momentOf(startedAt), ended, counted(touched.get(id) ?? 0, 'write')];
    }),
  );
}

function statusJson(status: LogStatus | undefined, listed: readonly DeliveryRow[] | undefined): object {
  if (status?.pinned === undefined) return { isConnected: false };
  const { pinned, lease, past, writes, held, waiting, runs, findings } = status;
  return {
    isConnected: true,
    pinned,
    lease:
      lease === undefined
        ? null
        : {
            holder: lease.holder,
            since: momentOf(lease.since),
            expiresAt: momentOf(lease.expiresAt),
            is: lease.state.is,
            ...('freeAt' in lease.state ? { freeAt: momentOf(lease.state.freeAt) } : {}),
          },
    past: past?.is ?? 'new',
    counts: writes.states,
    found: findings.map(keptJson),
    held: held.map(rowJson),
    waiting: waiting.map(rowJson),
    runs: runs.map((run) => {
      const { id, kind, startedAt, endedAt, isRunning } = run;
      const ended = endedAt === null ? null : momentOf(endedAt);
      return { id, kind, startedAt: momentOf(startedAt), endedAt: ended, isRunning };
    }),
    ...(listed === undefined ? {} : { writes: listed.map(rowJson) }),
  };
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
