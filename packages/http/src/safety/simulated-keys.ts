import { BilagError } from '@bilag/core';
import { isLoopback } from './loopback.ts';

/** How every key begins that a simulator makes up. */
const mark = /(?:^|\s)simulated-/;

/**
 * Refuses keys of a simulator at any other place than this machine: who sends them has forgotten to say where the simulator is,
 * and would reach production by accident. Throws `config`.
 */
export function refuseSimulatedKeys(url: string, keys: readonly string[]): void {
  const { hostname, origin } = new URL(url);
  if (isLoopback(hostname)) return;
  if (!keys.some((key) => mark.test(key))) return;
  throw new BilagError('config', {
    what: 'these are the keys of a simulator, and this is not one',
    where: origin,
    action: 'give the address that bilag simulate printed, as it printed it, or real keys; nothing was sent',
  });
}
