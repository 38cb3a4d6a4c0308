import {
  BilagError,
  isBilagError,
  viewDigest,
  type Attachment,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type Service,
  type ServiceChart,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import { toChart } from './chart.ts';
import { jsonOf, PowerOfficeClient, type Reply } from './client.ts';
import type { PowerOfficeConfig } from './config.ts';
import { toDocument } from './document.ts';
import {
  isRefusal,
  lockedBooks,
  notReadBack,
  notShownYet,
  refusedContent,
  speaksOfReference,
  type Refusal,
} from './errors.ts';
import { Ledger } from './ledger.ts';
import { dimensionsOf, Registers } from './registers.ts';
import { createdVoucher, financialSettings, lockDateSettings, organization, readAs } from './replies.ts';
import { toManualVoucher } from './to-poweroffice.ts';

/** One client in PowerOffice Go. */
export class PowerOfficeService implements Service {
  readonly #client: PowerOfficeClient;
  readonly #registers: Registers;
  readonly #ledger: Ledger;

  constructor(config: PowerOfficeConfig, context: ServiceContext) {
    this.#client = new PowerOfficeClient(config, context);
    this.#registers = new Registers(this.#client);
    this.#ledger = new Ledger(this.#client, this.#registers, config.clearingAccounts);
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

  async post(voucher: Voucher, reference: string): Promise<Receipt> {
    const json = await this.#body(voucher, reference);
    let reply: Reply;
    try {
      reply = await this.#client.write({ method: 'POST', path: '/Vouchers/ManualJournals', json });
    } catch (error) {
      if (isRefusal(error)) return this.#afterRefusal(error, voucher, reference);
      throw error;
    }
    try {
      const { Id: id } = readAs(createdVoucher, jsonOf(reply), reply.where);
      const held = await this.#ledger.voucher(id);
      if (held === undefined) throw new TypeError(`PowerOffice does not show the voucher ${id} it made`);
      return receiptOf('created', held);
    } catch (error) {
      throw notReadBack(error, voucher, reference);
    }
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#ledger.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#ledger.list(from, to);
  }

  /** A voucher has one PDF, and the last one is what remains: sent again it is the same. */
  async attach(id: string, file: Attachment): Promise<void> {
    await this.#client.write({ method: 'PUT', path: '/VoucherDocumentation', query: { id }, form: toDocument(file) });
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
  async #afterRefusal(error: Refusal, voucher: Voucher, reference: string): Promise<Receipt> {
    const found = await this.#ledger.find(reference);
    const held = found.find(({ state, reverses }) => state === 'live' && reverses === undefined);
    if (held !== undefined) return receiptOf('exists', held);
    const lockDate = await this.#lockDate();
    if (lockDate !== undefined && voucher.date <= lockDate) throw lockedBooks(lockDate, voucher, reference);
    throw speaksOfReference(error) ? notShownYet(error, voucher, reference) : refusedContent(error, voucher, reference);
  }

  async #lockDate(): Promise<PlainDate | undefined> {
    return (await this.#settings(lockDateSettings, '/LockDateSettings')).LockDate;
  }

  async #settings<Value>(schema: Parameters<typeof readAs<Value>>[0], path: string): Promise<Value> {
    const value = await this.#client.read(schema, path);
    if (value !== undefined) return value;
    throw new BilagError('unavailable', {
      what: 'PowerOffice shows no settings',
      where: `GET ${path}`,
      now: 'try again later',
    });
  }
}

function receiptOf(outcome: Receipt['outcome'], held: Posted): Receipt {
  const { id, number } = held;
  return { outcome, id, digest: viewDigest(held), ...(number === undefined ? {} : { number }) };
}
