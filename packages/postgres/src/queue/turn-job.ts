import type { CompanyState, NightRun, Rest } from '@bilag/office';
import type { PgBoss } from 'pg-boss';
import type { Run } from '../connection.ts';

/** One turn of a company's night, as the queue carries it. */
export interface TurnJob {
  readonly companyId: string;
  readonly night: NightRun;
  /** Where the night of the company goes on. */
  readonly rest?: Rest;
  /** How often it was put off in this night because something was busy or away. */
  readonly putOff: number;
  /** What was done before it was put off. */
  readonly before?: Pick<CompanyState, 'fetched' | 'posted'>;
}

type BossDatabase = NonNullable<NonNullable<Parameters<PgBoss['touch']>[2]>['db']>;

/** Statements of pg-boss inside a transaction of ours: a turn ends with the last row of its work, or not at all. */
export function within(run: Run): BossDatabase {
  return { executeSql: async (text, values) => ({ rows: [...(await run(text, values))] }) };
}
