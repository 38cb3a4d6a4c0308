import { BilagError } from '@bilag/core';
import {
  heldVouchers,
  type DeliveryRow,
  type DeliveryStore,
  type Lease,
  type PinnedTarget,
  type RunRow,
} from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { loadServiceTarget } from '../config/load-adapter.ts';
import { withLog } from '../delivery/delivery-connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { counted } from '../output/books-tables.ts';
import { countStates, rowJson, rowTable } from '../output/delivery-tables.ts';
import { toTable } from '../output/table.ts';
import type { AddCommand } from '../add-command.ts';
import type { Session } from '../session.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from './with-companies.ts';

interface StatusOptions extends CompanyOptions {
  readonly list?: boolean;
}

/** `bilag status`: what the delivery log says, offline. */
export const addStatusCommand: AddCommand = (program, session, ended) => {
  const command = program
    .command('status')
    .description('show what was posted, who is posting now, and what waits for a person: offline')
    .argument('[target]', 'the target, by its name in the config (default: whatever the company is connected to)');
  addCompanyOptions(command)
    .option('--list', 'list every voucher of the log')
    .action(async (name: string | undefined, options: StatusOptions) => {
      ended(
        await withCompanies(session, options, async (company) => {
          const status = await withLog(company, async (store) => statusOf(company, store));
          if (name !== undefined) await checkIsThis(company, name, status?.pinned);
          const waiting = status?.rows.filter(waitsForPerson) ?? [];
          if (!session.json) await tell(session, company, status, options);
          return {
            code: waiting.length > 0 ? exitCodes.person : exitCodes.done,
            json: { company: company.id, log: company.delivery, ...statusJson(status, options) },
          };
        }),
      );
    });
};

interface Status {
  readonly pinned: PinnedTarget | undefined;
  readonly lease: Lease | undefined;
  readonly rows: readonly DeliveryRow[];
  readonly runs: readonly RunRow[];
}

async function statusOf({ id }: Company, store: DeliveryStore): Promise<Status> {
  const [pinned, lease, rows, runs] = await Promise.all([
    store.pinnedTarget(id),
    store.leaseOf(id),
    store.rows(id),
    store.runs(id),
  ]);
  return { pinned, lease, rows, runs };
}

/** What no further run settles by itself. */
function waitsForPerson({ delivery }: DeliveryRow): boolean {
  return ['conflict', 'blocked', 'rejected', 'unknown-outcome'].includes(delivery.state);
}

async function checkIsThis(company: Company, name: string, pinned: PinnedTarget | undefined): Promise<void> {
  const { adapter } = await loadServiceTarget(company, name);
  if (pinned === undefined || pinned.adapterId === adapter.id) return;
  throw new BilagError('conflict', {
    what: `the log is of ${pinned.adapterId}, and ${name} is ${adapter.id}`,
    where: `${company.delivery}, company ${company.id}`,
    now: 'name the target the company is connected to',
  });
}

async function tell(
  { out }: Session,
  company: Company,
  status: Status | undefined,
  options: StatusOptions,
): Promise<void> {
  await out.heading(`${company.name} (${company.id})`);
  if (status?.pinned === undefined) {
    await out.line('not connected: run bilag connect first');
    return;
  }
  const { pinned, lease, rows, runs } = status;
  await out.line(`company ${pinned.targetCompanyId} in ${pinned.adapterId}; log ${company.delivery}`);
  await out.line(lease === undefined ? 'nobody is posting now' : leaseLine(lease));
  const counts = Object.entries(countStates(rows)).map(([state, count]) => `${count} ${state}`);
  const dates = rows.length === 0 ? '' : `, ${rows[0]?.date} to ${rows.at(-1)?.date}`;
  await out.line(`${counted(rows.length, 'write')}${dates}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`);
  if (options.list === true && rows.length > 0) await out.write(`\n${rowTable(rows)}`);
  if (runs.length > 0) await out.write(`\n${runTable(runs.slice(0, options.list === true ? runs.length : 5), rows)}`);
  const held = heldVouchers(rows);
  if (held.length > 0) {
    await out.write(`\n${counted(held.length, 'voucher')} held until bilag release:\n${rowTable(held)}`);
  }
  const waiting = rows.filter(waitsForPerson);
  if (waiting.length > 0)
    await out.write(`\n${counted(waiting.length, 'write')} for a person to look at:\n${rowTable(waiting)}`);
}

function leaseLine({ holder, since, expiresAt }: Lease): string {
  return `${holder} is posting since ${momentOf(since)}; its lease ends at ${momentOf(expiresAt)} unless it goes on`;
}

function runTable(runs: readonly RunRow[], rows: readonly DeliveryRow[]): string {
  const touched = Map.groupBy(rows, ({ run }) => run);
  return toTable(
    ['Run', 'What', 'Started', 'Ended', 'Last to touch'].map((title) => ({ title })),
    runs.map(({ id, kind, startedAt, endedAt }) => {
      const ended = endedAt === null ? 'cut off, or still running' : momentOf(endedAt);
      return [id, kind, momentOf(startedAt), ended, counted(touched.get(id)?.length ?? 0, 'write')];
    }),
  );
}

function statusJson(status: Status | undefined, options: StatusOptions): object {
  if (status?.pinned === undefined) return { isConnected: false };
  const { pinned, lease, rows, runs } = status;
  return {
    isConnected: true,
    pinned,
    lease:
      lease === undefined
        ? null
        : { holder: lease.holder, since: momentOf(lease.since), expiresAt: momentOf(lease.expiresAt) },
    counts: countStates(rows),
    held: heldVouchers(rows).map(rowJson),
    waiting: rows.filter(waitsForPerson).map(rowJson),
    runs: runs.map(({ id, kind, startedAt, endedAt }) => {
      return { id, kind, startedAt: momentOf(startedAt), endedAt: endedAt === null ? null : momentOf(endedAt) };
    }),
    ...(options.list === true ? { writes: rows.map(rowJson) } : {}),
  };
}

function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}
