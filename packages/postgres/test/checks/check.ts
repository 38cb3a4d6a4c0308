import { Chance } from '../../../../test/crash-schedules.ts';
import { ManyCompanies, until, type ManyOptions, type WorkerProcess, type WorkerSettings } from '../many-companies.ts';
import type { PostgresServer } from '../postgres-server.ts';

/** How large a check is. The same check is a sample of the suite and the whole of the bench. */
export interface CheckSize {
  readonly server: PostgresServer;
  readonly companies: number;
  readonly workers: number;
  /** How often what goes wrong strikes. */
  readonly strikes: number;
  readonly secondsBetween: number;
  readonly seed: number;
  /** Whether what dead workers hold is let go of at once; otherwise their leases are waited for. */
  readonly isHurried: boolean;
  readonly longestSeconds: number;
}

/** What a check came to. */
export interface Verdict {
  readonly isDone: boolean;
  readonly vouchers: number;
  readonly wanted: number;
  readonly doubled: number;
  /** Companies of which a voucher is not there, and nobody was told. */
  readonly lost: number;
  /** Companies that a person was asked about: a write that may have been made, and is not found, is never sent again unasked. */
  readonly asked: number;
  readonly dead: number;
  /** What else was counted. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A night that is under way. */
export interface Night {
  readonly many: ManyCompanies;
  readonly size: CheckSize;
  readonly chance: Chance;
  readonly workers: WorkerProcess[];
  start(settings?: WorkerSettings): WorkerProcess;
  isDone(): Promise<boolean>;
}

interface NightOptions extends Pick<ManyOptions, 'big'> {
  /** Every so many posts get no reply. */
  readonly losesEvery?: number;
  /** How workers are that nothing else is said of. */
  readonly worker?: WorkerSettings;
  readonly enqueues?: boolean;
}

let schemas = 0;

/** Runs a night with what goes wrong in it, to its end, and counts what is in the books. */
export async function checkNight(
  size: CheckSize,
  goWrong: (night: Night) => Promise<Readonly<Record<string, number>>>,
  options: NightOptions = {},
): Promise<Verdict> {
  const { server, companies, seed } = size;
  const { losesEvery = 100, worker, enqueues = true, ...others } = options;
  const { connectionString } = server;
  const schema = `check_${process.pid}_${(schemas += 1)}`;
  await using many = await ManyCompanies.open({ connectionString, schema, count: companies, ...others });
  many.loseAnswers(losesEvery);
  const workers: WorkerProcess[] = [];
  const night: Night = {
    many,
    size,
    chance: new Chance(seed),
    workers,
    start: (settings = worker) => {
      const started = many.start(settings);
      workers.push(started);
      return started;
    },
    isDone: () => many.isDoneWithin(0.5),
  };
  if (enqueues) await many.enqueue();
  const figures = await goWrong(night);
  const isDone = await many.isDoneWithin(size.longestSeconds);
  const again = await tryAgain(night);
  const asked = new Set(await statesOf(many, 'person'));
  const { lost, ...held } = many.held();
  const { dead } = await many.status();
  const unasked = lost.filter((id) => !asked.has(id)).length;
  const counts = { lost: unasked, asked: asked.size, dead: dead.length };
  return { isDone, ...held, ...counts, figures: { ...figures, again } };
}

/** What was busy or away for the whole of the night is done by the next. */
async function tryAgain({ many, start, size }: Night): Promise<number> {
  const left = await statesOf(many, 'retry');
  if (left.length === 0) return 0;
  await until(async () => (await many.status()).nights.length === 0);
  await many.enqueue(left);
  start();
  await many.isDoneWithin(size.longestSeconds);
  return left.length;
}

async function statesOf(many: ManyCompanies, asksFor: 'person' | 'retry'): Promise<readonly string[]> {
  const rows = await many.byHand('SELECT company_id FROM company_state WHERE asks_for = $1', [asksFor]);
  return rows.map((row) => String(row['company_id']));
}

/** One of those that are at work. */
export function anyOf({ workers, chance }: Night): WorkerProcess | undefined {
  const running = workers.filter(({ isRunning }) => isRunning);
  return running.length === 0 ? undefined : chance.pick(running);
}

/** What the workers said, added up. */
export function toldBy(workers: readonly WorkerProcess[], what: 'overtaken' | 'failed' | 'unreachable'): number {
  return workers.reduce((sum, { told }) => sum + (told.at(-1)?.[what] ?? 0), 0);
}
