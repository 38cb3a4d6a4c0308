import pg from 'pg';

/** What was sent to the database by this process. */
export interface Statements {
  /** Round trips. */
  statements: number;
  /** Commits of something, and statements that are a transaction by themselves. */
  writes: number;
}

/** What a statement that writes has in it: our own functions write, too. */
const writing =
  /\b(INSERT|UPDATE|DELETE|save_\w+|take_\w+|release_\w+|leave_\w+|pin_target|store_readings|remember_ledgers|must_hold_archive)\b/;

type Query = (this: object, ...given: unknown[]) => unknown;

/** Counts what the driver sends, and kills the process when so many writes are durable. */
export function countStatements(diesAfterWrite?: number): Readonly<Statements> {
  const counted: Statements = { statements: 0, writes: 0 };
  const inTransaction = new WeakSet<object>();
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const query = prototype.query;
  const isDurable = (client: object, text: string): boolean => {
    if (/^\s*BEGIN/i.test(text)) inTransaction.add(client);
    if (/^\s*(COMMIT|ROLLBACK)/i.test(text)) {
      inTransaction.delete(client);
      return /COMMIT/i.test(text);
    }
    return !inTransaction.has(client) && writing.test(text);
  };
  prototype.query = function counting(...given) {
    const [first] = given;
    const text = typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text ?? '');
    counted.statements += 1;
    const isWrite = isDurable(this, text);
    const note = (): void => {
      if (!isWrite) return;
      counted.writes += 1;
      if (counted.writes === diesAfterWrite) process.kill(process.pid, 'SIGKILL');
    };
    const last = given.at(-1);
    if (typeof last === 'function') {
      const told = (...result: unknown[]): unknown => (note(), (last as (...all: unknown[]) => unknown)(...result));
      return query.apply(this, [...given.slice(0, -1), told]);
    }
    const answer = query.apply(this, given);
    if (answer instanceof Promise) void answer.then(note, () => undefined);
    return answer;
  };
  return counted;
}
