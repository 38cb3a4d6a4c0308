import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as laterTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Commits } from '../src/storage/commits.ts';
import { durable, openOrMakeDatabase } from '../src/storage/database.ts';
import { temporaryFolder } from './run-program.ts';

let path: string;
let database: DatabaseSync;
let commits: Commits;
/** Lets the disk go on, when it is held up. */
let release: () => void;
let syncs: number;
let failsOnce: boolean;

beforeEach(async () => {
  path = join(temporaryFolder(), 'notes.sqlite');
  database = openOrMakeDatabase(path, durable, (opened) => opened.exec('CREATE TABLE note (text TEXT) STRICT'));
  commits = new Commits(database, path);
  syncs = 0;
  failsOnce = false;
  const file = await open(path);
  const files = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
  const sync = Reflect.get(files, 'sync') as FileHandle['sync'];
  vi.spyOn(files, 'sync').mockImplementation(async function (this: FileHandle) {
    syncs += 1;
    const held = new Promise<void>((resolve) => (release = resolve));
    await held;
    if (failsOnce) {
      failsOnce = false;
      throw Object.assign(new Error('the disk'), { code: 'EIO' });
    }
    await sync.call(this);
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await commits.finish();
  if (database.isOpen) database.close();
});

async function note(text: string): Promise<void> {
  await commits.make(() => database.prepare('INSERT INTO note VALUES (?)').run(text));
}

/** Which of some promises are kept after all that can be done without the disk. */
async function kept(promises: readonly Promise<void>[]): Promise<readonly number[]> {
  const done: number[] = [];
  for (const [place, promise] of promises.entries())
    promise.then(
      () => done.push(place),
      () => undefined,
    );
  for (let turn = 0; turn < 20; turn += 1) await laterTurn();
  return done;
}

async function untilHeld(count: number): Promise<void> {
  await vi.waitFor(() => expect(syncs).toBe(count));
}

describe.skipIf(process.platform === 'win32')('a transaction', () => {
  test('is done when it is on the disk, and until then others have the thread', async () => {
    const writing = note('a voucher');
    await untilHeld(1);
    expect(await kept([writing])).toEqual([]);
    release();
    await writing;
    const other = new DatabaseSync(path, { readOnly: true });
    expect(other.prepare('SELECT text FROM note').all()).toMatchObject([{ text: 'a voucher' }]);
    other.close();
  });

  test('that comes while the disk is at work waits for it to begin anew, together with all the others', async () => {
    const first = note('first');
    await untilHeld(1);
    const others = [note('second'), note('third'), note('fourth')];
    release();
    await first;
    await untilHeld(2);
    expect(await kept(others)).toEqual([]);
    release();
    await Promise.all(others);
    expect(syncs).toBe(2);
  });

  test('that the disk has failed is not done, and nothing after it: what the disk says then is not believed', async () => {
    const failing = note('lost');
    await untilHeld(1);
    failsOnce = true;
    release();
    await expect(failing).rejects.toThrow('the disk');
    await expect(note('after it')).rejects.toThrow('the disk');
    expect(syncs).toBe(1);
  });

  test('that is undone is told at once', async () => {
    const undone = commits.make(() => {
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(syncs).toBe(0);
  });

  test('is waited for before its database is closed, which leaves one file', async () => {
    const writing = note('a voucher');
    await untilHeld(1);
    const finished = commits.finish();
    expect(await kept([finished])).toEqual([]);
    release();
    await writing;
    await finished;
    database.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('of a database that does not write ahead is waited for by SQLite', async () => {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL');
    commits = new Commits(database, path);
    await note('a voucher');
    expect(syncs).toBe(0);
    const full = 2;
    const { synchronous } = database.prepare('PRAGMA synchronous').get() ?? {};
    expect(synchronous).toBe(full);
  });
});
