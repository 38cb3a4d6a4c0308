import { BilagError, quotedName } from '@bilag/core';
import { once } from 'node:events';
import { exitCodes } from '../exit-codes.ts';
import type { AddCommand } from '../add-command.ts';
import { vippsFaultNames, simulations, type Simulation } from '../demo/simulations.ts';

interface SimulateOptions {
  readonly port?: string;
  readonly fault?: readonly string[];
  readonly v1?: boolean;
  readonly organisation?: string;
}

/** `bilag simulate`: the test environment that Vipps MobilePay does not offer, and accounting systems to post to. */
export const addSimulateCommand: AddCommand = (program, session, ended) => {
  program
    .command('simulate')
    .description(
      "run a local server until Ctrl-C: Vipps MobilePay's Report API with made-up merchants, or an accounting system to post to",
    )
    .argument('[system]', `which: ${Object.keys(simulations).join(', ')}`, 'vipps')
    .option('--port <number>', 'the port on 127.0.0.1 (default: any free one)')
    .option('--fault <name...>', `things that go wrong, of vipps: ${vippsFaultNames.join(', ')}`)
    .option('--v1', 'vipps: answer version 1 too, which Vipps closed in May 2024')
    .option('--organisation <number>', 'an accounting system: the organisation number of its company', '987654314')
    .action(async (system: string, options: SimulateOptions) => {
      const { world, out, json } = session;
      world.signal.throwIfAborted();
      const start = simulationOf(system);
      const port = portOf(options.port);
      const settings = { port, now: world.now, faults: options.fault ?? [], v1: options.v1 === true };
      const organisationNumber = options.organisation ?? '';
      const starting = start({ ...settings, organisationNumber });
      await using simulation = await starting.catch((cause: unknown) => {
        throw cause instanceof BilagError ? cause : portIsTaken(port, cause);
      });
      if (json) await out.write(`${JSON.stringify(simulation.json)}\n`);
      else for (const line of simulation.lines) await out.line(line);
      if (!world.signal.aborted) await once(world.signal, 'abort');
      // Stopping is how this command is done.
      ended(exitCodes.done);
    });
};

function simulationOf(system: string): Simulation {
  const start = Object.hasOwn(simulations, system) ? simulations[system] : undefined;
  if (start !== undefined) return start;
  throw new BilagError('config', {
    what: `there is no simulation of ${quotedName(system)}`,
    where: 'bilag simulate',
    now: `choose of: ${Object.keys(simulations).join(', ')}`,
  });
}

function portIsTaken(port: number, cause: unknown): BilagError {
  const where = `127.0.0.1:${port}`;
  const what = `nothing can be served there: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new BilagError('config', { what, where, now: 'choose another port, or none for any free one' }, { cause });
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a port`,
    where: '--port',
    now: 'give a number up to 65535',
  });
}
