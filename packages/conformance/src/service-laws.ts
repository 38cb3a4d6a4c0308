import type { ServiceAdapter } from '@bilag/core';
import { proveLaw } from './run-laws.ts';
import type { Law, LawResult } from './law.ts';
import { exact } from './laws/service/exact.ts';
import { lostReply } from './laws/service/lost-reply.ts';
import type { ServiceSubject } from './service-subject.ts';
import { openServiceWorld, type ServiceWorld } from './service-world.ts';

/** A law of adapters that talk to a system. */
export type ServiceLaw = Law<ServiceWorld, ServiceAdapter>;

/** Every law a service adapter keeps. */
export const serviceLaws: readonly ServiceLaw[] = [exact, lostReply];

/** Proves one law of a service adapter. */
export function proveServiceLaw<Config>(law: ServiceLaw, subject: ServiceSubject<Config>): Promise<LawResult> {
  const erased = subject as unknown as ServiceSubject<never>;
  return proveLaw(law, erased.adapter as unknown as ServiceAdapter, () => openServiceWorld(erased));
}
