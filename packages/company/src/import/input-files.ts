import { BilagError, type FileHead, type FileToImport } from '@bilag/core';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { seenIn } from './seen-in.ts';

/** A file that was found, and what it is. */
export interface FoundFile extends FileToImport {
  /** Undefined where the source does not know it. */
  readonly kind: string | undefined;
  /** What was seen, in words. */
  readonly seen: string;
  /** Whether it was named itself, and not its folder or archive. */
  readonly isNamed: boolean;
}

/** The files that were found; archives stay open until they are closed. */
export interface FoundFiles extends AsyncDisposable {
  readonly files: readonly FoundFile[];
}

interface Looking {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly recognises: (head: FileHead) => string | undefined;
}

/** Every file of the paths: files themselves, of folders and their folders all, and of zip archives what is in them. */
export async function findFiles(paths: readonly string[], looking: Looking): Promise<FoundFiles> {
  const archives: ZipFile[] = [];
  const files: FoundFile[] = [];
  const close = async (): Promise<void> => {
    for (const archive of archives) archive.close();
  };
  try {
    for (const path of paths) {
      const full = resolve(looking.cwd, path);
      const found = await stat(full).catch(() => undefined);
      if (found === undefined) throw notThere(path);
      const isFolder = found.isDirectory();
      for (const file of isFolder ? await pathsIn(full) : [full]) {
        looking.signal.throwIfAborted();
        const name = isFolder ? relative(looking.cwd, file) : path;
        const isLost = isFolder && !(await leadsToFile(file));
        files.push(...(isLost ? [lostLink(name)] : await filesAt(file, name, looking, archives, !isFolder)));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { files, [Symbol.asyncDispose]: close };
}

/** Files and links of a folder and its folders. A link to a folder is not followed: it may lead back. */
async function pathsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).split(sep).some(isHidden))
    .toSorted();
}

async function leadsToFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
}

function lostLink(name: string): FoundFile {
  return {
    name,
    size: 0,
    read: () => Readable.from([]),
    kind: undefined,
    seen: 'a link that leads to no file',
    isNamed: false,
  };
}

/** What systems leave beside files. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('__MACOSX') || name === 'Thumbs.db';
}

async function filesAt(
  path: string,
  name: string,
  looking: Looking,
  archives: ZipFile[],
  isNamed: boolean,
): Promise<readonly FoundFile[]> {
  const found = await stat(path);
  // A device or a pipe may never end.
  if (!found.isFile())
    throw new BilagError('config', { what: 'this is not a file', where: name, action: 'look at the path' });
  const { signal } = looking;
  const file = await recognised(
    { name, size: found.size, read: () => createReadStream(path, { signal }) },
    looking,
    isNamed,
  );
  if (file.kind !== undefined || file.seen !== 'a zip archive') return [file];
  const archive = await openPromise(path, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw brokenArchive(name, error);
  });
  archives.push(archive);
  return filesInArchive(archive, name, looking);
}

async function filesInArchive(archive: ZipFile, name: string, looking: Looking): Promise<readonly FoundFile[]> {
  if (archive.entryCount > mostEntries) throw bomb(name, `it has ${archive.entryCount} files`);
  const files: FoundFile[] = [];
  let unpacked = 0;
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/') || entry.fileName.split('/').some(isHidden)) continue;
      unpacked += entry.uncompressedSize;
      refuseBomb(entry, unpacked, name);
      const inside = `${name} → ${entry.fileName}`;
      if (!entry.canDecodeFileData())
        throw brokenArchive(inside, 'it is encrypted, or packed in a way that is not known');
      files.push(await recognised(fileOf(archive, entry, inside), looking, false));
    }
  } catch (error) {
    throw error instanceof BilagError ? error : brokenArchive(name, error);
  }
  return files;
}

function fileOf(archive: ZipFile, entry: Entry, name: string): FileToImport {
  return {
    name,
    size: entry.uncompressedSize,
    async *read() {
      try {
        yield* (await archive.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw brokenArchive(name, error);
      }
    },
  };
}

const mostEntries = 20_000;
/** Two gigabytes of XML are a long report. */
const mostUnpacked = 8_589_934_592;
/** Text packs to a tenth or a thirtieth; what says that it packs to less than a hundredth is made to fill a disk. */
const mostPacked = 100;
const smallFile = 67_108_864;

function refuseBomb(entry: Entry, unpacked: number, name: string): void {
  if (unpacked > mostUnpacked) throw bomb(name, `it unpacks to more than ${mostUnpacked / 1_073_741_824} GiB`);
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > smallFile && ratio > mostPacked)
    throw bomb(`${name} → ${entry.fileName}`, `it says that it unpacks to ${Math.round(ratio)} times its length`);
}

async function recognised(file: FileToImport, { recognises }: Looking, isNamed: boolean): Promise<FoundFile> {
  const bytes = await headOf(file);
  return { ...file, kind: recognises({ name: basename(file.name), bytes }), seen: seenIn(bytes), isNamed };
}

async function headOf({ read }: FileToImport): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of read()) {
    parts.push(part);
    length += part.length;
    if (length >= longestHead) break;
  }
  return Buffer.concat(parts).subarray(0, longestHead);
}

const longestHead = 65_536;

function notThere(path: string): BilagError {
  return new BilagError('not-found', {
    what: 'there is no such file or folder',
    where: path,
    action: 'look at the path',
  });
}

function brokenArchive(where: string, cause: unknown): BilagError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new BilagError(
    'rejected',
    { what: `this is not a whole zip archive: ${why}`, where, action: 'get it again; nothing was imported' },
    { cause },
  );
}

function bomb(where: string, why: string): BilagError {
  return new BilagError('rejected', {
    what: `the archive is not one of reports: ${why}`,
    where,
    action: 'look at where it came from; nothing was imported',
  });
}
