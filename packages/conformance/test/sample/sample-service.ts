import {
  addedVat,
  BilagError,
  formatAmount,
  linesOf,
  parseAmount,
  viewDigest,
  type Attachment,
  type CompanyInfo,
  type Finding,
  type PlainDate,
  type Posted,
  type Receipt,
  type ServiceChart,
  type VatView,
  type Voucher,
} from '@bilag/core';
import { SampleError, type SampleClient } from './sample-client.ts';

/** What is sent for a voucher. */
export interface SampleBody {
  readonly reference: string;
  readonly document: Voucher['document'];
  readonly date: string;
  readonly currency: string;
  readonly description: string;
  readonly lines: readonly SampleLine[];
}

export interface SampleLine {
  readonly account: string;
  readonly amount: string;
  readonly vatCode?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A voucher as the sample shows it. */
export type SampleVoucher = Omit<Posted, 'lines'> & { readonly lines: readonly SampleLine[] };

/** A connection to the sample that keeps every law. Its parts can be replaced, to see which law misses them. */
export class SampleService {
  readonly view: VatView;
  readonly client: SampleClient;

  constructor(view: VatView, client: SampleClient) {
    this.view = view;
    this.client = client;
  }

  async identify(): Promise<CompanyInfo> {
    const { id, name, number } = (await this.client.json({ path: '/company' })) as Record<string, string>;
    return { id: id ?? '', name: name ?? '', organisationNumber: number ?? '', country: 'NO', currency: 'NOK' };
  }

  async chart(): Promise<ServiceChart> {
    const chart = (await this.client.json({ path: '/chart' })) as SampleChart;
    return {
      accounts: chart.accounts.map((number) => ({ number, name: `Konto ${number}`, isActive: true })),
      vatCodes: chart.vatCodes.map(({ code, rateBasisPoints }) => ({
        code,
        rateBasisPoints,
        description: `Kode ${code}`,
        kind: 'output',
      })),
      dimensions: chart.departments.map((id) => ({ type: 'department', id, name: id })),
      ...(chart.lockedThrough === undefined ? {} : { lockedThrough: chart.lockedThrough }),
    };
  }

  async inspect(): Promise<readonly Finding[]> {
    const { id } = await this.identify();
    const action = 'nothing; a voucher is booked as soon as it is posted';
    return [{ code: 'books-at-once', severity: 'info', message: 'vouchers are booked', where: id, action }];
  }

  async post(voucher: Voucher, reference: string): Promise<Receipt> {
    const body = this.toBody(voucher, reference);
    let id: string;
    try {
      id = await this.write(body);
    } catch (error) {
      return this.afterRefusal(error, body);
    }
    return this.receipt(id, 'created', voucher);
  }

  async find(reference: string): Promise<readonly Posted[]> {
    const found: Posted[] = [];
    for await (const posted of this.search(`reference=${encodeURIComponent(reference)}`)) {
      if (posted.reference === reference) found.push(posted);
    }
    return found;
  }

  async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
    yield* this.search(`from=${from}&to=${to}`);
  }

  async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
    const path = `/vouchers/${id}`;
    const original = (await this.client.json({ path })) as SampleVoucher;
    const isReversed = original.state !== 'live';
    const made = (await this.client.json({ method: 'POST', path: `${path}/reversal`, json: { date, reference } })) as {
      readonly id: string;
    };
    return this.receipt(made.id, isReversed ? 'exists' : 'created');
  }

  async attach(id: string, file: Attachment): Promise<void> {
    const path = `/vouchers/${id}/files`;
    const there = (await this.client.json({ path })) as readonly string[];
    if (there.includes(file.name)) return;
    const name = encodeURIComponent(file.name);
    await this.client.json({ method: 'POST', path: `${path}?name=${name}`, bytes: file.content });
  }

  /** What is sent. Throws `rejected` for what the sample cannot hold. */
  toBody(voucher: Voucher, reference: string): SampleBody {
    if (this.view === 'net') refuseUnrepresentable(voucher);
    return {
      reference,
      document: voucher.document,
      date: voucher.date,
      currency: voucher.currency,
      description: shortened(voucher.description, 200),
      lines: linesOf(voucher, this.view).map(({ account, amount, vat, dimensions, text }) => ({
        account,
        amount: formatAmount(amount),
        ...(vat === undefined ? {} : { vatCode: vat.code }),
        ...(dimensions === undefined ? {} : { dimensions }),
        text: shortened(text, 100),
      })),
    };
  }

  /** The one write. */
  protected async write(body: SampleBody): Promise<string> {
    const headers = { 'idempotency-key': body.reference };
    const reply = await this.client.json({ method: 'POST', path: '/vouchers', json: body, headers });
    const { id } = reply as { readonly id?: unknown };
    if (typeof id === 'string') return id;
    throw unknownOutcome('the target did not say where it put it', body.reference);
  }

  /** A duplicate is what is there already; any other refusal names the line it is about. */
  protected afterRefusal(error: unknown, body: SampleBody): Promise<Receipt> | never {
    if (!(error instanceof SampleError)) throw error;
    const { told, kind, what, action: now } = error;
    if (told.reason === 'duplicate' && told.id !== undefined) return this.receipt(told.id, 'exists');
    const line = told.line === undefined ? undefined : body.lines[told.line];
    if (line === undefined) throw error;
    throw new BilagError(kind, { what, where: `voucher ${body.reference}, account ${line.account}`, action: now });
  }

  /** What the target holds, read back: whatever goes wrong here, it was written. */
  protected async receipt(id: string, outcome: Receipt['outcome'], _voucher?: Voucher): Promise<Receipt> {
    try {
      const posted = this.toPosted((await this.client.json({ path: `/vouchers/${id}` })) as SampleVoucher);
      return { outcome, id, digest: viewDigest(posted) };
    } catch {
      throw unknownOutcome('it was booked, but could not be read back', `voucher ${id}`);
    }
  }

  protected async *search(query: string): AsyncGenerator<Posted> {
    for (let page = 0; ; page += 1) {
      const reply = await this.client.json({ path: `/vouchers?${query}&page=${page}` });
      const { vouchers, isLast } = reply as { readonly vouchers: readonly SampleVoucher[]; readonly isLast: boolean };
      for (const voucher of vouchers) yield this.toPosted(voucher);
      if (isLast) return;
    }
  }

  protected toPosted(voucher: SampleVoucher): Posted {
    return {
      ...voucher,
      lines: voucher.lines.map(({ text: _text, ...line }) => ({ ...line, amount: parseAmount(line.amount) })),
    };
  }
}

/** It is not known whether it was done. */
export function unknownOutcome(what: string, where: string): BilagError {
  return new BilagError('unknown-outcome', { what, where, action: 'look it up before anything is sent again' });
}

interface SampleChart {
  readonly accounts: readonly string[];
  readonly vatCodes: readonly { readonly code: string; readonly rateBasisPoints: number }[];
  readonly departments: readonly string[];
  readonly lockedThrough?: PlainDate;
}

/** The sample computes VAT on top of the net amount: what does not come to the voucher's own VAT cannot be held. */
function refuseUnrepresentable({ lines, key }: Voucher): void {
  for (const { vat, account } of lines) {
    if (vat === undefined || addedVat(vat.net, vat.rateBasisPoints) === vat.amount) continue;
    throw new BilagError('rejected', {
      what: `${formatAmount(vat.net)} net cannot carry exactly ${formatAmount(vat.amount)} of VAT`,
      where: `voucher ${key}, account ${account}`,
      action: 'book this amount by hand; nothing was sent',
    });
  }
}

/** One line, whole characters, no longer than the sample takes. */
function shortened(text: string, longest: number): string {
  let short = '';
  for (const character of text.replaceAll(/\p{Cc}+/gu, ' ')) {
    if (short.length + character.length > longest) break;
    short += character;
  }
  return short;
}
