import { randomUUID } from 'node:crypto';
import {
  changesBetween,
  knownAfter,
  reasonsAfter,
  type Act,
  type CompaniesFilter,
  type CompanyState,
  type Confirmation,
  type KeptChange,
  type KeptReason,
  type KnownLedger,
  type NightRun,
  type OfficeStore,
  type SeenLedger,
} from '@bilag/office';
import type { Connection, Row, Run } from './connection.ts';
import { timeOf } from './delivery-rows.ts';

/** What an office remembers, for all its machines. */
export class PostgresOffice implements OfficeStore {
  readonly where: string;
  readonly #connection: Connection;
  readonly #run: Run;

  constructor(connection: Connection) {
    this.where = connection.where;
    this.#connection = connection;
    this.#run = connection.run;
  }

  async ledgers(keys: string): Promise<readonly KnownLedger[]> {
    return ledgersOf(this.#run, keys);
  }

  async look(keys: string, seen: readonly SeenLedger[], at: number): Promise<readonly KeptChange[]> {
    return this.#connection.transaction(async (run) => {
      await lock(run, `look ${keys}`);
      const known = await ledgersOf(run, keys);
      const ledgers = knownAfter(known, seen, at).map((ledger) => ({
        id: ledger.id,
        currency: ledger.currency,
        owner: ledger.owner,
        units: JSON.stringify(ledger.units),
        payout_account: ledger.payoutAccount,
        first_seen: ledger.firstSeen,
        last_seen: ledger.lastSeen,
        is_gone: ledger.isGone,
      }));
      await run(
        `INSERT INTO seen_ledger SELECT $1, given.* FROM jsonb_to_recordset($2::jsonb) AS given (id text, currency text,
           owner text, units text, payout_account text, first_seen bigint, last_seen bigint, is_gone boolean)
         ON CONFLICT (keys, id) DO UPDATE SET currency = excluded.currency, owner = excluded.owner, units = excluded.units,
           payout_account = excluded.payout_account, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
           is_gone = excluded.is_gone`,
        [keys, JSON.stringify(ledgers)],
      );
      const changes = changesBetween(known, seen).map((change): KeptChange => {
        return { ...change, id: randomUUID(), keys, at, confirmed: null };
      });
      const given = changes.map(({ id, ledgerId, kind, what, asks }) => ({
        id,
        ledger_id: ledgerId,
        kind,
        what,
        asks,
      }));
      await run(
        `INSERT INTO ledger_change (id, keys, ledger_id, kind, what, asks, at)
         SELECT given.id, $1, given.ledger_id, given.kind, given.what, given.asks, $2
         FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (id text, ledger_id text, kind text, what text, asks text))
           WITH ORDINALITY AS given (id, ledger_id, kind, what, asks, place) ORDER BY place`,
        [keys, at, JSON.stringify(given)],
      );
      return changes;
    });
  }

  async changes({ ledgerIds, isOpen, since }: Parameters<OfficeStore['changes']>[0] = {}): Promise<
    readonly KeptChange[]
  > {
    const values: unknown[] = [];
    const conditions = [
      ...(ledgerIds === undefined ? [] : [`ledger_id = ANY ($${values.push(ledgerIds)})`]),
      ...(isOpen === true ? [isAsked] : []),
      ...(since === undefined ? [] : [`at >= $${values.push(since)}`]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return (await this.#run(`SELECT * FROM ledger_change ${where} ORDER BY number DESC`, values)).map(changeOf);
  }

  async confirm(ledgerId: string, { by, at }: Confirmation): Promise<readonly KeptChange[]> {
    const sql = `WITH confirmed AS (
        UPDATE ledger_change SET confirmed_by = $2, confirmed_at = $3 WHERE ledger_id = $1 AND ${isAsked} RETURNING *
      ) SELECT * FROM confirmed ORDER BY number DESC`;
    return (await this.#run(sql, [ledgerId, by, at])).map(changeOf);
  }

  async beginNight({ target, at, goesOnSince }: Parameters<OfficeStore['beginNight']>[0]): Promise<NightRun> {
    return this.#connection.transaction(async (run) => {
      await lock(run, `night ${target}`);
      const [row] = await run('SELECT * FROM night WHERE target = $1 ORDER BY number DESC LIMIT 1', [target]);
      const last = row && nightOf(row);
      if (last !== undefined && last.endedAt === null && last.startedAt >= goesOnSince) return last;
      const night = { id: randomUUID(), target, startedAt: at, endedAt: null };
      await run('INSERT INTO night (id, target, started_at) VALUES ($1, $2, $3)', [night.id, target, at]);
      return night;
    });
  }

  async companiesOf({ id }: NightRun): Promise<ReadonlySet<string>> {
    const rows = await this.#run('SELECT company_id FROM company_state WHERE night_id = $1', [id]);
    return new Set(rows.map((row) => String(row['company_id'])));
  }

  async endNight({ id }: NightRun, at: number): Promise<void> {
    await this.#run('UPDATE night SET ended_at = $2 WHERE id = $1', [id, at]);
  }

  async nights(most: number): Promise<readonly NightRun[]> {
    return (await this.#run('SELECT * FROM night ORDER BY number DESC LIMIT $1', [most])).map(nightOf);
  }

  async saveCompany(night: NightRun, state: CompanyState): Promise<void> {
    await this.#connection.transaction(async (run) => saveCompany(run, night, state));
  }

  async *companies({ asksFor, after = '' }: CompaniesFilter = {}): AsyncGenerator<CompanyState> {
    const condition = asksFor === undefined ? '' : 'asks_for = $4 AND';
    const sql = `SELECT company_id, target, state FROM company_state
      WHERE ${condition} company_id > $3 AND (company_id, target) > ($1, $2) ORDER BY company_id, target LIMIT 200`;
    for (let last: readonly [string, string] = ['', '']; ;) {
      const rows = await this.#run(sql, [...last, after, ...(asksFor === undefined ? [] : [asksFor])]);
      for (const row of rows) yield JSON.parse(String(row['state'])) as CompanyState;
      const end = rows.at(-1);
      if (end === undefined) return;
      last = [String(end['company_id']), String(end['target'])];
    }
  }

  async *reasons({ companyId }: Parameters<OfficeStore['reasons']>[0] = {}): AsyncGenerator<KeptReason> {
    const condition = companyId === undefined ? '' : 'company_id = $5 AND';
    const sql = `SELECT company_id, target, found_at, place, reason FROM kept_reason
      WHERE ${condition} (company_id, target, found_at, place) > ($1, $2, $3, $4)
      ORDER BY company_id, target, found_at, place LIMIT 200`;
    for (let last: readonly unknown[] = ['', '', 0, 0]; ;) {
      const rows = await this.#run(sql, [...last, ...(companyId === undefined ? [] : [companyId])]);
      yield* rows.map(reasonOf);
      const end = rows.at(-1);
      if (end === undefined) return;
      last = [end['company_id'], end['target'], end['found_at'], end['place']];
    }
  }

  async beginAct(act: Omit<Act, 'id' | 'ended'>): Promise<Act> {
    const id = randomUUID();
    const { companyId, kind, what, by, at } = act;
    const sql = 'INSERT INTO act (id, company_id, kind, what, by, at) VALUES ($1, $2, $3, $4, $5, $6)';
    await this.#run(sql, [id, companyId, kind, what, by, at]);
    return { id, companyId, kind, what, by, at, ended: null };
  }

  async endAct(id: string, ended: NonNullable<Act['ended']>): Promise<void> {
    await this.#run('UPDATE act SET ended = $2 WHERE id = $1 AND ended IS NULL', [id, JSON.stringify(ended)]);
  }

  async acts({ companyId, before, most }: Parameters<OfficeStore['acts']>[0]): Promise<readonly Act[]> {
    const values: unknown[] = [most];
    const conditions = [
      ...(companyId === undefined ? [] : [`company_id = $${values.push(companyId)}`]),
      ...(before === undefined ? [] : [`number < (SELECT number FROM act WHERE id = $${values.push(before)})`]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return (await this.#run(`SELECT * FROM act ${where} ORDER BY number DESC LIMIT $1`, values)).map(actOf);
  }

  /** The connections are the pool's. */
  async close(): Promise<void> {
    return undefined;
  }
}

/** Keeps how a company stands, and what waits for a person; a part of a transaction. */
export async function saveCompany(run: Run, { id }: NightRun, state: CompanyState): Promise<void> {
  const { companyId, target, asksFor } = state;
  const kept = await run('SELECT reason FROM save_company($1, $2, $3, $4, $5)', [
    id,
    companyId,
    target,
    asksFor,
    JSON.stringify(state),
  ]);
  const reasons = reasonsAfter(kept.map(reasonOf), state);
  if (reasons.length === 0) return;
  await run(
    `INSERT INTO kept_reason SELECT $1, $2, (given.reason::jsonb ->> 'foundAt')::bigint, given.place, given.reason
     FROM unnest($3::text[]) WITH ORDINALITY AS given (reason, place)`,
    [companyId, target, reasons.map((reason) => JSON.stringify(reason))],
  );
}

const isAsked = "asks = 'confirm' AND confirmed_at IS NULL";

/** One at a time until the transaction ends, for what has no row of its own yet. */
async function lock(run: Run, name: string): Promise<void> {
  await run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}

async function ledgersOf(run: Run, keys: string): Promise<readonly KnownLedger[]> {
  const rows = await run('SELECT * FROM seen_ledger WHERE keys = $1 ORDER BY id', [keys]);
  return rows.map((row) => ({
    id: String(row['id']),
    currency: row['currency'] as string | null,
    owner: row['owner'] as string | null,
    units: JSON.parse(String(row['units'])) as string[],
    payoutAccount: row['payout_account'] as string | null,
    firstSeen: Number(row['first_seen']),
    lastSeen: Number(row['last_seen']),
    isGone: row['is_gone'] === true,
  }));
}

function changeOf(row: Row): KeptChange {
  const { confirmed_by: by, confirmed_at: at } = row;
  return {
    ledgerId: String(row['ledger_id']),
    kind: row['kind'] as KeptChange['kind'],
    what: String(row['what']),
    asks: row['asks'] as KeptChange['asks'],
    id: String(row['id']),
    keys: String(row['keys']),
    at: Number(row['at']),
    confirmed: at === null ? null : { by: String(by), at: Number(at) },
  };
}

function reasonOf(row: Row): KeptReason {
  return JSON.parse(String(row['reason'])) as KeptReason;
}

function actOf(row: Row): Act {
  const { ended } = row;
  return {
    id: String(row['id']),
    companyId: String(row['company_id']),
    kind: String(row['kind']),
    what: String(row['what']),
    by: String(row['by']),
    at: Number(row['at']),
    ended: ended === null ? null : (JSON.parse(String(ended)) as NonNullable<Act['ended']>),
  };
}

function nightOf(row: Row): NightRun {
  return {
    id: String(row['id']),
    target: String(row['target']),
    startedAt: Number(row['started_at']),
    endedAt: timeOf(row['ended_at']),
  };
}
