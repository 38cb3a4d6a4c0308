import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { checkCompany, type Company } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import { openQueue, type OfficeQueue, type QueueStatus, type WorkerEvent } from '@bilag/postgres';
import { packages } from '../../built-in.ts';
import { sources } from '../../config.ts';
import { mustHaveDatabase } from '../../database.ts';
import { toMessage } from '../../output/messages.ts';
import { toTable } from '../../output/table.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import { surroundingsOf, type Session } from '../../session.ts';
import { WorkerMetrics } from './worker-metrics.ts';

interface WorkOptions {
  readonly atOnce: string;
  readonly untilEmpty?: boolean;
  readonly metrics?: string;
  readonly status?: boolean;
  readonly redrive?: string | true;
}

/** `bilag work`: one of any number of workers, on any machine, for the nights that `bilag night --queue` has begun. */
export const addWorkCommand: AddCommand = (command, session, ended) => {
  command
    .option('--at-once <number>', 'how many companies are at work at once', '8')
    .option('--until-empty', 'end when nothing is left to do, instead of waiting for more')
    .option('--metrics <port>', "answer GET /metrics on this port of 127.0.0.1, in Prometheus' text format")
    .option('--status', 'say what waits, what is under way and which companies failed each time; does nothing')
    .option('--redrive [company]', 'put companies that failed each time back into the queue: one, or all of them')
    .action(async (options: WorkOptions) => {
      const { world } = session;
      const queue = await openQueue(mustHaveDatabase(world.env));
      try {
        if (options.redrive !== undefined) await redrive(session, queue, options.redrive);
        else if (options.status !== true) await work(session, queue, options);
        if (options.status === true) await tellStatus(session, await queue.status());
        ended(exitCodes.done);
      } finally {
        await queue.close();
      }
    });
};

async function work(session: Session, queue: OfficeQueue, options: WorkOptions): Promise<void> {
  const { world, messages } = session;
  const metrics = new WorkerMetrics();
  const server =
    options.metrics === undefined ? undefined : await serve(metrics, numberOf(options.metrics, '--metrics'));
  const { onRetry: _retry, onWait: _wait, ...surroundings } = surroundingsOf(session);
  const place = {
    file: 'the list of companies in the database',
    folder: world.cwd,
    packages,
    sources,
    database: queue.stores,
  };
  try {
    await queue.work({
      companyOf: (_, input): Company | undefined => (input === undefined ? undefined : checkCompany(input, place)),
      surroundings,
      atOnce: numberOf(options.atOnce, '--at-once'),
      untilEmpty: options.untilEmpty ?? false,
      onEvent: (event) => {
        metrics.count(event);
        void tell(session, event);
      },
    });
  } finally {
    server?.close();
  }
  // Stopping is how a worker that waits for more is done.
  if (world.signal.aborted) await messages.line('stopped: what was under way is done, or goes to another worker');
}

/** What happened, a line each: as JSON for a program that keeps logs, in words for people. */
async function tell({ out, messages, json, world }: Session, event: WorkerEvent): Promise<void> {
  const at = world.now().toISOString();
  if (json) {
    const error = 'error' in event ? { error: toMessage(event.error, world.env) } : {};
    await out.write(`${JSON.stringify({ at, ...event, ...error })}\n`);
  } else if (event.is === 'done') {
    const { companyId, asksFor, fetched, posted, reasons } = event.state;
    const asked = asksFor === 'nothing' ? 'done' : asksFor === 'retry' ? 'try again later' : 'a person has to look';
    const why = reasons[0] === undefined ? '' : `: ${reasons[0].what}`;
    await out.line(`${at} ${companyId}: ${asked}, ${fetched} dates fetched, ${posted} vouchers posted${why}`);
  } else if (event.is === 'failed') {
    await messages.write(`${at} company ${event.companyId}: ${toMessage(event.error, world.env)}`);
  } else if (event.is === 'unreachable') {
    await messages.write(`${at} ${toMessage(event.error, world.env)}`);
  } else if (event.is === 'overtaken') {
    await messages.line(`${at} ${event.companyId}: another worker has it by now; nothing was recorded`);
  }
}

async function redrive({ out, json }: Session, queue: OfficeQueue, company: string | true): Promise<void> {
  const moved = await queue.redrive(company === true ? undefined : company);
  if (moved === 0) {
    throw new BilagError('not-found', {
      what: company === true ? 'no company failed each time' : `${quotedName(company)} did not fail each time`,
      where: '--redrive',
      action: 'bilag work --status lists those that did; nothing was changed',
    });
  }
  if (json) await out.json({ redriven: moved });
  else await out.line(`${moved} back in the queue`);
}

async function tellStatus({ out, json }: Session, status: QueueStatus): Promise<void> {
  if (json) return out.json(status);
  const { turns, dead, nights } = status;
  await out.line(`turns: ${turns.waiting} waiting, ${turns.later} put off, ${turns.active} under way`);
  for (const { startedAt, target, left } of nights) {
    await out.line(
      `night of ${new Date(startedAt).toISOString().slice(0, 16)}Z, target ${target}: ${left} companies left`,
    );
  }
  if (dead.length === 0) return;
  await out.write('\nfailed each time; bilag work --redrive COMPANY tries again:\n');
  const columns = [{ title: 'company' }, { title: 'at' }, { title: 'why' }];
  const rows = dead.map(({ companyId, at, why }) => [companyId, at.toISOString().slice(0, 16), why]);
  await out.write(toTable(columns, rows));
}

async function serve(metrics: WorkerMetrics, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const isAsked = request.method === 'GET' && request.url === '/metrics';
    response.writeHead(isAsked ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(isAsked ? metrics.text() : '');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function numberOf(text: string, option: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a number from 1 to 99999`,
    where: option,
    action: 'give a whole number; nothing was done',
  });
}
