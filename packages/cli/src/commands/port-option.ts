import { BilagError, quotedName } from '@bilag/core';

/** A port of this machine; 0 is any that is free. */
export function portOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a port`,
    where: '--port',
    action: 'give a number up to 65535',
  });
}
