import { BilagError, quotedName } from '@bilag/core';
import type { Simulation } from '@bilag/fault-server';

/** What comes with the command line, and is loaded when it is used. */
const ownSimulators = [
  '@bilag/simulator-vipps',
  '@bilag/simulator-tripletex',
  '@bilag/simulator-fiken',
  '@bilag/simulator-poweroffice',
  '@bilag/simulator-economic',
  '@bilag/simulator-fortnox',
  '@bilag/simulator-unimicro',
  '@bilag/simulator-eaccounting',
  '@bilag/simulator-business-central',
  '@bilag/simulator-xero',
];

/** The systems of those, by their short names. */
export const knownSystems: readonly string[] = ownSimulators.map((name) => name.replace('@bilag/simulator-', ''));

/**
 * The simulation of a system, by its short name or by the package of its adapter or source: that of `@bilag/tripletex` is in
 * `@bilag/simulator-tripletex`, and that of `bilag-my-books` in `bilag-simulator-my-books`. Throws `config` where there is none.
 */
export async function loadSimulation(system: string): Promise<Simulation> {
  const name = simulatorOf(system);
  const exported: object = name === undefined ? {} : await importInstalled(name);
  const found = Object.values(exported).find(isSimulation);
  if (found !== undefined) return found;
  throw new BilagError('config', {
    what: `there is no simulation of ${quotedName(system)}`,
    where: 'bilag simulate',
    action: `choose of: ${knownSystems.join(', ')}; or name an adapter whose simulator is installed`,
  });
}

function simulatorOf(system: string): string | undefined {
  const [, scope = '', own = '', name] = /^(@[a-z0-9-]+\/)?(bilag-)?([a-z][a-z0-9-]*)$/.exec(system) ?? [];
  if (name === undefined) return undefined;
  return `${scope === '' && own === '' ? '@bilag/' : scope}${own}simulator-${name}`;
}

async function importInstalled(name: string): Promise<object> {
  try {
    return (await import(name)) as object;
  } catch (error) {
    // What fails while it is loaded is a fault to tell, and no missing package.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return {};
    throw error;
  }
}

function isSimulation(value: unknown): value is Simulation {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'simulation';
}
