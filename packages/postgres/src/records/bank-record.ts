import type { BankDecision, BankHistory, BankRecord, KeptBankFile } from '@bilag/engine';
import {
  bankFilesThatHold,
  decisionTakenBack,
  noSuchFile,
  refuseDecided,
  refuseDecidedSince,
  refuseOtherBank,
} from '@bilag/engine/storage';
import type { Connection, Run } from '../connection.ts';

/** What a company's bank delivered, and what was decided about it. Whoever writes for a company waits for the one before. */
export class PostgresBankRecord implements BankRecord {
  readonly where: string;
  readonly #connection: Connection;
  readonly #companyId: string;

  constructor(connection: Connection, companyId: string) {
    this.where = `bank of ${companyId} in ${connection.where}`;
    this.#connection = connection;
    this.#companyId = companyId;
  }

  /** Whether anything was ever kept. */
  async isThere(): Promise<boolean> {
    const sql = `SELECT EXISTS (SELECT FROM bank_file WHERE company_id = $1)
      OR EXISTS (SELECT FROM bank_decision WHERE company_id = $1) AS is_there`;
    const [row] = await this.#connection.run(sql, [this.#companyId]);
    return row?.['is_there'] === true;
  }

  async keep(files: readonly KeptBankFile[]): Promise<readonly ('kept' | 'known')[]> {
    const sql = `INSERT INTO bank_file
      SELECT $1, 1 + coalesce(max(number), 0), $2, $3, $4, $5, $6, NULL FROM bank_file WHERE company_id = $1
      ON CONFLICT (company_id, digest) DO UPDATE
      SET name = excluded.name, account = excluded.account, imported_at = excluded.imported_at, taken_back_at = NULL
      WHERE bank_file.taken_back_at IS NOT NULL RETURNING number`;
    return this.#alone(async (run) => {
      const outcomes: ('kept' | 'known')[] = [];
      for (const { digest, name, account, importedAt, bytes } of files) {
        const kept = await run(sql, [this.#companyId, digest, name, account, importedAt, bytes]);
        outcomes.push(kept.length === 0 ? 'known' : 'kept');
      }
      return outcomes;
    });
  }

  async files(): Promise<readonly KeptBankFile[]> {
    return bankFilesThatHold(await this.history(), this.where);
  }

  async takeBackFile(digest: string, at: string, seen: number): Promise<void> {
    const sql = `UPDATE bank_file SET taken_back_at = $3
      WHERE company_id = $1 AND digest = $2 AND taken_back_at IS NULL RETURNING number`;
    await this.#alone(async (run) => {
      refuseDecidedSince(await this.#decisions(run), seen, this.where);
      if ((await run(sql, [this.#companyId, digest, at])).length === 0) throw noSuchFile(this.where);
    });
  }

  async decide(decision: Omit<BankDecision, 'number' | 'takenBackAt'>, seen: number): Promise<BankDecision> {
    return this.#alone(async (run) => {
      const decisions = await this.#decisions(run);
      refuseDecided(decisions, decision, seen, this.where);
      const made = { ...decision, number: 1 + (decisions.at(-1)?.number ?? 0), takenBackAt: null };
      await this.#insert(run, made);
      return made;
    });
  }

  async takeBack(number: number, at: string): Promise<BankDecision> {
    const sql = `UPDATE bank_decision SET taken_back_at = $3
      WHERE company_id = $1 AND number = $2 AND taken_back_at IS NULL RETURNING number`;
    return this.#alone(async (run) => {
      const taken = await run(sql, [this.#companyId, number, at]);
      return decisionTakenBack(await this.#decisions(run), number, taken.length === 1, this.where);
    });
  }

  async decisions(): Promise<readonly BankDecision[]> {
    return this.#decisions(this.#connection.run);
  }

  async history(): Promise<BankHistory> {
    return this.#history(this.#connection.run);
  }

  async restore(history: BankHistory): Promise<void> {
    await this.#alone(async (run) => {
      refuseOtherBank(await this.#history(run), history, this.where);
      for (const table of ['bank_file', 'bank_decision'])
        await run(`DELETE FROM ${table} WHERE company_id = $1`, [this.#companyId]);
      for (const [index, { digest, name, account, importedAt, bytes, takenBackAt }] of history.files.entries()) {
        const values = [this.#companyId, index + 1, digest, name, account, importedAt, bytes, takenBackAt];
        await run('INSERT INTO bank_file VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', values);
      }
      for (const decision of history.decisions) await this.#insert(run, decision);
    });
  }

  /** The connections are the pool's. */
  async close(): Promise<void> {
    return undefined;
  }

  async #insert(run: Run, decision: BankDecision): Promise<void> {
    const { number, kind, lines, payouts, note, decidedAt, takenBackAt } = decision;
    const values = [number, kind, JSON.stringify(lines), JSON.stringify(payouts), note, decidedAt, takenBackAt];
    const sql = 'INSERT INTO bank_decision VALUES ($1, $2, $3, $4, $5, $6, $7, $8)';
    await run(sql, [this.#companyId, ...values]);
  }

  async #history(run: Run): Promise<BankHistory> {
    const rows = await run('SELECT * FROM bank_file WHERE company_id = $1 ORDER BY number', [this.#companyId]);
    const files = rows.map((row) => ({
      digest: String(row['digest']),
      name: String(row['name']),
      account: row['account'] as string | null,
      importedAt: String(row['imported_at']),
      bytes: new Uint8Array(row['bytes'] as Buffer),
      takenBackAt: row['taken_back_at'] as string | null,
    }));
    return { files, decisions: await this.#decisions(run) };
  }

  async #decisions(run: Run): Promise<readonly BankDecision[]> {
    const rows = await run('SELECT * FROM bank_decision WHERE company_id = $1 ORDER BY number', [this.#companyId]);
    return rows.map((row) => ({
      number: Number(row['number']),
      kind: row['kind'] as BankDecision['kind'],
      lines: JSON.parse(String(row['lines'])) as string[],
      payouts: JSON.parse(String(row['payouts'])) as string[],
      note: row['note'] as string | null,
      decidedAt: String(row['decided_at']),
      takenBackAt: row['taken_back_at'] as string | null,
    }));
  }

  /** One transaction, and nobody else's for this company at the same time. */
  #alone<Result>(work: (run: Run) => Promise<Result>): Promise<Result> {
    return this.#connection.alone(`bank ${this.#companyId}`, work);
  }
}
