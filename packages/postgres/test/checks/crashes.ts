import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../many-companies.ts';
import { anyOf, checkNight, toldBy, type CheckSize, type Night, type Verdict } from './check.ts';

/** A worker that is killed is followed by a new one; its companies go on. */
export async function killWorkers(size: CheckSize): Promise<Verdict> {
  return checkNight(size, async (night) => {
    startAll(night);
    let killed = 0;
    while (killed < size.strikes && !(await night.isDone())) {
      await delay(size.secondsBetween * 1_000 * (0.5 + night.chance.below(1_000) / 1_000));
      const victim = anyOf(night);
      if (victim === undefined) break;
      await victim.kill();
      killed += 1;
      if (size.isHurried) await night.many.letTimePass(victim);
      night.start();
    }
    return { killed };
  });
}

/** A worker that is stopped in the middle of a request, and comes back when others have done its work. */
export async function stopWorkers(size: CheckSize): Promise<Verdict> {
  return checkNight(size, async (night) => {
    const { many, chance } = night;
    let stopped = 0;
    for (; stopped < size.strikes; stopped += 1) {
      if (await night.isDone()) break;
      const sleeper = night.start();
      await stopAtRequest(night, () => void sleeper.child.kill('SIGSTOP'), chance.below(20));
      const before = many.vouchers;
      if (size.isHurried) await many.letTimePass(sleeper);
      else await delay(size.secondsBetween * 1_000);
      const others = Array.from({ length: size.workers }, () => night.start());
      await until(async () => many.vouchers > before || (await night.isDone()));
      if (size.isHurried) await many.isDoneWithin(size.longestSeconds);
      const heard = sleeper.told.length;
      await sleeper.kill('SIGCONT');
      // Its late request goes out, and then it hears that it was overtaken.
      await Promise.race([until(() => sleeper.told.length > heard || !sleeper.isRunning), delay(60_000)]);
      if (!(await night.isDone())) for (const other of others) await other.kill('SIGTERM');
    }
    startAll(night);
    await many.isDoneWithin(size.longestSeconds);
    return { stopped, overtaken: toldBy(night.workers, 'overtaken') };
  });
}

/** Stops somebody at the moment at which a request of the target arrives: it is carried out, and nobody reads the reply. */
async function stopAtRequest({ many }: Night, stop: () => void, skip: number): Promise<void> {
  let arrived = 0;
  const match = (): boolean => {
    if (arrived === skip) stop();
    arrived += 1;
    return false;
  };
  const armed = many.books.faults.arm({ kind: 'cut', match, times: Number.POSITIVE_INFINITY });
  await until(() => arrived > skip, 5);
  await armed.disarm();
}

/** Connections are cut off by the server, one after the other. */
export async function cutBackends(size: CheckSize): Promise<Verdict> {
  return checkNight(size, async (night) => {
    startAll(night);
    let cut = 0;
    while (cut < size.strikes && !(await night.isDone())) {
      const rows = await night.many.byHand(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'bilag' ORDER BY random() LIMIT 1`,
      );
      cut += rows.length;
      await delay(size.secondsBetween * 1_000);
    }
    return { cut, unreachable: toldBy(night.workers, 'unreachable') };
  });
}

/** The server is stopped as by a power cut, and started again. */
export async function stopServer(size: CheckSize): Promise<Verdict> {
  return checkNight(size, async (night) => {
    startAll(night);
    await until(() => night.many.vouchers > 0, 5);
    let stops = 0;
    while (stops < size.strikes && !(await night.isDone())) {
      size.server.stopAtOnce();
      await delay(200);
      size.server.start();
      stops += 1;
      await delay(size.secondsBetween * 1_000 * (0.5 + night.chance.below(1_000) / 1_000));
      // One that finds no database when it starts ends, and is started again.
      startAll(night);
    }
    const unreachable = toldBy(night.workers, 'unreachable');
    if (size.isHurried) {
      // What those hold whose runs were cut off ends by itself, in a minute.
      for (const worker of night.workers) if (worker.isRunning) await worker.kill();
      for (const worker of night.workers) await night.many.letTimePass(worker);
      startAll(night);
    }
    return { stops, unreachable };
  });
}

/**
 * A worker dies after its first durable write, another after its second, and so on through the whole of one company's night, or
 * through the places that are given; who follows finishes. Each place has a company of its own.
 */
export async function dieAtWrites(size: CheckSize, places?: readonly number[]): Promise<Verdict> {
  const goWrong = async ({ many, start }: Night): Promise<Readonly<Record<string, number>>> => {
    let tried = 0;
    for (const id of many.ids) {
      const place = places === undefined ? tried + 1 : places[tried];
      if (place === undefined) break;
      await many.enqueue([id]);
      const dying = start({ atOnce: 1, diesAfterWrite: place, untilEmpty: true });
      await dying.ended;
      // Its night had no more writes than that.
      if (dying.child.signalCode === null) break;
      await many.letTimePass(dying);
      await start({ atOnce: 1, untilEmpty: true }).ended;
      tried += 1;
    }
    return { tried };
  };
  return checkNight(size, goWrong, { enqueues: false });
}

function startAll(night: Night): void {
  const running = night.workers.filter(({ isRunning }) => isRunning).length;
  for (let count = running; count < night.size.workers; count += 1) night.start();
}
