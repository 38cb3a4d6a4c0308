import { aimedFaults, createFaultServer, type Fault, type Simulator } from '@bilag/fault-server';
import { BilagError } from '@bilag/core';
import type { PowerOfficeAccess, PowerOfficeCredentials } from './server/poweroffice-access.ts';
import { PowerOfficeApi } from './server/poweroffice-api.ts';
import { powerOfficeBackDoor, type PowerOfficeBackDoor } from './poweroffice-back-door.ts';
import { PowerOfficeClient } from './books/poweroffice-client.ts';
import { toPowerOfficeServerFault, type PowerOfficeFaultAim } from './server/poweroffice-faults.ts';
import { defaultPowerOfficeClient, type PowerOfficeSimulatorOptions } from './poweroffice-options.ts';

/** A running simulator. */
export interface PowerOfficeSimulator extends Simulator<Fault & PowerOfficeFaultAim> {
  /** In place of `https://goapi.poweroffice.net`: the token desk is at `/OAuth/Token`, the API at `/v2`. */
  readonly url: string;
  readonly credentials: PowerOfficeCredentials;
  readonly backDoor: PowerOfficeBackDoor;
  readonly access: PowerOfficeAccess;
  /** Changes how long `AccountTransactions` does not show a new voucher. */
  listAfter(ms: number): void;
}

/**
 * Starts a local server that answers as PowerOffice Go's API v2 does: ids in place of numbers, gross amounts that it
 * splits itself, an import reference that stands on one live voucher and is free again when that is reversed, no search
 * for it, 204 for an empty list. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken or two clients share a number.
 *
 * @example
 * ```ts
 * import { startPowerOfficeSimulator } from '@bilag/simulator-poweroffice';
 *
 * const go = await startPowerOfficeSimulator();
 * const reply = await fetch(`${go.url}/v2/VatCodes`);
 * await go.close();
 * [reply.status, go.backDoor.client().vouchers().length]; // => [401, 0]
 * ```
 */
export async function startPowerOfficeSimulator(
  options: PowerOfficeSimulatorOptions = {},
): Promise<PowerOfficeSimulator> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  const clients = (options.clients ?? [defaultPowerOfficeClient]).map((client) => new PowerOfficeClient(client, now));
  if (new Set(clients.map(({ id }) => id)).size < clients.length) throw sharedNumber();
  const api = new PowerOfficeApi(options, clients, now);
  const server = await createFaultServer({
    handler: (request) => api.answer(request),
    port: options.port,
    sleep: options.sleep,
  });
  return {
    ...server,
    credentials: api.access.credentials,
    faults: aimedFaults(server.faults, toPowerOfficeServerFault),
    backDoor: powerOfficeBackDoor(clients),
    access: api.access,
    listAfter: (ms) => {
      api.listedAfterMs = ms;
    },
  };
}

function sharedNumber(): BilagError {
  return new BilagError('config', {
    what: 'two clients share a number',
    where: 'startPowerOfficeSimulator(): clients',
    action: 'give each client a number of its own',
  });
}
