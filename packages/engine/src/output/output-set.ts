import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BilagError, type OutputFile } from '@bilag/core';
import { blocksOf } from './blocks.ts';
import { openStaging, stagingName, type Staging } from './output-staging.ts';
import { privateFileMode } from '../storage/private-files.ts';
import { isNameInFolder } from '../storage/name-in-folder.ts';
import { toStorageError } from '../storage/storage-error.ts';

export interface OutputSetOptions {
  /** Whether files of the same names may be replaced; otherwise they are a `conflict`. */
  readonly replace?: boolean;
  /** Stops the writing: everything temporary is removed, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes files that belong together: they appear together, whole, or not at all. Contents are streamed one after the
 * other to a hidden folder on the same disk, brought safely onto the disk, and moved into place when all are whole.
 *
 * What is guaranteed, also against `kill -9` and a full disk:
 *
 * - Every file in `folder` is whole at any moment. On an error or abort the previous output is untouched.
 * - Where `folder` is new or empty, all files appear in one step: a reader sees none of them or all.
 * - Where `folder` has other files, each new file takes its place in one step, one after the other. If the process dies
 *   in that instant, the next call for this folder first puts the previous output back.
 * - Files and folders that are made are the user's alone (600 and 700); a folder that is there keeps its mode.
 * - Files of other names stay. What a run that died left over is cleared away by the next call for this folder.
 *
 * Throws `conflict` (a file is there already and `replace` is not set, or what lies in place of unfinished work is not ours), `rejected` (a name that is no plain file name, or
 * there twice), `busy` (another process writes to this folder), `unavailable` (disk full), `forbidden`, `config`.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { writeOutputSet } from '@bilag/engine';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'output-'));
 * const files = [{ name: 'greeting.txt', mediaType: 'text/plain', content: ['Hei, ', 'verden!'] }];
 * const set = await writeOutputSet(folder, files);
 * set.files.map((file) => [file.name, file.bytes]); // => [['greeting.txt', 12]]
 * ```
 */
export async function writeOutputSet(
  folder: string,
  files: AsyncIterable<OutputFile> | Iterable<OutputFile>,
  { replace = false, signal }: OutputSetOptions = {},
): Promise<{ readonly files: readonly WrittenFile[] }> {
  signal?.throwIfAborted();
  const staging = await guarded(folder, () => openStaging(resolve(folder)));
  try {
    const written: WrittenFile[] = [];
    for await (const file of files) {
      signal?.throwIfAborted();
      checkName(file.name, written);
      if (!replace) await guarded(folder, () => staging.refuseExisting(file.name));
      written.push(await writeFile(file, staging, signal));
    }
    signal?.throwIfAborted();
    await guarded(folder, () =>
      staging.publish(
        written.map((file) => file.name),
        { replace },
      ),
    );
    return { files: written };
  } finally {
    await staging.discard();
  }
}

async function writeFile(file: OutputFile, staging: Staging, signal?: AbortSignal): Promise<WrittenFile> {
  const path = staging.pathOf(file.name);
  const place = `${staging.folder}, ${file.name}`;
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await guarded(place, () => open(path, 'wx', privateFileMode));
  try {
    // While one block is written the next is rendered.
    let writing = Promise.resolve();
    for await (const block of blocksOf(file.content)) {
      signal?.throwIfAborted();
      hash.update(block);
      bytes += block.length;
      await writing;
      writing = guarded(place, () => handle.writeFile(block));
      // Whoever renders may fail first; what the write came to is told when it is waited for.
      writing.catch(() => undefined);
    }
    await writing;
    await guarded(place, () => handle.sync());
  } finally {
    await handle.close();
  }
  return { name: file.name, bytes, sha256: hash.digest('hex') };
}

function checkName(name: string, written: readonly WrittenFile[]): void {
  const problem = problemOfName(name, written);
  if (problem === undefined) return;
  throw new BilagError('rejected', {
    what: `the file name ${JSON.stringify(name.slice(0, 100))} ${problem}`,
    where: 'writeOutputSet()',
    action: 'mend the names the renderer gives; nothing was written',
  });
}

function problemOfName(name: string, written: readonly WrittenFile[]): string | undefined {
  if (!isNameInFolder(name)) return 'is not the name of a file in a folder';
  // The files are handed over to other people, whose systems may not be ours.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f:*?"<>|]|[. ]$/.test(name)) return 'has characters that some systems do not allow';
  if (Buffer.byteLength(name) > 255) return 'is longer than 255 bytes';
  if (name.toLowerCase().endsWith(stagingName)) return 'is kept for unfinished work';
  // macOS and Windows take two names that differ in case, or in how an accent is written, for one.
  const isTaken = written.some((file) => foldName(file.name) === foldName(name));
  return isTaken ? 'is there twice' : undefined;
}

function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Only our own work with files is explained as storage trouble: an error of the renderer passes as it is. */
async function guarded<Result>(where: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error, where, 'the previous output is untouched');
  }
}
