import { dirname, join } from 'node:path';
import type { ServiceContext, ServiceLimits } from '@bilag/core';
import { createTurnstile, openArchive, openDeliveryLog, type ArchiveStore, type DeliveryStore } from '@bilag/engine';
import type { Company } from './config/company.ts';

type Clock = Pick<ServiceContext, 'now' | 'sleep' | 'signal'>;

/** Turns under a target's limits. */
export interface Turns {
  readonly turn: ServiceContext['turn'];
  /** Nobody who shares the credential begins a turn before this is over: the target asked for it. */
  readonly pause?: ServiceContext['pause'];
  close(): void;
}

/** Where the data of companies is kept. Both stores throw `not-found` where `create` is false and nothing is there. */
export interface CompanyStores {
  /** For messages: where the archive and the delivery log of a company are. */
  placesOf(company: Company): { readonly archive: string; readonly delivery: string };
  openArchive(company: Company, options: { readonly create: boolean }): Promise<ArchiveStore>;
  openDeliveries(company: Company, options: { readonly create: boolean }): Promise<DeliveryStore>;
  /** For everything that delivers to the same kind of target here. */
  openTurns(company: Company, target: { readonly id: string; readonly limits: ServiceLimits }, clock: Clock): Turns;
  /** How long who delivers for a company may be silent before another may take it; absent: a minute. */
  readonly leaseMs?: number;
  /** The time that all who share these stores go by; absent: that of this machine. */
  clock?(signal: AbortSignal): Promise<Clock>;
}

/** Files and SQLite on this machine, where the config says. */
export const fileStores: CompanyStores = {
  placesOf: ({ archive, delivery }) => ({ archive, delivery }),
  openArchive: ({ archive }, options) => openArchive(archive, options),
  // What is remembered of the log does not lie beside it: what loses one folder leaves the other.
  openDeliveries: ({ archive, delivery }, options) => openDeliveryLog(delivery, { ...options, memory: archive }),
  openTurns: ({ delivery }, { id, limits }, clock) =>
    createTurnstile({ folder: join(dirname(delivery), 'turns', id), limits, clock }),
};
