import { existsSync, lstatSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BilagError, isBilagError } from '@bilag/core';
import { isNameInFolder } from '../storage/name-in-folder.ts';
import { syncFolder, writeDurably } from '../storage/durable-file.ts';
import { privateFolderMode } from '../storage/private-files.ts';
import { takeExclusiveLock, type ExclusiveLock } from '../storage/exclusive-lock.ts';

/** The folder of unfinished work: beside a folder that is new, inside one that has files. */
export const stagingName = '.bilag-output';

/** Where files wait until all of them are whole. */
export interface Staging {
  /** Where the files are going. */
  readonly folder: string;
  /** Where a file waits. */
  pathOf(name: string): string;
  /** Throws when a file of that name is there already. */
  refuseExisting(name: string): Promise<void>;
  /** Moves the files into place: all, or on an error none. */
  publish(names: readonly string[], options: { readonly replace: boolean }): Promise<void>;
  /** Removes everything temporary, published or not. */
  discard(): Promise<void>;
}

/** Clears away what a run that died left over, and makes room for a new set. One process per folder: else `busy`. */
export async function openStaging(wantedFolder: string): Promise<Staging> {
  const folder = await realpath(wantedFolder).catch(() => wantedFolder);
  const inside = join(folder, stagingName);
  const beside = join(dirname(folder), `.${basename(folder)}${stagingName}`);
  for (const root of [inside, beside]) {
    if (existsSync(root)) await recover(root, folder);
  }
  const madeParent = existsSync(folder)
    ? undefined
    : await mkdir(dirname(folder), { recursive: true, mode: privateFolderMode });
  const isWhole = await canAppearWhole(folder, beside);
  const root = isWhole ? beside : inside;
  await mkdir(root, { recursive: true, mode: privateFolderMode });
  const lock = lockStaging(root, folder);
  await mkdir(filesIn(root), { mode: privateFolderMode }).catch(async (error: unknown) => {
    await remove(root, lock);
    throw error;
  });
  const present = (name: string): Promise<boolean> => refuseOtherThanFile(join(folder, name));
  return {
    folder,
    pathOf: (name) => join(filesIn(root), name),
    refuseExisting: async (name) => {
      if (await present(name)) throw fileExists(join(folder, name));
    },
    publish: async (names, { replace }) => {
      for (const name of names) if ((await present(name)) && !replace) throw fileExists(join(folder, name));
      if (names.length === 0) return;
      await syncFolder(filesIn(root));
      await (isWhole ? appearWhole(root, folder) : moveEach(root, folder, names));
    },
    discard: async () => {
      await remove(root, lock);
      if (madeParent !== undefined) await removeEmpty(dirname(folder), madeParent);
    },
  };
}

function filesIn(root: string): string {
  return join(root, 'files');
}

/** A folder that is new, or empty and no mount point of its own, can come into being whole by one rename. */
async function canAppearWhole(folder: string, beside: string): Promise<boolean> {
  if (!existsSync(folder)) return true;
  if ((await readdir(folder)).length > 0) return false;
  if ((await stat(folder)).dev !== (await stat(dirname(folder))).dev) return false;
  // Its parent may belong to somebody else.
  return mkdir(beside, { mode: privateFolderMode }).then(
    () => true,
    () => false,
  );
}

async function appearWhole(root: string, folder: string): Promise<void> {
  if (existsSync(folder)) {
    await chmod(filesIn(root), (await stat(folder)).mode);
    await rmdir(folder);
  }
  await rename(filesIn(root), folder);
  await syncFolder(dirname(folder));
}

/** One file's move, written down beforehand so that it can be undone. */
interface Move {
  readonly name: string;
  /** Of the new file: only what we moved, and nobody touched since, is ever undone. */
  readonly identity: string;
  /** Whether a file of that name was there; it waits in `previous`. */
  readonly replaces: boolean;
}

async function moveEach(root: string, folder: string, names: readonly string[]): Promise<void> {
  // A single rename is all or nothing by itself.
  if (names.length > 1) await writeUndo(root, folder, names);
  try {
    for (const name of names) await rename(join(filesIn(root), name), join(folder, name));
    await syncFolder(folder);
    await rm(undoIn(root), { force: true });
    await syncFolder(root);
  } catch (error) {
    await undo(root, folder);
    throw error;
  }
}

async function writeUndo(root: string, folder: string, names: readonly string[]): Promise<void> {
  const previous = previousIn(root);
  await mkdir(previous, { mode: privateFolderMode });
  const moves: Move[] = [];
  for (const name of names) {
    const replaces = existsSync(join(folder, name));
    if (replaces) await keep(join(folder, name), join(previous, name));
    moves.push({ name, identity: await identityOf(join(filesIn(root), name)), replaces });
  }
  await syncFolder(previous);
  await writeDurably(undoIn(root), `${undoIn(root)}.new`, Buffer.from(JSON.stringify(moves)));
  await syncFolder(root);
  await syncFolder(folder);
}

/** A second name for the file, or a copy where the disk has no such thing (FAT). */
async function keep(file: string, place: string): Promise<void> {
  await link(file, place).catch(() => copyFile(file, place));
}

/** Puts the previous output back, as far as the moves went; nothing to do when no moves are written down. */
async function undo(root: string, folder: string): Promise<void> {
  if (!existsSync(undoIn(root))) return;
  try {
    await undoMoves(root, folder);
  } catch (cause) {
    throw isBilagError(cause) ? cause : notUndone(folder, cause);
  }
}

async function undoMoves(root: string, folder: string): Promise<void> {
  const moves = movesIn(await readFile(undoIn(root), 'utf8'), root);
  for (const { name, identity, replaces } of moves) {
    const file = join(folder, name);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.isFile() !== true || (await identityOf(file)) !== identity) continue;
    const previous = join(previousIn(root), name);
    if (replaces && !isOwnFile(previous)) throw notOurs(root);
    await (replaces ? rename(previous, file) : rm(file));
  }
  await syncFolder(folder);
  await rm(undoIn(root));
}

/** What is written in there may come from anybody: a name never leads out of the folder. */
function movesIn(text: string, root: string): readonly Move[] {
  let moves: unknown;
  try {
    moves = JSON.parse(text);
  } catch {
    throw notOurs(root);
  }
  if (!Array.isArray(moves) || !moves.every(isMove)) throw notOurs(root);
  return moves;
}

function isMove(value: unknown): value is Move {
  if (typeof value !== 'object' || value === null) return false;
  const { name, identity, replaces } = value as Partial<Record<keyof Move, unknown>>;
  return (
    typeof name === 'string' && isNameInFolder(name) && typeof identity === 'string' && typeof replaces === 'boolean'
  );
}

/** A file in a folder of ours, and neither of them a link. */
function isOwnFile(path: string): boolean {
  return lstatSync(dirname(path)).isDirectory() && lstatSync(path).isFile();
}

function undoIn(root: string): string {
  return join(root, 'undo.json');
}

function previousIn(root: string): string {
  return join(root, 'previous');
}

/** A move keeps it, an edit changes it; the inode alone may be given to another file as soon as it is free. */
async function identityOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await lstat(path, { bigint: true });
  return [ino, size, mtimeNs].join();
}

async function recover(root: string, folder: string): Promise<void> {
  if (!lstatSync(root).isDirectory()) throw notOurs(root);
  const lock = lockStaging(root, folder);
  try {
    await undo(root, folder);
  } finally {
    await remove(root, lock);
  }
}

function lockStaging(root: string, folder: string): ExclusiveLock {
  const lock = takeExclusiveLock(join(root, 'lock'));
  if (lock !== undefined) return lock;
  throw new BilagError('busy', {
    what: 'another process is writing to this folder',
    where: folder,
    action: 'wait until it is done and run again; nothing was changed',
  });
}

/** What cannot be removed is removed by the next run: the output is in place or untouched either way. */
async function remove(root: string, lock: ExclusiveLock): Promise<void> {
  // Windows does not remove a file that is open.
  if (process.platform === 'win32') lock.release();
  // As long as moves are not undone, the previous output is in there.
  if (!existsSync(undoIn(root))) await rm(root, { recursive: true, force: true }).catch(() => undefined);
  lock.release();
}

/** Removes the folders made for an output that did not come, from the innermost out, as long as they are empty. */
async function removeEmpty(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; folder.length >= outermost.length; folder = dirname(folder)) {
    const isRemoved = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}

/** Whether a file is there; anything else of that name (a folder, a link) is never replaced. */
async function refuseOtherThanFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return found !== undefined;
  throw new BilagError('config', {
    what: 'something that is not a file has the name of a file to write',
    where: path,
    action: 'move it away or choose another folder; nothing was changed',
  });
}

function notUndone(folder: string, cause: unknown): BilagError {
  const parts = {
    what: 'the previous output could not be put back',
    where: folder,
    action: `make the folder writable and run again: the previous files are safe in ${stagingName} and are put back first`,
  };
  return new BilagError('unavailable', parts, { cause });
}

function notOurs(root: string): BilagError {
  return new BilagError('conflict', {
    what: 'in the place of unfinished work lies what Bilag did not put there',
    where: root,
    action: 'see who did, and remove it; nothing was changed',
  });
}

function fileExists(path: string): BilagError {
  return new BilagError('conflict', {
    what: 'the file is there already',
    where: path,
    action: 'choose another folder, or ask for it to be replaced; nothing was changed',
  });
}
