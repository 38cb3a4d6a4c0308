import { BilagError } from '@bilag/core';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { shownPath } from '../config/shown-path.ts';

/** Where paths begin, and what stops the reading. */
export interface FilePlace {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** The bytes of a file that is to be checked. */
export async function contentOf(file: string, { cwd, signal }: FilePlace): Promise<AsyncIterable<Uint8Array>> {
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return createReadStream(path, { signal });
  throw found === undefined
    ? refusal('there is no such file', shownPath(file), 'look at the path')
    : refusal('this is not a file', file, 'look at the path');
}

/** Refuses a folder, an empty file, an archive and a PDF, each by its name. A file that is missing is left to {@link contentOf}. */
export async function refuseContainer(file: string, { cwd }: Pick<FilePlace, 'cwd'>): Promise<void> {
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw refusal('this is a folder', file, 'name the files in it');
  if (found?.isFile() !== true) return;
  if (found.size === 0) throw refusal('the file is empty', file, 'get it again from the system that wrote it');
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const kind = buffer.readUInt32BE() === 0x504b0304 ? 'zip' : buffer.readUInt16BE() === 0x1f8b ? 'gzip' : undefined;
    if (buffer.toString('latin1') === '%PDF')
      throw refusal('this is a PDF file', file, 'get the file for other systems: a PDF is for people');
    if (kind !== undefined) throw refusal(`this is a ${kind} file`, file, 'unpack it, and check the files in it');
  } finally {
    await handle.close();
  }
}

function refusal(what: string, where: string, action: string): BilagError {
  return new BilagError('not-found', { what, where, action });
}
