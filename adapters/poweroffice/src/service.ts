import {
  afterWrite,
  BilagError,
  isBilagError,
  receiptOf,
  type Attachment,
  type BeforeWrite,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type Service,
  type ServiceChart,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import { lockedBooks, placeOf, replyAs, type HttpReply } from '@bilag/http';
import type { z } from 'zod';
import { toChart } from './chart.ts';
import { PowerOfficeClient } from './client.ts';
import type { PowerOfficeConfig } from './config.ts';
import { toDocument } from './attach.ts';
import { isRefusal, notShownYet, refusedContent, speaksOfReference, type VoucherRefusal } from './errors.ts';
import { Lookup } from './lookup.ts';
import { dimensionsOf, Registers } from './registers.ts';
import { createdVoucher, financialSettings, lockDateSettings, organization, withoutNulls } from './replies.ts';
import { toManualVoucher } from './to-poweroffice.ts';

/** One client in PowerOffice Go. */
export class PowerOfficeService implements Service {
  readonly #client: PowerOfficeClient;
  readonly #registers: Registers;
  readonly #lookup: Lookup;

  constructor(config: PowerOfficeConfig, context: ServiceContext) {
    this.#client = new PowerOfficeClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#lookup = new Lookup(this.#client, this.#registers, config.clearingAccounts);
  }

  async identify(): Promise<CompanyInfo> {
    const client = await this.#settings(organization, '/OrganizationSettings');
    const { CurrencyCode: currency } = await this.#settings(financialSettings, '/FinancialSettings');
    return {
      id: client.Id,
      name: client.LegalName ?? client.Name ?? '',
      organisationNumber: (client.OrganizationNumber ?? '').replaceAll(/\D/g, ''),
      country: 'NO',
      currency,
    };
  }

  async chart(): Promise<ServiceChart> {
    this.#registers.forget();
    return toChart(await this.#registers.entries(), await this.#lockDate());
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    await this.#body(voucher, reference);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const json = await this.#body(voucher, reference);
    let reply: HttpReply;
    try {
      reply = await this.#client.write({ method: 'POST', url: '/Vouchers/ManualJournals', json }, beforeWrite);
    } catch (error) {
      if (isRefusal(error)) return this.#afterRefusal(error, voucher, reference);
      throw error;
    }
    return afterWrite(placeOf(voucher, reference), async () => {
      const { Id: id } = replyAs(withoutNulls(createdVoucher), reply);
      const held = await this.#lookup.voucher(id);
      if (held === undefined) throw notShown(id, reply.where);
      return receiptOf(held, 'created');
    });
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /** A voucher has one PDF, and the last one is what remains: sent again it is the same. */
  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const url = '/VoucherDocumentation';
    await this.#client.write({ method: 'PUT', url, query: { id }, ...toDocument(file) }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** With ids. What is not in a register may have been added since it was read: it is read once more. */
  async #body(voucher: Voucher, reference: string): Promise<object> {
    const dimensions = dimensionsOf(voucher);
    try {
      return toManualVoucher(voucher, reference, await this.#registers.entries(dimensions));
    } catch (error) {
      if (!isBilagError(error) || error.kind !== 'rejected') throw error;
      this.#registers.forget();
      return toManualVoucher(voucher, reference, await this.#registers.entries(dimensions));
    }
  }

  /**
   * Why PowerOffice did not take a voucher. Neither texts nor codes are published, so it is looked up: the reference that
   * is there already, then the lock date. What remains is the content, in PowerOffice's own words.
   */
  async #afterRefusal(error: VoucherRefusal, voucher: Voucher, reference: string): Promise<Receipt> {
    const found = await this.#lookup.find(reference);
    const held = found.find(({ state, reverses }) => state === 'live' && reverses === undefined);
    if (held !== undefined) return receiptOf(held, 'exists');
    const lockDate = await this.#lockDate();
    if (lockDate !== undefined && voucher.date <= lockDate)
      throw lockedBooks('PowerOffice Go', lockDate, voucher, reference);
    throw speaksOfReference(error) ? notShownYet(error, voucher, reference) : refusedContent(error, voucher, reference);
  }

  async #lockDate(): Promise<PlainDate | undefined> {
    return (await this.#settings(lockDateSettings, '/LockDateSettings')).LockDate;
  }

  async #settings<Value>(schema: z.ZodType<Value>, path: string): Promise<Value> {
    const value = await this.#client.read(schema, path);
    if (value !== undefined) return value;
    throw new BilagError('unavailable', {
      what: 'PowerOffice shows no settings',
      where: `GET ${path}`,
      action: 'try again later',
    });
  }
}

function notShown(id: string, where: string): BilagError {
  const what = `PowerOffice does not show the voucher ${id} it made`;
  return new BilagError('unavailable', { what, where, action: 'look it up by its reference' });
}
