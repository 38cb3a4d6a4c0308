import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BilagError } from '@bilag/core';
import { sqliteCodeOf, sqliteCodes } from './database.ts';
import { makePrivateFile } from './private-files.ts';
import { toStorageError } from './storage-error.ts';

/** A lock that one process holds at a time, and that the operating system releases when the process dies. */
export interface ExclusiveLock {
  /** May be called again. */
  release(): void;
}

/**
 * Takes the lock, or returns undefined when somebody else holds it. SQLite's own file lock is used because it ends with
 * the process, also after `kill -9`: no stale lock files, no guessing from process numbers. Local disks only.
 *
 * Throws what `toStorageError` says where there can be no such file.
 */
export function takeExclusiveLock(path: string): ExclusiveLock | undefined {
  try {
    return takeLock(path);
  } catch (error) {
    throw toStorageError(error, path, 'nothing was changed');
  }
}

function takeLock(path: string): ExclusiveLock | undefined {
  for (;;) {
    makePrivateFile(path);
    const before = inodeOf(path);
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (isBusy(error)) return undefined;
      throw isNoLock(error) ? noLock(path, error) : error;
    }
    // The holder before us may have removed the file after we opened it: a lock on a removed file guards nothing.
    const isOurs = before !== undefined && before === inodeOf(path);
    if (isOurs) return { release: () => void (database.isOpen && database.close()) };
    database.close();
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** Damaged, or no database: a lock file holds nothing, so that somebody else wrote it. */
function isNoLock(error: unknown): boolean {
  return [sqliteCodes.damaged, sqliteCodes.notADatabase].some((code) => code === sqliteCodeOf(error));
}

function noLock(path: string, cause: unknown): BilagError {
  return new BilagError(
    'config',
    {
      what: 'a lock file holds something else',
      where: path,
      action: 'see who wrote it, and move it away while no process of Bilag runs; nothing was sent or changed',
    },
    { cause },
  );
}

function isBusy(error: unknown): boolean {
  return [sqliteCodes.busy, sqliteCodes.locked].some((code) => code === sqliteCodeOf(error));
}
