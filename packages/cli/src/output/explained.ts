import { isBilagError } from '@bilag/core';
import { toStorageError } from '@bilag/engine';

/**
 * What went wrong, in Bilag's words where it is trouble with a file or a disk: wherever a file is opened or written, and nobody
 * nearer has said it. Anything else passes as it is.
 */
export function explained(error: unknown): unknown {
  if (isBilagError(error) || !(error instanceof Error) || !isAboutFiles(error)) return error;
  return toStorageError(error, placeOf(error), 'nothing more was done');
}

function placeOf(error: Error): string {
  if ('path' in error && typeof error.path === 'string') return error.path;
  return isOfCurrentFolder(error) ? 'the current folder' : 'a disk of this machine';
}

/** What Node says where the folder that a command is started in was removed. */
function isOfCurrentFolder(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'uv_cwd';
}

/** Network errors have codes of the same form, and other remedies. */
function isAboutFiles(error: Error): boolean {
  if ('path' in error || isOfCurrentFolder(error)) return true;
  return 'code' in error && ofDisks.includes(String(error.code));
}

const ofDisks = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO', 'EMFILE', 'EISDIR', 'ENOTDIR', 'ERR_SQLITE_ERROR'];
