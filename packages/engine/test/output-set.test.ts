// oxlint-disable vitest/no-standalone-expect -- testOnSmallDisk is a test
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BilagError, type OutputFile } from '@bilag/core';
import { writeOutputSet } from '@bilag/engine';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentOf, fileNames } from './programs/generations.ts';
import {
  killHard,
  printed,
  runOnSmallDisk,
  startProgram,
  temporaryFolder,
  testOnSmallDisk,
  untilReady,
} from './run-program.ts';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = temporaryFolder();
  folder = join(parent, 'out');
});

afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

describe('a set of files', () => {
  test('appears with its names, sizes and digests', async () => {
    const { files } = await writeOutputSet(folder, [file('a.xml', 'Øre'), file('b.xml', Buffer.from([0, 255]), '')]);
    expect(files).toEqual([
      { name: 'a.xml', bytes: 4, sha256: sha256('Øre') },
      { name: 'b.xml', bytes: 2, sha256: sha256(Buffer.from([0, 255])) },
    ]);
    expect(holdings()).toEqual({ 'a.xml': 'Øre', 'b.xml': '\u0000\ufffd' });
    expect(readdirSync(parent)).toEqual(['out']);
  });

  test('is empty when there are no files, and then makes no folder', async () => {
    expect(await writeOutputSet(folder, [])).toEqual({ files: [] });
    expect(readdirSync(parent)).toEqual([]);
  });

  test('goes into an empty folder as well as into a new one, and makes the folders above it', async () => {
    mkdirSync(folder);
    chmodSync(folder, 0o750);
    await writeOutputSet(folder, [file('a.xml', 'A')]);
    folder = join(parent, 'several', 'levels', 'down');
    await writeOutputSet(folder, [file('a.xml', 'A')]);
    expect(holdings()).toEqual({ 'a.xml': 'A' });
    expect(readdirSync(parent).sort()).toEqual(['out', 'several']);
  });

  test('leaves files of other names alone', async () => {
    await writeOutputSet(folder, [file('first.xml', '1')]);
    mkdirSync(join(folder, 'a folder'));
    await writeOutputSet(folder, [file('second.xml', '2'), file('third.xml', '3')]);
    rmSync(join(folder, 'a folder'), { recursive: true });
    expect(holdings()).toEqual({ 'first.xml': '1', 'second.xml': '2', 'third.xml': '3' });
  });

  test('keeps every character whole, however the content is cut into pieces', async () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60_000, max: 70_000 }));
    await fc.assert(
      fc.asyncProperty(size, fc.nat(2), async (pieceLength, offset) => {
        const whole = 'x'.repeat(offset) + '🧾ø'.repeat(40_000);
        const pieces = [];
        for (let start = 0; start < whole.length; start += pieceLength)
          pieces.push(whole.slice(start, start + pieceLength));
        const { files } = await writeOutputSet(folder, [file('a.txt', ...pieces)], { replace: true });
        expect(readFileSync(join(folder, 'a.txt'), 'utf8') === whole).toBe(true);
        expect(files[0]?.sha256).toBe(sha256(whole));
      }),
      { numRuns: 30 },
    );
  });

  test('is written in flat memory', async () => {
    const program = startProgram('write-large-set', folder);
    const { bytes, grown } = JSON.parse(await printed(program)) as { bytes: number; grown: number };
    expect(bytes).toBe(4_000_000 * 54);
    expect(grown).toBeLessThan(100_000);
  });
});

describe('files that are there already', () => {
  test('are a conflict, found before the contents are made', async () => {
    await writeOutputSet(folder, [file('a.xml', 'before')]);
    const files = [file('new.xml', 'new'), { ...file('a.xml'), content: unreadable() }];
    await expect(writeOutputSet(folder, files)).rejects.toMatchObject({
      kind: 'conflict',
      where: join(folder, 'a.xml'),
    });
    expect(holdings()).toEqual({ 'a.xml': 'before' });
  });

  test('are replaced all together when that is asked for', async () => {
    await writeOutputSet(folder, [file('a.xml', 'before'), file('b.xml', 'before'), file('other.xml', 'stays')]);
    await writeOutputSet(folder, [file('a.xml', 'after'), file('b.xml', 'after')], { replace: true });
    expect(holdings()).toEqual({ 'a.xml': 'after', 'b.xml': 'after', 'other.xml': 'stays' });
  });

  test('stay until the new ones are whole', async () => {
    await writeOutputSet(folder, [file('a.xml', 'before'), file('b.xml', 'before')]);
    const seen: unknown[] = [];
    const files = ['a.xml', 'b.xml', 'c.xml'].map((name) => ({
      ...file(name),
      content: (function* () {
        yield 'after';
        seen.push(visible());
      })(),
    }));
    await writeOutputSet(folder, files, { replace: true });
    expect(seen).toEqual(Array.from({ length: 3 }, () => ({ 'a.xml': 'before', 'b.xml': 'before' })));
    expect(holdings()).toEqual({ 'a.xml': 'after', 'b.xml': 'after', 'c.xml': 'after' });
  });

  test('are not replaced when a folder has the name of a file', async () => {
    mkdirSync(join(folder, 'b.xml'), { recursive: true });
    const writing = writeOutputSet(folder, [file('a.xml', 'A'), file('b.xml', 'B')], { replace: true });
    await expect(writing).rejects.toMatchObject({ kind: 'config', where: join(folder, 'b.xml') });
    expect(readdirSync(folder)).toEqual(['b.xml']);
  });
});

describe('names', () => {
  test.each([
    '',
    '.',
    '..',
    '../a',
    '/etc/a',
    'a/b',
    'a\\b',
    'a\u0000',
    'a\n',
    'a:b',
    'a.',
    'x'.repeat(256),
    '.bilag-output',
  ])('%j is refused', async (name) => {
    await expect(writeOutputSet(folder, [file('ok.xml', ''), file(name, '')])).rejects.toMatchObject({
      kind: 'rejected',
    });
    expect(readdirSync(parent)).toEqual([]);
  });

  test.each([
    ['the same name', 'a.xml'],
    ['a name that differs in case', 'A.XML'],
  ])('a set with %s twice is refused', async (_, second) => {
    await expect(writeOutputSet(folder, [file('a.xml', ''), file(second, '')])).rejects.toMatchObject({
      kind: 'rejected',
    });
    expect(readdirSync(parent)).toEqual([]);
  });
});

describe('when something goes wrong', () => {
  const failing = new BilagError('config', { what: 'no grouping code', where: 'account 7770', action: 'add it' });

  test.each([
    ['the renderer', () => failures(failing), failing],
    ['a file the renderer reads', () => failures(noEntry()), noEntry()],
  ])('an error of %s passes unchanged, and nothing is left', async (_, content, error) => {
    const files = [file('a.xml', 'A'), { ...file('b.xml'), content: content() }];
    await expect(writeOutputSet(join(folder, 'deep'), files)).rejects.toEqual(error);
    expect(readdirSync(parent)).toEqual([]);
    await writeOutputSet(folder, [file('a.xml', 'before')]);
    const again = [file('a.xml', 'A'), { ...file('b.xml'), content: content() }];
    await expect(writeOutputSet(folder, again, { replace: true })).rejects.toEqual(error);
    expect(holdings()).toEqual({ 'a.xml': 'before' });
  });

  test('an abort in the middle removes what was begun and throws its reason', async () => {
    await writeOutputSet(folder, [file('a.xml', 'before')]);
    const control = new AbortController();
    const endless = (function* () {
      for (let piece = 0; ; piece += 1) {
        yield 'x'.repeat(10_000);
        if (piece === 50) control.abort(new Error('Ctrl-C'));
      }
    })();
    const files = [{ ...file('a.xml'), content: endless }];
    const writing = writeOutputSet(folder, files, { replace: true, signal: control.signal });
    await expect(writing).rejects.toThrow('Ctrl-C');
    expect(holdings()).toEqual({ 'a.xml': 'before' });
    expect(readdirSync(parent)).toEqual(['out']);
  });

  test('an abort after the last content still comes in time', async () => {
    const control = new AbortController();
    const content = (function* () {
      yield 'all of it';
      control.abort(new Error('Ctrl-C'));
    })();
    const writing = writeOutputSet(folder, [{ ...file('a.xml'), content }], { signal: control.signal });
    await expect(writing).rejects.toThrow('Ctrl-C');
    expect(readdirSync(parent)).toEqual([]);
  });

  test('a second writer to the same folder is told that it is busy', async () => {
    for (const state of ['absent', 'empty', 'with a file']) {
      rmSync(folder, { recursive: true, force: true });
      if (state !== 'absent') mkdirSync(folder);
      if (state === 'with a file') writeFileSync(join(folder, 'other.xml'), '');
      let error: unknown;
      const content = (async function* () {
        yield 'first';
        error = await writeOutputSet(folder, [file('b.xml', '')]).catch((caught: unknown) => caught);
      })();
      await writeOutputSet(folder, [{ ...file('a.xml'), content }]);
      expect(error).toMatchObject({ kind: 'busy' });
      expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toBe('first');
    }
  });

  test('a file where the folder should be is said to', async () => {
    writeFileSync(folder, '');
    await expect(writeOutputSet(folder, [file('a.xml', '')])).rejects.toMatchObject({ kind: 'config' });
    await expect(writeOutputSet(join(folder, 'x'), [file('a.xml', '')])).rejects.toMatchObject({ kind: 'config' });
    expect(readdirSync(parent)).toEqual(['out']);
  });

  testOnSmallDisk('a full disk leaves the previous output and nothing else', async () => {
    const result = JSON.parse(await runOnSmallDisk(1024, 'write-set-until-full')) as Record<string, unknown>;
    expect(result['errors']).toEqual([
      expect.stringContaining('the disk is full'),
      expect.stringContaining('the disk is full'),
    ]);
    expect(result).toMatchObject({ isPrevious: true, files: ['out', ...fileNames.map((name) => `out/${name}`)] });
  });
});

describe('killed at any moment', () => {
  test('a new folder has the whole set or does not exist', async () => {
    for (let round = 0; round < 6; round += 1) await runAndKill('new');
    const generations = readdirSync(folder).filter((name) => !name.startsWith('.'));
    expect(generations.length).toBeGreaterThanOrEqual(6);
    for (const generation of generations) expectWhole(join(folder, generation), Number(generation));
  });

  test('a folder with files has whole files at once, and one whole set after the next call', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'other.txt'), 'somebody else’s');
    for (let round = 0; round < 12; round += 1) {
      await runAndKill('same');
      for (const name of fileNames.filter((each) => existsSync(join(folder, each)))) {
        const content = readFileSync(join(folder, name), 'utf8');
        expect(content).toBe(contentOf(name, Number.parseInt(content, 10)));
      }
      await writeOutputSet(folder, []);
      expect(readdirSync(folder).sort()).toEqual([...fileNames, 'other.txt']);
      expectWhole(folder, Number.parseInt(readFileSync(join(folder, 'a.xml'), 'utf8'), 10));
    }
  });

  test('between two moves: the next call puts the previous output back, but not over what somebody changed', async () => {
    await writeOutputSet(folder, [file('a', 'before a'), file('b', 'before b'), file('c', 'before c')]);
    await printed(startProgram('die-between-moves', folder));
    expect(visible()).toMatchObject({ a: 'after a', b: 'after b', c: 'before c', d: 'after d' });
    rmSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b'), 'a person’s');
    await writeOutputSet(folder, []);
    expect(holdings()).toEqual({ a: 'before a', b: 'a person’s', c: 'before c' });
  });
});

async function runAndKill(mode: 'new' | 'same'): Promise<void> {
  const writer = startProgram('write-sets-until-killed', folder, mode);
  await untilReady(writer);
  await sleep(Math.random() * 60);
  await killHard(writer);
}

function expectWhole(target: string, generation: number): void {
  expect(readdirSync(target).filter((name) => name.endsWith('.xml'))).toEqual(fileNames);
  for (const name of fileNames) expect(readFileSync(join(target, name), 'utf8')).toBe(contentOf(name, generation));
}

function file(name: string, ...content: (string | Uint8Array)[]): OutputFile {
  return { name, mediaType: 'application/xml', content };
}

// oxlint-disable-next-line require-yield -- reading it is the failure
function* unreadable(): Generator<string> {
  throw new Error('the content was read');
}

function* failures(error: Error): Generator<string> {
  yield 'x'.repeat(100_000);
  throw error;
}

function noEntry(): Error {
  return Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The files of the folder and what they hold. */
function visible(): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(entries.map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** The same, where nothing else may lie in the folder. */
function holdings(): Record<string, string> {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(visible()).sort());
  return visible();
}
