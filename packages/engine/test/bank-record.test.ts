import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { openBankRecord, type KeptBankFile } from '../src/index.ts';

const home = mkdtempSync(join(tmpdir(), 'bilag-bank-record-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function file(text: string): KeptBankFile {
  const bytes = new Uint8Array(Buffer.from(text));
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { digest, name: `${text}.xml`, account: null, importedAt: '2026-03-04T10:00:00.000Z', bytes };
}

const decision = {
  kind: 'match',
  lines: ['bank/1/a/b/1'],
  payouts: ['302321-2000045'],
  note: null,
  decidedAt: '2026-03-04T10:00:00.000Z',
} as const;

describe('the record of a bank', () => {
  test('keeps files byte for byte, each once, and for its owner alone', async () => {
    const path = join(home, 'files', 'kafe.bank.sqlite');
    const record = openBankRecord(path);
    expect(await record.keep([file('a'), file('b'), file('a')])).toEqual(['kept', 'kept', 'known']);
    expect(await record.keep([{ ...file('b'), name: 'other.xml' }])).toEqual(['known']);
    await record.close();
    const again = openBankRecord(path);
    expect(await again.files()).toEqual([file('a'), file('b')]);
    await again.close();
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('keeps all of the files or none', async () => {
    const record = openBankRecord(join(home, 'none.sqlite'));
    await expect(record.keep([file('a'), { ...file('b'), digest: 'short' }])).rejects.toThrow('CHECK constraint');
    expect(await record.files()).toEqual([]);
    await record.close();
  });

  test('numbers decisions, and takes each back once', async () => {
    const record = openBankRecord(join(home, 'decisions.sqlite'));
    expect(await record.decide(decision, 0)).toMatchObject({ number: 1, takenBackAt: null });
    const other = { ...decision, kind: 'unrelated', lines: ['bank/1/a/c/1'], payouts: [], note: 'til Kari' } as const;
    expect(await record.decide(other, 0)).toMatchObject({ number: 2 });
    expect(await record.takeBack(1, '2026-03-05T10:00:00.000Z')).toMatchObject({
      number: 1,
      takenBackAt: '2026-03-05T10:00:00.000Z',
    });
    await expect(record.takeBack(1, '2026-03-06T10:00:00.000Z')).rejects.toThrow('taken back before');
    await expect(record.takeBack(9, '2026-03-06T10:00:00.000Z')).rejects.toThrow('there is no decision 9');
    expect((await record.decisions()).map(({ number, takenBackAt }) => [number, takenBackAt])).toEqual([
      [1, '2026-03-05T10:00:00.000Z'],
      [2, null],
    ]);
    await record.close();
  });

  test('of two people who decide at once the second is refused: about the line, and about the payout', async () => {
    const path = join(home, 'two.sqlite');
    const [one, other] = [openBankRecord(path), openBankRecord(path)];
    await one.decide(decision, 0);
    await expect(other.decide({ ...decision, kind: 'unrelated', payouts: [] }, 0)).rejects.toThrow(
      'somebody else decided it',
    );
    const rest = { ...decision, lines: ['bank/1/a/c/1'] };
    await expect(other.decide(rest, 0)).rejects.toThrow('somebody else decided it meanwhile: decision 1');
    // Who has seen the first may say that the rest of the payout came by another line.
    expect(await other.decide(rest, 1)).toMatchObject({ number: 2 });
    await one.takeBack(1, '2026-03-05T10:00:00.000Z');
    expect(await other.decide(decision, 2)).toMatchObject({ number: 3 });
    await one.close();
    await other.close();
  });

  test('takes a file back, and in again for another account', async () => {
    const record = openBankRecord(join(home, 'back.sqlite'));
    await record.keep([file('a'), file('b')]);
    const { digest } = file('a');
    await record.takeBackFile(digest, '2026-03-05T10:00:00.000Z', 0);
    expect(await record.files()).toEqual([file('b')]);
    await expect(record.takeBackFile(digest, '2026-03-05T10:00:00.000Z', 0)).rejects.toThrow('taken back before');
    const again = { ...file('a'), account: '86011117947', importedAt: '2026-03-06T10:00:00.000Z' };
    expect(await record.keep([again])).toEqual(['kept']);
    expect(await record.files()).toEqual([again, file('b')]);
    await record.decide(decision, 0);
    await expect(record.takeBackFile(digest, '2026-03-07T10:00:00.000Z', 0)).rejects.toThrow('decision 1');
    expect(await record.files()).toHaveLength(2);
    await record.close();
  });

  test('a record from before files could be taken back is read on', async () => {
    const path = join(home, 'older.sqlite');
    const record = openBankRecord(path);
    await record.keep([file('a')]);
    await record.close();
    const database = new DatabaseSync(path);
    database.exec('ALTER TABLE bank_file DROP COLUMN taken_back_at; PRAGMA user_version = 1');
    database.close();
    const again = openBankRecord(path);
    expect(await again.files()).toEqual([file('a')]);
    await again.close();
  });

  test('a file that was changed in it is not used', async () => {
    const path = join(home, 'damaged.sqlite');
    const record = openBankRecord(path);
    await record.keep([file('a')]);
    await record.close();
    const database = new DatabaseSync(path);
    database.exec("UPDATE bank_file SET bytes = CAST('x' AS BLOB)");
    database.close();
    const again = openBankRecord(path);
    await expect(again.files()).rejects.toThrow('a.xml in it is damaged');
    await again.close();
  });

  test('another database in its place is refused', async () => {
    const path = join(home, 'other.sqlite');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE other (number INTEGER)');
    database.close();
    expect(() => openBankRecord(path)).toThrow('another database');
  });
});
