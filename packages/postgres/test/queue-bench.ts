import type { Company } from '@bilag/company';
import pg from 'pg';
import { merchantOf, openOfficeBench, type OfficeBench } from '../../office/test/office-bench.ts';
import {
  companyStores,
  migratePostgres,
  openPostgres,
  openQueue,
  type OfficeQueue,
  type WorkerEvent,
} from '../src/index.ts';

/** An office whose companies are kept in PostgreSQL, and its queue. */
export interface QueueBench extends AsyncDisposable {
  readonly office: OfficeBench;
  readonly companies: ReadonlyMap<string, Company>;
  readonly schema: string;
  readonly queue: OfficeQueue;
  /** Another worker's view of the same queue. */
  open(): Promise<OfficeQueue>;
  /** A night that was cut off is gone on with; `another` begins one of its own all the same. */
  enqueue(which?: 'another'): ReturnType<OfficeQueue['enqueue']>;
  /** Works until nothing is left; what is told of it. */
  work(
    queue?: OfficeQueue,
    companyOf?: (id: string) => Company | undefined | Promise<Company | undefined>,
    atOnce?: number,
  ): Promise<readonly WorkerEvent[]>;
  byHand(sql: string): Promise<readonly Record<string, unknown>[]>;
}

let places = 0;

export async function openQueueBench(connectionString: string, count: number): Promise<QueueBench> {
  const schema = `queue_${(places += 1)}`;
  const options = { connectionString, schema };
  await migratePostgres(options);
  const postgres = await openPostgres({ ...options, time: 'given' });
  // The simulators go by a clock that waiting moves, and so do the companies.
  const { clock: _, ...stores } = companyStores(postgres);
  const merchants = Array.from({ length: count }, (_each, index) => merchantOf(index));
  const office = await openOfficeBench(merchants, {}, stores);
  const queues: OfficeQueue[] = [];
  const open = async (): Promise<OfficeQueue> => {
    const queue = await openQueue(options);
    queues.push(queue);
    return queue;
  };
  const companies = new Map(office.companies.map((company) => [company.id, company]));
  const queue = await open();
  return {
    office,
    companies,
    schema,
    queue,
    open,
    enqueue: (which) => {
      const at = Date.now();
      const goesOnSince = which === 'another' ? at + 1 : at - 43_200_000;
      const asked = { target: 'books', at, goesOnSince };
      return queue.enqueue(
        [...companies.keys()].map((id) => ({ id, input: { id } })),
        asked,
      );
    },
    work: async (own = queue, companyOf = (id) => companies.get(id), atOnce = 4) => {
      const events: WorkerEvent[] = [];
      await own.work({
        companyOf,
        surroundings: office.surroundings,
        atOnce,
        untilEmpty: true,
        onEvent: (event) => void events.push(event),
      });
      return events;
    },
    byHand: async (sql) => {
      const client = new pg.Client({ connectionString, options: `-c search_path=${schema},${schema}_queue` });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of queues) await each.close();
      await office[Symbol.asyncDispose]();
      await postgres.close();
    },
  };
}
