import type { FaultServer, FaultServerOptions } from './fault-server.ts';
import type { ArmedFault, Fault, FaultAim, Faults } from './faults.ts';

/** What every simulator may be told of the server it stands on. */
export interface SimulatorOptions extends Pick<FaultServerOptions, 'port' | 'sleep'> {}

/** What every running simulator has of the server it stands on. `AimedFault` is a fault as it is aimed at this system. */
export interface Simulator<AimedFault = Fault & FaultAim> extends Omit<FaultServer, 'faults' | 'backDoor'> {
  readonly faults: {
    arm(fault: AimedFault): ArmedFault;
    disarmAll(): Promise<void>;
  };
}

/**
 * The faults of a server, aimed in the words of the system that stands on it.
 *
 * @example
 * ```ts
 * import { aimedFaults, createFaultServer, jsonReply, type Fault } from '@bilag/fault-server';
 *
 * const server = await createFaultServer({ handler: () => jsonReply(200, {}) });
 * const faults = aimedFaults(server.faults, ({ journal, ...fault }: Fault & { journal: number }) => ({
 *   ...fault,
 *   match: ({ path }) => path === `/journals/${journal}`,
 * }));
 * faults.arm({ kind: 'status', status: 503, journal: 7 });
 * const replies = [await fetch(`${server.url}/journals/6`), await fetch(`${server.url}/journals/7`)];
 * await server.close();
 * replies.map(({ status }) => status); // => [200, 503]
 * ```
 */
export function aimedFaults<AimedFault>(
  faults: Faults,
  aimedAt: (fault: AimedFault) => Fault & FaultAim,
): Simulator<AimedFault>['faults'] {
  return { arm: (fault) => faults.arm(aimedAt(fault)), disarmAll: () => faults.disarmAll() };
}
