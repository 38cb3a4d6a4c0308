import { quotedName } from '@bilag/core';
import { basename, dirname, join } from 'node:path';

/** A path that leads nowhere, as an error may repeat it: what was written may be a key, or an address with one. */
export function shownPath(path: string): string {
  if (/\/\/?[^/]*:[^/]*@/.test(path)) return '…';
  return quotedName(basename(path)) === '"…"' ? join(dirname(path), '…') : path;
}
