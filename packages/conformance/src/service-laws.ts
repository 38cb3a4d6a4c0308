import type { Service, ServiceAdapter } from '@bilag/core';
import { proveLaw } from './run-laws.ts';
import type { Law, LawResult } from './law.ts';
import { everyServiceLaw } from './laws/service/every-law.ts';
import type { ServiceSubject } from './service-subject.ts';
import { openServiceWorld, type ServiceWorld } from './service-world.ts';

/** What a service may offer beyond posting: the methods that are present. */
export type Capability = 'find' | 'list' | 'reverse' | 'attach';

/** What excuses a service from a law: what it declares, and the methods it has. */
export interface DeclaredService {
  readonly adapter: ServiceAdapter;
  readonly can: Readonly<Record<Capability, boolean>>;
}

/** A law of adapters that talk to a system. */
export type ServiceLaw = Law<ServiceWorld, DeclaredService>;

/** Every law a service adapter keeps. */
export const serviceLaws: readonly ServiceLaw[] = everyServiceLaw;

/** Proves one law of a service adapter. */
export function proveServiceLaw<Config>(law: ServiceLaw, subject: ServiceSubject<Config>): Promise<LawResult> {
  return proveLaw(
    law,
    () => declaredBy(subject),
    () => openServiceWorld(subject),
  );
}

/** What a subject's adapter declares, with the methods that are present on a connection. */
export async function declaredBy<Config>(subject: ServiceSubject<Config>): Promise<DeclaredService> {
  const world = await openServiceWorld(subject);
  try {
    return { adapter: world.adapter, can: capabilitiesOf(world.connect()) };
  } finally {
    await world.close();
  }
}

/** The methods that are present. */
export function capabilitiesOf(service: Service): DeclaredService['can'] {
  return {
    find: service.find !== undefined,
    list: service.list !== undefined,
    reverse: service.reverse !== undefined,
    attach: service.attach !== undefined,
  };
}
