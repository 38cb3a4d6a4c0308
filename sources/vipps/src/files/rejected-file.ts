import { BilagError } from '@bilag/core';

/** The file is not what it should be: nothing of it is taken. */
export function rejectedFile(
  where: string,
  what: string,
  action = 'get the file again from where it came',
): BilagError {
  return new BilagError('rejected', { what, where, action: `${action}; nothing of it was imported` });
}
