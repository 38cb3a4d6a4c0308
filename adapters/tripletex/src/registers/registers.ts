import { BilagError, isBilagError, type PlainDate, type ServiceContext, type Voucher } from '@bilag/core';
import type { z } from 'zod';
import type { TripletexClient } from '../client.ts';
import type { TripletexConfig } from '../config.ts';
import {
  accountFields,
  accountReply,
  namedReply,
  partyNeededBy,
  periodReply,
  vatSettingsReply,
  vatTypeReply,
  type TripletexAccount,
  type TripletexPeriod,
  type TripletexVatType,
} from '../replies.ts';
import type { Directory } from '../to-tripletex.ts';

/** Something people know by a number. */
export interface NumberedName {
  readonly id: number;
  readonly number: string;
  readonly name: string;
}

/**
 * What a company's books are made of, kept for a day: everything goes by id in Tripletex, and ids differ from company to
 * company. Forgotten when Tripletex refuses a voucher, as it may have been renamed, locked or closed since.
 */
export class Registers {
  readonly #client: TripletexClient;
  readonly #config: TripletexConfig;
  readonly #now: () => number;
  readonly #kept: Map<string, { readonly at: number; readonly found: Promise<unknown> }> = new Map();

  constructor(client: TripletexClient, config: TripletexConfig, context: Pick<ServiceContext, 'now'>) {
    this.#client = client;
    this.#config = config;
    this.#now = context.now;
  }

  forget(): void {
    this.#kept.clear();
  }

  /** What one voucher needs to be written. */
  async directoryFor({ date, lines }: Voucher): Promise<Directory> {
    const accounts = await this.#accountsOf([...new Set(lines.map(({ account }) => account))].sort());
    const has = (name: string): boolean => lines.some(({ dimensions = {} }) => name in dimensions);
    const parties = async (kind: 'customer' | 'supplier'): Promise<ReadonlyMap<string, number>> => {
      const ids = lines.flatMap(({ account, party }) =>
        party?.kind === kind && partyNeededBy(accounts.get(account)).includes(kind) ? [party.id] : [],
      );
      const found = await Promise.all([...new Set(ids)].map((id) => this.#party(kind, id)));
      return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.number, one.id]])));
    };
    const vatTypes = await this.vatTypes(date);
    const isMissing = lines.some(({ vat }) => vat !== undefined && !vatTypes.has(vat.code));
    return {
      accounts,
      vatTypes,
      ...(isMissing && { vatStatus: await this.vatStatus() }),
      departments: has('department') ? idsOf(await this.departments()) : new Map<string, number>(),
      projects: has('project') ? idsOf(await this.projects()) : new Map<string, number>(),
      customers: await parties('customer'),
      suppliers: await parties('supplier'),
      voucherTypeId: await this.#voucherTypeId(),
    };
  }

  allAccounts(): Promise<readonly TripletexAccount[]> {
    return this.#keep('accounts', () => this.#all(accountReply, '/ledger/account', { fields: accountFields }));
  }

  /** The codes a ledger voucher may have in the month of a date, by number. */
  vatTypes(date: PlainDate): Promise<ReadonlyMap<string, TripletexVatType>> {
    const vatDate = `${date.slice(0, 7)}-01`;
    return this.#keep(`vat types ${vatDate}`, async () => {
      const query = { typeOfVat: 'LEDGER', vatDate, fields: 'id,number,name,percentage' };
      const found = await this.#all(vatTypeReply, '/ledger/vatType', query);
      return new Map(found.map((type) => [type.number, type]));
    });
  }

  periods(): Promise<readonly TripletexPeriod[]> {
    return this.#keep('periods', () =>
      this.#all(periodReply, '/ledger/accountingPeriod', { fields: 'id,start,end,isClosed' }),
    );
  }

  departments(): Promise<readonly NumberedName[]> {
    return this.#keep('departments', async () => {
      const found = await this.#all(namedReply, '/department', { fields: 'id,departmentNumber,name' });
      return found.flatMap(({ id, departmentNumber, name }) => namedBy(departmentNumber, id, name));
    });
  }

  projects(): Promise<readonly NumberedName[]> {
    return this.#keep('projects', async () => {
      const found = await this.#all(namedReply, '/project', { fields: 'id,number,name' });
      return found.flatMap(({ id, number, name }) => namedBy(number, id, name));
    });
  }

  /** `VAT_REGISTERED` and others; undefined where it is not told. */
  vatStatus(): Promise<string | undefined> {
    return this.#keep('vat status', async () => {
      const settings = await this.#client.value(vatSettingsReply, '/ledger/vatSettings', {
        fields: 'vatRegistrationStatus',
      });
      return settings.vatRegistrationStatus ?? undefined;
    });
  }

  #accountsOf(numbers: readonly string[]): Promise<ReadonlyMap<string, TripletexAccount>> {
    const asked = numbers.filter((number) => /^\d{1,9}$/.test(number)).join(',');
    return this.#keep(`accounts ${asked}`, async () => {
      if (asked === '') return new Map<string, TripletexAccount>();
      const found = await this.#all(accountReply, '/ledger/account', { number: asked, fields: accountFields });
      return new Map(found.map((account) => [account.number, account]));
    });
  }

  #voucherTypeId(): Promise<number | null> {
    const { voucherType } = this.#config;
    if (voucherType === null || typeof voucherType === 'number') return Promise.resolve(voucherType);
    return this.#keep(`voucher type ${voucherType}`, async () => {
      const found = await this.#all(namedReply, '/ledger/voucherType', {
        name: voucherType,
        fields: 'id,name',
      });
      const exact = found.filter(({ name }) => name === voucherType);
      if (exact.length === 1 && exact[0] !== undefined) return exact[0].id;
      throw new BilagError('config', {
        what: `the company has ${exact.length === 0 ? 'no' : 'more than one'} voucher type "${voucherType}"`,
        where: 'config.voucherType',
        action: 'use the name as Tripletex shows it, the id, or null for a plain voucher',
      });
    });
  }

  #party(kind: 'customer' | 'supplier', number: string): Promise<NumberedName | undefined> {
    return this.#keep(`${kind} ${number}`, async () => {
      const found =
        kind === 'customer'
          ? await this.#all(namedReply, '/customer', { customerAccountNumber: number, fields: 'id,customerNumber' })
          : await this.#all(namedReply, '/supplier', { supplierNumber: number, fields: 'id,supplierNumber' });
      const exact = found.find((one) => (one.customerNumber ?? one.supplierNumber) === number);
      return exact && { id: exact.id, number, name: '' };
    });
  }

  async #all<Schema extends z.ZodType>(
    schema: Schema,
    url: string,
    query: Readonly<Record<string, string>>,
  ): Promise<z.output<Schema>[]> {
    return Array.fromAsync(this.#client.values(schema, url, query));
  }

  async #keep<Found>(name: string, load: () => Promise<Found>): Promise<Found> {
    const before = this.#kept.get(name);
    if (before !== undefined && this.#now() - before.at < keptMs) return before.found as Promise<Found>;
    const found = load();
    this.#kept.set(name, { at: this.#now(), found });
    found.catch(() => this.#kept.delete(name));
    return found;
  }
}

/** Of what the token may not see: nothing. Departments and projects are modules a company need not have. */
export async function orNothing<Found>(asked: Promise<readonly Found[]>): Promise<readonly Found[]> {
  try {
    return await asked;
  } catch (error) {
    if (isBilagError(error) && (error.kind === 'forbidden' || error.kind === 'not-found')) return [];
    throw error;
  }
}

const keptMs = 24 * 3_600_000;

function idsOf(named: readonly NumberedName[]): ReadonlyMap<string, number> {
  return new Map(named.map(({ number, id }) => [number, id]));
}

function namedBy(number: string | null | undefined, id: number, name: string | null | undefined): NumberedName[] {
  return number === null || number === undefined || number === '' ? [] : [{ id, number, name: name ?? number }];
}
