import type { ServiceAdapter } from '@bilag/core';
import type { Law } from '../law.ts';
import type { ServiceWorld } from './service-world.ts';

/** What a service may offer beyond posting: the methods that are present. */
export type Capability = 'find' | 'list' | 'reverse' | 'attach' | 'inspect';

/** What excuses a service from a law: what it declares, and the methods it has. */
export interface DeclaredService {
  readonly adapter: ServiceAdapter;
  readonly can: Readonly<Record<Capability, boolean>>;
}

/** A law of adapters that talk to a system. */
export type ServiceLaw = Law<ServiceWorld, DeclaredService>;
