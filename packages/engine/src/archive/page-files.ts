import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { BilagError } from '@bilag/core';
import { syncFolder, writeDurably } from '../storage/durable-file.ts';
import { privateFolderMode } from '../storage/private-files.ts';
import { toStorageError } from '../storage/storage-error.ts';

const writtenAtOnce = 4;
const compress = promisify(gzip);

/** A page as the index knows it. */
export interface StoredPage {
  /** SHA-256 of the body as received, in hex. */
  readonly digest: string;
  /** Length of the body as received. */
  readonly bytes: number;
}

/** SHA-256 in hex. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Bodies of pages, each in a gzip file named by the digest of what was received: `pages/ab/cdef….gz`. */
export class PageFiles {
  readonly #folder: string;
  readonly #temporary: string;
  #written = 0;

  constructor(archiveFolder: string) {
    this.#folder = join(archiveFolder, 'pages');
    this.#temporary = join(archiveFolder, 'temporary');
  }

  /** Makes the folders and clears away what a run that died left half-written. Only the one writer may do this. */
  async prepare(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true });
    await mkdir(this.#temporary, { recursive: true, mode: privateFolderMode });
    await mkdir(this.#folder, { recursive: true, mode: privateFolderMode });
  }

  /** Writes bodies that are not there yet; when it returns, all of them survive a power cut. */
  async write(bodies: Iterable<Uint8Array>): Promise<void> {
    const folders = new Set([this.#folder]);
    const left = new Map(Array.from(bodies, (body) => [digestOf(body), body])).entries();
    const lane = async (): Promise<void> => {
      for (const [digest, body] of left) folders.add(await this.#writeOne({ digest, bytes: body.length }, body));
    };
    // Several at once wait for the disk together.
    const lanes = await Promise.allSettled(Array.from({ length: writtenAtOnce }, lane));
    for (const each of lanes) if (each.status === 'rejected') throw each.reason;
    await Promise.all(Array.from(folders, syncFolder));
  }

  /** Gives its folder. */
  async #writeOne(page: StoredPage, body: Uint8Array): Promise<string> {
    const folder = join(this.#folder, page.digest.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: privateFolderMode });
    // A file that is there but damaged is written anew: the good bytes are at hand.
    if (await this.#isWhole(page)) return folder;
    const temporary = join(this.#temporary, String(this.#written++));
    await writeDurably(this.pathOf(page.digest), temporary, await compress(body));
    return folder;
  }

  /** The body as received. Throws `not-found` when the file is missing and `rejected` when it is not what was received. */
  async read(page: StoredPage): Promise<Uint8Array> {
    const path = this.pathOf(page.digest);
    if (!/^[0-9a-f]{64}$/.test(page.digest)) throw damagedPage(this.#folder);
    const body = unpacked(packedIn(path), page.bytes);
    if (body === undefined || digestOf(body) !== page.digest) throw damagedPage(path);
    return body;
  }

  pathOf(digest: string): string {
    return join(this.#folder, digest.slice(0, 2), `${digest.slice(2)}.gz`);
  }

  async #isWhole(page: StoredPage): Promise<boolean> {
    return this.read(page).then(
      () => true,
      () => false,
    );
  }
}

/** At once, as the index is read: to hand a page of 60 kB to a thread, and to wait for it, takes three times as long. */
function packedIn(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw isAbsent(error) ? missingPage(path) : toStorageError(error, path, 'nothing was changed');
  }
}

/** Of zlib. */
const leastChunk = 64;

function unpacked(packed: Uint8Array, bytes: number): Uint8Array | undefined {
  try {
    // Into one piece of memory that it just fits; pieces would be put together once more.
    return gunzipSync(packed, { maxOutputLength: bytes + 1, chunkSize: Math.max(bytes + 1, leastChunk) });
  } catch {
    return undefined;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function missingPage(path: string): BilagError {
  return new BilagError('not-found', {
    what: 'a page of the archive is missing',
    where: path,
    action: 'restore the file from a backup, or fetch the period again into a new archive; nothing was changed',
  });
}

function damagedPage(path: string): BilagError {
  return new BilagError('rejected', {
    what: 'a page of the archive is damaged: its digest is not the one it was stored under',
    where: path,
    action: 'restore the file from a backup, or fetch the period again into a new archive; nothing was changed',
  });
}
