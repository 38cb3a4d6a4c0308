import { BilagError } from '@bilag/core';
import { demoMerchants, exampleDay, namedVippsFaults, startVippsSimulator, v1ExampleDay } from '@bilag/simulator';
import { once } from 'node:events';
import { exitCodes } from '../exit-codes.ts';
import type { AddCommand } from '../program.ts';

interface SimulateOptions {
  readonly port?: string;
  readonly fault?: readonly string[];
  readonly v1?: boolean;
}

/** `bilag simulate`: the test environment that Vipps MobilePay does not offer. */
export const addSimulateCommand: AddCommand = (program, session, ended) => {
  program
    .command('simulate')
    .description(
      "run a local server that answers as Vipps MobilePay's Report API does, with made-up merchants, until Ctrl-C",
    )
    .option('--port <number>', 'the port on 127.0.0.1 (default: any free one)')
    .option('--fault <name...>', `things that go wrong: ${Object.keys(namedVippsFaults).join(', ')}`)
    .option('--v1', 'answer version 1 too, which Vipps closed in May 2024')
    .action(async (options: SimulateOptions) => {
      const { world, out, json } = session;
      world.signal.throwIfAborted();
      await using simulator = await startVippsSimulator({
        merchants: [exampleDay, v1ExampleDay, ...demoMerchants()],
        now: world.now,
        port: portOf(options.port),
        v1: options.v1 === true ? 'served' : 'removed',
        faults: (options.fault ?? []).map(faultOf),
      });
      const { url, credentials, ledgers } = simulator;
      if (json)
        await out.write(`${JSON.stringify({ url, credentials, ledgers: ledgers.map(({ ledgerId }) => ledgerId) })}\n`);
      else {
        await out.line("# Vipps MobilePay's Report API, simulated; Ctrl-C stops it. The keys are fake.");
        await out.line(`VIPPS_BASE_URL=${url}`);
        await out.line("# An accounting partner's keys: all ledgers.");
        await out.line(`VIPPS_CLIENT_ID=${credentials.partner.clientId}`);
        await out.line(`VIPPS_CLIENT_SECRET=${credentials.partner.clientSecret}`);
        for (const keys of credentials.merchants) {
          const prefix = `VIPPS_${keys.merchantSerialNumber}`;
          await out.line(`# A merchant's keys, as 'env:${prefix}': one ledger.`);
          await out.line(`${prefix}_CLIENT_ID=${keys.clientId}`);
          await out.line(`${prefix}_CLIENT_SECRET=${keys.clientSecret}`);
          await out.line(`${prefix}_SUBSCRIPTION_KEY=${keys.subscriptionKey}`);
          await out.line(`${prefix}_MERCHANT_SERIAL_NUMBER=${keys.merchantSerialNumber}`);
        }
      }
      if (!world.signal.aborted) await once(world.signal, 'abort');
      // Stopping is how this command is done.
      ended(exitCodes.done);
    });
};

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new BilagError('config', {
    what: `"${text.slice(0, 20)}" is not a port`,
    where: '--port',
    now: 'give a number up to 65535',
  });
}

function faultOf(name: string): (typeof namedVippsFaults)[string] {
  const fault = Object.hasOwn(namedVippsFaults, name) ? namedVippsFaults[name] : undefined;
  if (fault !== undefined) return fault;
  throw new BilagError('config', {
    what: `there is no fault "${name.slice(0, 40)}"`,
    where: '--fault',
    now: `choose of: ${Object.keys(namedVippsFaults).join(', ')}`,
  });
}
