import { isBilagError } from '@bilag/core';
import { toStorageError } from '@bilag/engine';

/**
 * What went wrong, in Bilag's words where it is trouble with a file or a disk: wherever a file is opened or written, and nobody
 * nearer has said it. Anything else passes as it is.
 */
export function explained(error: unknown): unknown {
  if (isBilagError(error) || !(error instanceof Error) || !isAboutFiles(error)) return error;
  const place = 'path' in error ? error.path : undefined;
  return toStorageError(error, typeof place === 'string' ? place : 'a disk of this machine', 'nothing more was done');
}

/** Network errors have codes of the same form, and other remedies. */
function isAboutFiles(error: Error): boolean {
  if ('path' in error) return true;
  return 'code' in error && ofDisks.includes(String(error.code));
}

const ofDisks = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO', 'EMFILE', 'EISDIR', 'ENOTDIR', 'ERR_SQLITE_ERROR'];
