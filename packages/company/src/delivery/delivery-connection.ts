import { BilagError, isBilagError, provesNoAbsence, type Service, type ServiceAdapter } from '@bilag/core';
import { systemClock, type DeliveryContext, type DeliveryStore } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { loadTarget, type LoadedTarget } from '../config/load-adapter.ts';
import type { Surroundings } from '../surroundings.ts';
import { credentialsFor } from '../config/credential-store.ts';
import { compareCompany } from '../target/compare-company.ts';
import { paceOf } from '../target/local-target.ts';

/** A company, its delivery log, and a connection to its target. */
export interface DeliveryConnection {
  readonly target: LoadedTarget<ServiceAdapter>;
  readonly service: Service;
  readonly store: DeliveryStore;
  /** What the engine needs. */
  readonly context: DeliveryContext;
}

export interface ConnectionOptions {
  /** `connect` makes the log; everything else goes on from it. */
  readonly isNew?: boolean;
  readonly onProgress?: DeliveryContext['onProgress'];
  /** Send again what got no reply and is not found in the time the target declares, instead of asking a person. */
  readonly sendAgain?: boolean;
  /** Wait for another process that delivers for the company, an hour at most. */
  readonly wait?: boolean;
  /**
   * For a target of the program's own, which answers sooner than others: how long a lease lasts, and at least how long a write
   * may take. Whoever died is followed after the two. Default: a minute each.
   */
  readonly pace?: Required<Pick<DeliveryContext, 'leaseMs' | 'requestTimeoutMs'>> | undefined;
}

const longestWaitMs = 3_600_000;

/** A connection that is closed when it is done with. */
export interface OpenConnection extends DeliveryConnection {
  close(): Promise<void>;
}

/**
 * Opens what delivering to a target needs: the log, and a service whose requests wait for their turn, together with every
 * process that uses this folder of logs. Reads alone are sent, to see that the company is the one that was connected.
 */
export async function openConnection(
  company: Company,
  target: LoadedTarget<ServiceAdapter>,
  world: Surroundings,
  options: ConnectionOptions,
): Promise<OpenConnection> {
  const closing: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).toReversed()) await each();
  };
  try {
    const store = await openLog(company, target.name, options.isNew ?? false);
    closing.push(async () => store.close());
    const { adapter, config } = target;
    const clock = await clockOf(company, world);
    const turns = company.stores.openTurns(company, adapter, clock);
    closing.push(() => turns.close());
    const credentials = world.credentials ?? credentialsFor(company, world.env);
    const { turn, pause } = turns;
    const service = adapter.connect(config, {
      ...clock,
      random: Math.random,
      credentials,
      turn,
      ...(pause === undefined ? {} : { pause }),
    });
    closing.push(async () => service.close?.());
    if (options.sendAgain === true && provesNoAbsence(target.adapter.dedupe)) throw neverAgain(target.adapter.title);
    const { onProgress } = options;
    const context: DeliveryContext = {
      companyId: company.id,
      store,
      ...paceOf(target, world),
      ...(company.stores.leaseMs === undefined ? {} : { leaseMs: company.stores.leaseMs }),
      ...options.pace,
      service,
      clock,
      // Not the host's name: people name machines after themselves, and the log need not know.
      holder: `process ${process.pid}`,
      ...(onProgress === undefined ? {} : { onProgress }),
      waitForLeaseMs: options.wait === true ? longestWaitMs : 0,
      onWait: waitTeller(world.onWait),
      rules: { whenNotFound: options.sendAgain === true ? 'send-again' : 'ask' },
    };
    const connection = { target, service, store, context };
    if (options.isNew !== true) await checkPinned(company, connection);
    return { ...connection, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The delivery log alone, offline; undefined when nothing was connected yet. */
export async function withLog<Result>(
  company: Company,
  work: (store: DeliveryStore) => Promise<Result>,
  { onlyReads = false }: { readonly onlyReads?: boolean } = {},
): Promise<Result | undefined> {
  const store = await company.stores.openDeliveries(company, { create: false, onlyReads }).catch((error: unknown) => {
    if (isBilagError(error) && error.kind === 'not-found') return undefined;
    throw error;
  });
  if (store === undefined) return undefined;
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The names of the targets of the adapter that the company's log is pinned to; none before `connect`. Offline. */
export async function connectedTargets(company: Company): Promise<readonly string[]> {
  const pinned = await withLog(company, async (store) => store.pinnedTarget(company.id), { onlyReads: true });
  if (pinned === undefined) return [];
  const names: string[] = [];
  for (const name of Object.keys(company.targets)) {
    const { adapter } = await loadTarget(company, name);
    if (adapter.id === pinned.adapterId) names.push(name);
  }
  return names;
}

async function openLog(company: Company, name: string, create: boolean): Promise<DeliveryStore> {
  return company.stores.openDeliveries(company, { create }).catch((error: unknown) => {
    if (isBilagError(error) && error.kind === 'not-found') throw notConnected(company, name, error);
    throw error;
  });
}

/** Says once why nothing seems to happen. */
function waitTeller(onWait: Surroundings['onWait']): NonNullable<DeliveryContext['onWait']> {
  const told = new Set<string>();
  return (wait) => {
    if (told.has(wait.why)) return;
    told.add(wait.why);
    onWait?.(wait);
  };
}

/** Another company behind the same keys would get this one's vouchers. */
async function checkPinned(company: Company, { target, service, store, context }: DeliveryConnection): Promise<void> {
  const { companyId } = context;
  const pinned = await store.pinnedTarget(companyId);
  if (pinned === undefined) throw notConnected(company, target.name);
  const identity = await service.identify();
  const { id } = identity;
  compareCompany(company, identity, target.adapter.title);
  if (pinned.adapterId === target.adapter.id && pinned.targetCompanyId === id) return;
  throw new BilagError('conflict', {
    what: `${companyId} was connected to company ${pinned.targetCompanyId} in ${pinned.adapterId}, and this is company ${id} in ${target.adapter.id}`,
    where: `target ${target.name}, company ${companyId}`,
    action: 'give the keys of the first, or a delivery log of its own to the second; nothing was sent',
  });
}

function neverAgain(title: string): BilagError {
  return new BilagError('unsupported', {
    what: `${title} cannot prove that a voucher did not arrive, so that none may be sent again`,
    where: '--send-again',
    action: 'leave it out; what is not found is asked of a person: bilag settle',
  });
}

function notConnected(company: Company, name: string, cause?: unknown): BilagError {
  return new BilagError(
    'config',
    {
      what: 'the target is not connected yet: there is no delivery log',
      where: `${company.stores.placesOf(company).delivery}, company ${company.id}`,
      action: `run bilag connect ${name} first; if the log was there and is lost, bilag rebuild ${name} after that`,
    },
    { cause },
  );
}

/** What the world says it is, and on from there evenly, whatever the clock on the wall is set to meanwhile. */
async function clockOf({ stores }: Company, world: Surroundings): Promise<DeliveryContext['clock']> {
  const { signal, sleep } = world;
  if (stores.clock !== undefined) return stores.clock(signal);
  if (sleep !== undefined) return { now: () => world.now().getTime(), sleep, signal };
  const clock = systemClock(signal);
  const ahead = world.now().getTime() - clock.now();
  return { ...clock, now: () => clock.now() + ahead };
}
