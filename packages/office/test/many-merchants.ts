import { checkCompany, type Company } from '@bilag/company';
import { plainDate } from '@bilag/core';
import { openDeliveryLog } from '@bilag/engine';
import { bilagAccounts, startTripletexSimulator, type TripletexSimulator } from '@bilag/simulator-tripletex';
import { startVippsSimulator, type Merchant, type VippsSimulator } from '@bilag/simulator-vipps';
import { vipps } from '@bilag/vipps';
import { firstTripletexId, inputOf, merchantOf, now } from './office-bench.ts';

/** What many merchants need of the outside: plain data, so that another process can serve it. */
export interface ManyMerchants {
  readonly count: number;
  readonly vippsUrl: string;
  readonly booksUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the books really hold. */
export interface Held {
  readonly vouchers: number;
  /** The companies of which a voucher is not there. */
  readonly missing: readonly string[];
  /** Vouchers that are there more than once. */
  readonly doubled: number;
}

/** A Report API with the ledgers of many merchants, and the books of each in one Tripletex. */
export class ManyServers implements AsyncDisposable {
  readonly #merchants: readonly Merchant[];
  readonly #vipps: VippsSimulator;
  readonly #books: TripletexSimulator;

  private constructor(merchants: readonly Merchant[], vippsSimulator: VippsSimulator, books: TripletexSimulator) {
    this.#merchants = merchants;
    this.#vipps = vippsSimulator;
    this.#books = books;
  }

  static async start(count: number): Promise<ManyServers> {
    // Two days of trade each: what a weekend brings.
    const from = plainDate('2026-07-06');
    const merchants = Array.from({ length: count }, (_, index) => merchantOf(index, { from }));
    const vippsSimulator = await startVippsSimulator({ merchants, now: () => now });
    const books = await startTripletexSimulator({
      now: () => now,
      rateLimit: null,
      companies: merchants.map(({ ledger }, index) => ({
        id: firstTripletexId + index,
        organisationNumber: ledger.owner.id,
        accounts: bilagAccounts,
      })),
    });
    return new ManyServers(merchants, vippsSimulator, books);
  }

  get place(): ManyMerchants {
    const { partner } = this.#vipps.credentials;
    const env: Record<string, string> = {
      PARTNER_CLIENT_ID: partner.clientId,
      PARTNER_CLIENT_SECRET: partner.clientSecret,
    };
    for (const index of this.#merchants.keys()) {
      env[`BOOKS_${index}_CONSUMER_TOKEN`] = this.#books.credentials.consumerToken;
      env[`BOOKS_${index}_EMPLOYEE_TOKEN`] = this.#books.credentials.employeeTokens[firstTripletexId + index] ?? '';
    }
    return { count: this.#merchants.length, vippsUrl: this.#vipps.url, booksUrl: this.#books.url, env };
  }

  /** From now on every so many requests go wrong, one after the other in another way. */
  goWrong(every: number): void {
    const each = (turn: number, turns: number): (() => boolean) => {
      let count = 0;
      return () => {
        count += 1;
        return count % (every * turns) === every * turn;
      };
    };
    const always = { times: Number.POSITIVE_INFINITY };
    const reads = [{ kind: 'cut' }, { kind: 'malformed' }, { kind: 'status', status: 500 }] as const;
    for (const [turn, fault] of reads.entries())
      this.#vipps.faults.arm({ ...fault, on: 'dates', ...always, match: each(turn, reads.length) });
    const writes = [
      { kind: 'cut', strikes: 'after' },
      { kind: 'status', status: 429 },
      { kind: 'cut' },
      { kind: 'status', status: 500, strikes: 'after' },
    ] as const;
    for (const [turn, fault] of writes.entries())
      this.#books.faults.arm({ ...fault, on: 'post', ...always, match: each(turn, writes.length) });
  }

  /** From now on each reply takes so long. */
  goSlow(delayMs: number): void {
    for (const { faults } of [this.#vipps, this.#books])
      faults.arm({ kind: 'slow', delayMs, times: Number.POSITIVE_INFINITY });
  }

  async goRight(): Promise<void> {
    await this.#vipps.faults.disarmAll();
    await this.#books.faults.disarmAll();
  }

  /** How many requests have arrived at either. */
  get requests(): number {
    return this.#vipps.requests.length + this.#books.requests.length;
  }

  held(): Held {
    let [vouchers, doubled] = [0, 0];
    const missing: string[] = [];
    for (const [index, merchant] of this.#merchants.entries()) {
      const wanted = [...merchant.dates()].filter(({ funds }) => funds.length > 0).length;
      const there = this.#books.backDoor
        .company(firstTripletexId + index)
        .vouchers()
        .filter(({ isDeleted }) => !isDeleted);
      const different = new Set(there.map(({ externalVoucherNumber }) => externalVoucherNumber)).size;
      vouchers += there.length;
      if (different < wanted) missing.push(`kafe-${index}`);
      doubled += there.length - different;
    }
    return { vouchers, missing, doubled };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vipps.close();
    await this.#books.close();
  }
}

/** The companies, one by one as a database would give them. */
export function* companiesOf({ count, vippsUrl, booksUrl }: ManyMerchants, folder: string): Generator<Company> {
  for (let index = 0; index < count; index += 1) {
    const merchant = merchantOf(index);
    const input = inputOf(merchant, index, vippsUrl, booksUrl);
    yield checkCompany(
      { ...input, policy: { versions: [{ ...input.policy.versions[0], from: '2026-07-06' }] } },
      { file: 'bilag.config.ts', folder, sources: [vipps] },
    );
  }
}

/** As connected, and as if they had posted before: a log that never has waits before its first voucher. */
export async function connectAll(place: ManyMerchants, folder: string): Promise<void> {
  let index = 0;
  for (const company of companiesOf(place, folder)) {
    const { archive, delivery } = company.stores.placesOf(company);
    const log = await openDeliveryLog(delivery, { memory: archive });
    const request = { holder: 'test', now: now.getTime(), leaseMs: 1_000, requestTimeoutMs: 1_000 };
    const lease = await log.takeLease(company.id, request);
    await log.pinTarget(lease, { adapterId: 'tripletex', targetCompanyId: String(firstTripletexId + index) });
    await log.markWhole(lease);
    await log.releaseLease(lease);
    await log.close();
    index += 1;
  }
}
