import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { plainDate } from '@bilag/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { createTurnstile, encryptedCredentials, openArchive, openDeliveryLog, writeOutputSet } from '../src/index.ts';
import { takeExclusiveLock } from '../src/storage/exclusive-lock.ts';
import { temporaryFolder } from './run-program.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

/** What others on the machine may use below a folder. */
function openToOthers(root: string): string[] {
  return readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => (statSync(join(root, name)).mode & 0o077) !== 0);
}

const date = plainDate('2026-01-31');

async function fillArchive(): Promise<void> {
  const archive = await openArchive(join(folder, 'archive'));
  const page = { sequence: 0, body: Buffer.from('{}'), request: 'GET /', receivedAt: '2026-02-01T06:00:00Z' };
  await archive.store({ ledgerId: '302321', topic: 'funds', date, closed: true, pages: [page] });
  expect(openToOthers(folder)).toEqual([]);
  await archive.close();
}

describe.skipIf(process.platform === 'win32')('others on the machine', () => {
  test('read neither archive nor delivery log, turns, keys or output', async () => {
    await fillArchive();
    const log = await openDeliveryLog(join(folder, 'delivery', 'kafe.sqlite'));
    const lease = await log.takeLease('kafe', { holder: 'me', now: 0, leaseMs: 60_000, requestTimeoutMs: 60_000 });
    await log.releaseLease(lease);
    const clock = { now: () => 0, sleep: async () => undefined, signal: new AbortController().signal };
    const limits = { concurrency: 1, perSecond: 4 };
    const turnstile = createTurnstile({ folder: join(folder, 'delivery', 'turns'), limits, clock });
    const store = encryptedCredentials({
      path: join(folder, 'keys', 'credentials.age'),
      passphrase: 'a b',
      workFactor: 4,
    });
    await store.put('file:fiken', { token: 'secret' });
    await turnstile.turn('file:fiken', () =>
      store.exclusively('file:fiken', async () => {
        await writeOutputSet(join(folder, 'output', 'kafe'), [
          { name: 'a.xml', mediaType: 'text/xml', content: ['A'] },
        ]);
        expect(openToOthers(folder)).toEqual([]);
      }),
    );
    turnstile.close();
    await log.close();
    expect(openToOthers(folder)).toEqual([]);
  });

  test('no longer read what an earlier release wrote for everybody, once it is opened', async () => {
    await fillArchive();
    const path = join(folder, 'kafe.sqlite');
    await (await openDeliveryLog(path)).close();
    chmodSync(join(folder, 'archive'), 0o755);
    chmodSync(join(folder, 'archive', 'index.sqlite'), 0o644);
    chmodSync(path, 0o644);
    await (await openArchive(join(folder, 'archive'), { create: false })).close();
    await (await openDeliveryLog(path, { create: false })).close();
    expect(openToOthers(folder)).toEqual([]);
  });

  test('still use a folder that an archive lies in with other things', async () => {
    await fillArchive();
    writeFileSync(join(folder, 'archive', 'ours.txt'), '');
    chmodSync(join(folder, 'archive'), 0o755);
    chmodSync(join(folder, 'archive', 'pages'), 0o755);
    await (await openArchive(join(folder, 'archive'))).close();
    expect(statSync(join(folder, 'archive')).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'archive', 'pages')).mode & 0o777).toBe(0o700);
  });

  test('a file of keys that others may read is refused, with what to do', async () => {
    const path = join(folder, 'credentials.age');
    const store = encryptedCredentials({ path, passphrase: 'a b', workFactor: 4 });
    await store.put('file:fiken', { token: 'secret' });
    chmodSync(path, 0o644);
    const refusal = {
      kind: 'config',
      what: expect.stringContaining('mode 644'),
      action: expect.stringContaining('chmod 600'),
    };
    await expect(store.get('file:fiken')).rejects.toMatchObject(refusal);
    await expect(store.put('file:fiken', { token: 'other' })).rejects.toMatchObject(refusal);
    chmodSync(path, 0o600);
    expect(await store.get('file:fiken')).toEqual({ token: 'secret' });
  });
});

describe('what lies in the place of unfinished work', () => {
  const files = [{ name: 'new.xml', mediaType: 'text/xml', content: ['new'] }];
  let precious: string;

  beforeEach(() => {
    precious = join(folder, 'precious');
    mkdirSync(precious);
    writeFileSync(join(precious, 'books.xml'), 'precious');
    mkdirSync(join(folder, 'out', '.bilag-output', 'previous'), { recursive: true });
  });

  const plant = (moves: unknown): void =>
    writeFileSync(join(folder, 'out', '.bilag-output', 'undo.json'), JSON.stringify(moves));
  const identityOf = (path: string): string => {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs].join();
  };

  test('never leads out of the folder: neither by a name', async () => {
    for (const name of ['../precious', '../precious/books.xml', '..', '', join(precious, 'books.xml'), 1]) {
      const place = join(folder, 'precious', ...(String(name).endsWith('books.xml') ? ['books.xml'] : []));
      for (const replaces of [true, false]) {
        plant([{ name, identity: identityOf(place), replaces }]);
        await expect(writeOutputSet(join(folder, 'out'), files)).rejects.toMatchObject({
          kind: 'conflict',
          where: join(folder, 'out', '.bilag-output'),
        });
        expect(readFileSync(join(precious, 'books.xml'), 'utf8')).toBe('precious');
        expect(existsSync(join(folder, 'out', 'new.xml'))).toBe(false);
      }
    }
  });

  test('nor by what is no list of moves', async () => {
    for (const moves of [null, {}, ['../precious'], [{ name: 'books.xml' }]]) {
      plant(moves);
      await expect(writeOutputSet(join(folder, 'out'), files)).rejects.toMatchObject({ kind: 'conflict' });
    }
  });

  test('nor by a link to a file, or to a folder of them', async () => {
    writeFileSync(join(folder, 'out', 'a.xml'), 'mine');
    const move = { name: 'a.xml', identity: identityOf(join(folder, 'out', 'a.xml')), replaces: true };
    symlinkSync(join(precious, 'books.xml'), join(folder, 'out', '.bilag-output', 'previous', 'a.xml'));
    plant([move]);
    await expect(writeOutputSet(join(folder, 'out'), files)).rejects.toMatchObject({ kind: 'conflict' });
    expect(readFileSync(join(folder, 'out', 'a.xml'), 'utf8')).toBe('mine');
  });

  test('is not followed when all of it is a link', async () => {
    for (const name of ['.bilag-output', '.beside.bilag-output']) {
      const out = join(folder, name === '.bilag-output' ? 'inside' : 'beside');
      mkdirSync(out);
      writeFileSync(join(out, 'there.xml'), 'there');
      symlinkSync(precious, join(name === '.bilag-output' ? out : folder, name));
      await expect(writeOutputSet(out, files)).rejects.toMatchObject({ kind: 'conflict' });
      expect(readdirSync(precious)).toEqual(['books.xml']);
    }
  });
});

test('a link where a lock or a new file of keys belongs is not followed', async () => {
  const path = join(folder, 'credentials.age');
  const precious = join(folder, 'precious');
  writeFileSync(precious, 'precious');
  symlinkSync(precious, `${path}.new-${process.pid}`);
  await encryptedCredentials({ path, passphrase: 'a b', workFactor: 4 }).put('fiken', { token: 'secret' });
  expect(readFileSync(precious, 'utf8')).toBe('precious');
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'lock'));
  expect(() => takeExclusiveLock(join(folder, 'lock'))).toThrow('a link lies where a file of ours belongs');
  expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
});

test('names that objects are born with are names of keys as any other', async () => {
  const store = encryptedCredentials({ path: join(folder, 'credentials.age'), passphrase: 'a b', workFactor: 4 });
  for (const name of ['__proto__', 'constructor', 'toString']) {
    await expect(store.get(`file:${name}`)).rejects.toMatchObject({ kind: 'config' });
  }
  await store.put('file:__proto__', { token: 'secret' });
  expect(await store.get('file:__proto__')).toEqual({ token: 'secret' });
});

test('keys that cannot be stored say what is in the way', async () => {
  writeFileSync(join(folder, 'file'), '');
  const store = encryptedCredentials({
    path: join(folder, 'file', 'credentials.age'),
    passphrase: 'a b',
    workFactor: 4,
  });
  await expect(store.put('fiken', { token: 'secret' })).rejects.toMatchObject({ name: 'BilagError' });
  mkdirSync(join(folder, 'keys.lock'));
  const other = encryptedCredentials({ path: join(folder, 'keys'), passphrase: 'a b', workFactor: 4 });
  await expect(other.put('fiken', { token: 'secret' })).rejects.toMatchObject({ name: 'BilagError' });
});
