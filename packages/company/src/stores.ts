import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BilagError, isBilagError, type ServiceContext, type ServiceLimits } from '@bilag/core';
import {
  createTurnstile,
  openArchive,
  openBankRecord,
  openDeliveryLog,
  openInvoiceRecord,
  type ArchiveStore,
  type BankRecord,
  type DeliveryStore,
  type InvoiceRecord,
} from '@bilag/engine';
import type { Company } from './config/company.ts';

type Clock = Pick<ServiceContext, 'now' | 'sleep' | 'signal'>;

/** Turns under a target's limits. */
export interface Turns {
  readonly turn: ServiceContext['turn'];
  /** Nobody who shares the credential begins a turn before this is over: the target asked for it. */
  readonly pause?: ServiceContext['pause'];
  close(): void | Promise<void>;
}

/** Where the data of companies is kept. Both stores throw `not-found` where `create` is false and nothing is there. */
export interface CompanyStores {
  /** For messages: where the archive and the delivery log of a company are. */
  placesOf(company: Company): { readonly archive: string; readonly delivery: string };
  openArchive(company: Company, options: { readonly create: boolean }): Promise<ArchiveStore>;
  /** `onlyReads`: for whoever looks and writes nothing; what a log is checked for before it is written to need not be checked. */
  openDeliveries(
    company: Company,
    options: { readonly create: boolean; readonly onlyReads?: boolean },
  ): Promise<DeliveryStore>;
  /** What its bank delivered, and what a person decided about it. Throws as the others do. */
  openBank(company: Company, options: { readonly create: boolean }): Promise<BankRecord>;
  /** What its provider has invoiced. Throws as the others do. */
  openInvoices(company: Company, options: { readonly create: boolean }): Promise<InvoiceRecord>;
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
  openBank: async ({ delivery }, options) => openBankRecord(besideLog(delivery, 'bank', options)),
  openInvoices: async ({ delivery }, options) => openInvoiceRecord(besideLog(delivery, 'invoices', options)),
  openTurns: ({ delivery }, { id, limits }, clock) =>
    createTurnstile({ folder: join(dirname(delivery), 'turns', id), limits, clock }),
};

/** A file beside the delivery log. */
function besideLog(delivery: string, kind: string, { create }: { readonly create: boolean }): string {
  const path = `${delivery.replace(/\.sqlite$/, '')}.${kind}.sqlite`;
  if (create || existsSync(path)) return path;
  throw new BilagError('not-found', { what: 'nothing was recorded', where: path, action: 'record something first' });
}

/** Opens a record, and closes it after the work. */
export async function withRecord<Record extends { close(): Promise<void> }, Result>(
  opening: Promise<Record>,
  work: (record: Record) => Promise<Result>,
): Promise<Result> {
  const record = await opening;
  try {
    return await work(record);
  } finally {
    await record.close();
  }
}

/** The same for what need not be there: undefined where nothing was ever recorded. */
export async function withRecordIfAny<Record extends { close(): Promise<void> }, Result>(
  opening: Promise<Record>,
  work: (record: Record) => Promise<Result>,
): Promise<Result | undefined> {
  const record = await opening.catch((error: unknown) => {
    if (isBilagError(error) && error.kind === 'not-found') return undefined;
    throw error;
  });
  return record && withRecord(Promise.resolve(record), work);
}
