import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { BilagError } from '@bilag/core';

/** Books are for the user who runs Bilag: others on the machine read neither folders nor files. Windows has no such modes. */
export const privateFolderMode = 0o700;
export const privateFileMode = 0o600;

/** Makes a folder and those above it that are missing. One that is there stays as it is. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: privateFolderMode });
}

/**
 * Makes an empty file where there is none. One that is there is not opened: closing it would take away the locks that this
 * process has on it. Throws `config` for a link, which may lead anywhere.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateFileMode));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw isLink(path);
  }
}

/** Takes from others what they may do with a file or folder of ours. What belongs to somebody else stays as it is. */
export function makePrivate(...paths: readonly string[]): void {
  if (process.platform === 'win32') return;
  for (const path of paths) {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    if (mode === undefined || (mode & 0o077) === 0) continue;
    try {
      chmodSync(path, mode & 0o700);
    } catch {
      // Its owner, or a disk that is read-only, decides.
    }
  }
}

/** A database with what SQLite keeps beside it. */
export function databaseFiles(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`];
}

/** Throws `config` when others may read or change a file of secrets: who did is not known, and the user must hear of it. */
export function refuseOpenToOthers(path: string): void {
  if (process.platform === 'win32') return;
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) === 0) return;
  throw new BilagError('config', {
    what: `others on this machine may use the file of keys (mode ${(mode & 0o777).toString(8)})`,
    where: path,
    action: `take that from them (chmod 600), and replace the keys if somebody may have read it; nothing was read`,
  });
}

function isLink(path: string): BilagError {
  return new BilagError('config', {
    what: 'a link lies where a file of ours belongs',
    where: path,
    action: 'see who made it, and remove it; nothing was changed',
  });
}
