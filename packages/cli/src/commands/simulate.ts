import { BilagError, quotedName } from '@bilag/core';
import type { RunningSimulation, Simulation } from '@bilag/fault-server';
import { once } from 'node:events';
import { exitCodes } from '../program/exit-codes.ts';
import type { AddCommand } from '../program/add-command.ts';
import { portOf } from './port-option.ts';
import { knownSystems, loadSimulation } from '../demo/load-simulation.ts';

interface SimulateOptions {
  readonly port?: string;
  readonly fault?: readonly string[];
  readonly v1?: boolean;
  readonly organisation?: string;
}

/** `bilag simulate`: the test environment that Vipps MobilePay does not offer, and accounting systems to post to. */
export const addSimulateCommand: AddCommand = (command, session, ended) => {
  command
    .argument('[system]', `which: ${knownSystems.join(', ')}, or the package of an adapter`, 'vipps')
    .option('--port <number>', 'the port on 127.0.0.1 (default: any free one)')
    .option(
      '--fault <name...>',
      'vipps: things that go wrong, such as 429; a name that is none is answered with all of them',
    )
    .option('--v1', 'vipps: answer version 1 too, which Vipps closed in May 2024')
    .option('--organisation <number>', 'an accounting system: the organisation number of its company', '987654314')
    .action(async (system: string, options: SimulateOptions) => {
      const { world, out, json } = session;
      world.signal.throwIfAborted();
      const port = portOf(options.port ?? '0');
      const simulation = await loadSimulation(system);
      const organisationNumber = options.organisation ?? '';
      const starting = simulation.start({
        port,
        now: world.now,
        faults: faultsOf(simulation, options.fault ?? []),
        organisationNumber,
        answersClosedVersions: options.v1 === true,
      });
      await using running = await starting.catch((cause: unknown) => {
        throw cause instanceof BilagError ? cause : portIsTaken(port, cause);
      });
      if (json) await out.write(`${JSON.stringify(running.json)}\n`);
      else for (const line of linesOf(simulation.title, running, organisationNumber)) await out.line(line);
      if (!world.signal.aborted) await once(world.signal, 'abort');
      // Stopping is how this command is done.
      ended(exitCodes.done);
    });
};

/** Assignments for a shell, and comments. */
function linesOf(title: string, { keys, target }: RunningSimulation, organisationNumber: string): readonly string[] {
  return [
    `# ${title}, simulated; Ctrl-C stops it, and it forgets everything. The keys are fake.`,
    '# Paste what you need into another shell.',
    ...keys.flatMap(({ name, about, secrets }) => [
      `# ${about ?? 'Its keys.'} A config says 'env:${name}'.`,
      ...Object.entries(secrets).map(([secret, value]) => `export ${variableOf(name, secret)}=${value}`),
    ]),
    ...(target === undefined
      ? []
      : [
          `# For the targets of a company with organisation number ${organisationNumber}:`,
          ...JSON.stringify(target, null, 2)
            .split('\n')
            .map((line) => `# ${line}`),
        ]),
  ];
}

/** `clientId` of `VIPPS` → `VIPPS_CLIENT_ID`. */
function variableOf(name: string, secret: string): string {
  return `${name}_${secret.replaceAll(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase();
}

function faultsOf(simulation: Simulation, names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !simulation.faults.includes(name));
  if (unknown === undefined) return names;
  const known = simulation.faults.join(', ');
  throw new BilagError('config', {
    what: `there is no fault ${quotedName(unknown)}`,
    where: '--fault',
    action:
      known === ''
        ? 'leave it out; a program arms the faults of an accounting system through its simulator'
        : `choose of: ${known}`,
  });
}

function portIsTaken(port: number, cause: unknown): BilagError {
  const where = `127.0.0.1:${port}`;
  const what = `nothing can be served there: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new BilagError('config', { what, where, action: 'choose another port, or none for any free one' }, { cause });
}
