import { loadTarget, type Company, type LoadedConfig } from '@bilag/company';
import { BilagError } from '@bilag/core';
import { openQueue, type QueuedCompany } from '@bilag/postgres';
import { mustHaveDatabase } from '../../database.ts';
import { counted } from '../../output/books-tables.ts';
import { exitCodes, type ExitCode } from '../../program/exit-codes.ts';
import type { Session } from '../../session.ts';
import { nightLength } from './night-length.ts';

/** A night that was cut off as long ago is gone on with. */
const goesOnMs = 12 * 3_600_000;

/** Puts every company of the config that has the target into the queue, for `bilag work` on any machine. */
export async function enqueueNight(session: Session, config: LoadedConfig, target: string): Promise<ExitCode> {
  const { world, out, json, progress } = session;
  const queue = await openQueue(mustHaveDatabase(world.env));
  let [skipped, seen] = [0, 0];
  let perSecond: number | undefined;
  const wanted = async function* (): AsyncGenerator<QueuedCompany> {
    for await (const company of config.companies()) {
      world.signal.throwIfAborted();
      progress.show(`putting companies into the queue: ${(seen += 1)}`);
      if (!Object.hasOwn(company.targets, target)) skipped += 1;
      else {
        perSecond ??= await limitOf(company, target);
        yield { id: company.id, input: inputOf(company) };
      }
    }
  };
  try {
    const at = world.now().getTime();
    const { night, queued, before } = await queue.enqueue(wanted(), { target, at, goesOnSince: at - goesOnMs });
    progress.clear();
    const tooLong = perSecond === undefined ? undefined : nightLength(queued + before, perSecond);
    if (json) await out.json({ night, queued, before, skipped, tooLong: tooLong ?? null });
    else {
      await out.line(
        `${counted(queued, 'company', 'companies')} put into the queue for ${target}, ${before} there or done before, ${skipped} without the target`,
      );
      if (tooLong !== undefined) await out.line(tooLong);
      await out.line('bilag work does them, on this machine and on others; bilag work --status says how it stands');
    }
    return exitCodes.done;
  } finally {
    await queue.close();
  }
}

/** As a worker makes the company again: text alone goes through a queue, and what it is kept in is shared by all workers. */
function inputOf({ id, written }: Company): unknown {
  const { store, source, targets = {} } = written;
  const named = [source.kind, ...Object.values(targets).map(({ adapter }) => adapter)];
  const problem =
    store !== 'database'
      ? ['it is kept in files of one machine, and workers are on several', "set store: 'database'"]
      : named.every((name) => typeof name === 'string')
        ? undefined
        : ['its source or an adapter is imported, and a queue carries text', "name it: adapter: '@bilag/tripletex'"];
  if (problem === undefined) return written;
  const [what = '', action = ''] = problem;
  throw new BilagError('config', {
    what,
    where: `company ${id}`,
    action: `${action}; run it again, and no company is there twice`,
  });
}

async function limitOf(company: Company, name: string): Promise<number> {
  const { adapter } = await loadTarget(company, name);
  if (adapter.kind === 'service') return adapter.limits.perSecond;
  throw new BilagError('config', {
    what: `${adapter.title} is a file to hand over: nothing is posted to it`,
    where: `company ${company.id}, target ${name}`,
    action: `run bilag export --target ${name}; nothing was put into the queue`,
  });
}
