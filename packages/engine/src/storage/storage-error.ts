import { BilagError, isBilagError, type ErrorKind, named } from '@bilag/core';

/**
 * Says in Bilag's words what went wrong with a file or a database: what, where, and what to do now.
 * Errors that are Bilag's already, and errors that are not about storage (a mistake in code), pass unchanged.
 */
export function toStorageError(error: unknown, where: string, kept: string): unknown {
  if (isBilagError(error) || !(error instanceof Error)) return error;
  const meaning = meaningOf(error);
  if (meaning === undefined) return error;
  return new BilagError(
    meaning.kind,
    { what: meaning.what, where, action: `${meaning.action}; ${kept}` },
    { cause: error },
  );
}

interface Meaning {
  readonly kind: ErrorKind;
  readonly what: string;
  readonly action: string;
}

function meaningOf(error: Error): Meaning | undefined {
  const { code, errcode } = error as Error & { readonly code?: string; readonly errcode?: number };
  if (code === 'ERR_SQLITE_ERROR') return sqliteMeanings[(errcode ?? 0) & 0xff] ?? otherFailure(error.message);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return undefined;
  return named(fileMeanings, code) ?? otherFailure(code);
}

function otherFailure(detail: string): Meaning {
  return { kind: 'unavailable', what: `the storage failed: ${detail}`, action: 'look after the disk and run again' };
}

const full: Meaning = {
  kind: 'unavailable',
  what: 'the disk is full',
  action: 'free some space, or choose another disk, and run again',
};
const forbidden: Meaning = {
  kind: 'forbidden',
  what: 'no permission to read or write there',
  action: 'give this user access, or choose another folder',
};

const fileMeanings: Readonly<Record<string, Meaning>> = {
  ENOSPC: full,
  EDQUOT: { ...full, what: 'the disk quota is used up' },
  EFBIG: { ...full, what: 'the file is larger than this disk or user may hold' },
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { ...forbidden, what: 'the disk is read-only' },
  ENOENT: { kind: 'not-found', what: 'the file or folder is not there', action: 'look at the path' },
  ENOTDIR: { kind: 'config', what: 'a part of the path is a file, not a folder', action: 'choose another folder' },
  EISDIR: {
    kind: 'config',
    what: 'a folder lies where a file belongs',
    action: 'move it away or choose another folder',
  },
  EEXIST: {
    kind: 'config',
    what: 'a file lies where a folder belongs',
    action: 'move it away or choose another folder',
  },
  ENOTEMPTY: { kind: 'conflict', what: 'somebody else put a file into the folder meanwhile', action: 'run again' },
  ELOOP: { kind: 'config', what: 'a link lies where a file belongs', action: 'remove it or choose another folder' },
  EMFILE: { kind: 'unavailable', what: 'too many files are open', action: 'run fewer programs at once, and run again' },
  ENAMETOOLONG: { kind: 'config', what: 'the name is too long', action: 'choose a shorter path' },
};

/** By SQLite's primary result code (sqlite.org/rescode.html). */
const sqliteMeanings: Readonly<Record<number, Meaning>> = {
  5: { kind: 'busy', what: 'another process is writing', action: 'wait until it is done and run again' },
  6: { kind: 'busy', what: 'another process is writing', action: 'wait until it is done and run again' },
  8: forbidden,
  11: { kind: 'rejected', what: 'the index is damaged', action: 'restore the folder from a backup' },
  13: full,
  14: { kind: 'forbidden', what: 'a file cannot be opened', action: 'look at the path and its permissions' },
  26: {
    kind: 'rejected',
    what: 'the index is damaged: it is not a database',
    action: 'restore the folder from a backup',
  },
};
