import type { Service } from '@bilag/core';
import { proveLaw } from '../../run-laws.ts';
import type { LawResult } from '../../law.ts';
import type { DeclaredService, ServiceLaw } from '../../services/service-law.ts';
import { everyServiceLaw } from './every-law.ts';
import type { ServiceSubject } from '../../services/service-subject.ts';
import { openServiceWorld } from '../../services/service-world.ts';

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
    inspect: service.inspect !== undefined,
  };
}
