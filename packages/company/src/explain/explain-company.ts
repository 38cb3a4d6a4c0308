import {
  book,
  factDate,
  formatAmount,
  voucherReference,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type Voucher,
  type VoucherShape,
} from '@bilag/core';
import type { DeliveryRow, RecordedInvoice } from '@bilag/engine';
import { shownAccount, type ExpectedPayout, type LineMatch } from '@bilag/bank';
import { lineName } from '../bank/decide.ts';
import type { CompanyBank } from '../bank/company-bank.ts';
import { withBookedDates } from '../books/booked-dates.ts';
import type { Company } from '../config/company.ts';
import { nothingToBook, type CompanyDates } from '../dates/company-dates.ts';
import { withLog } from '../delivery/delivery-connection.ts';
import { invoicesOf } from '../invoices/company-invoices.ts';
import { invoiceFactId } from '../invoices/invoice-documents.ts';
import { isAskedEntry, isAskedVoucher, type Asked } from './asked.ts';
import { explained, firstOf, type Explained } from './explained.ts';

export interface ExplainOptions {
  /** What the target takes in one voucher: vouchers are called as they are there. */
  readonly shape?: VoucherShape | undefined;
  /** The name of the target in the explanation. */
  readonly target?: string | undefined;
  /** How many of each kind are shown; default 20. */
  readonly most?: number;
}

/**
 * Explains vouchers, entries, payouts and lines of the bank: what each came from, down to the raw page or file, and where it went, up
 * to the target's id. Nothing is written, and nothing is asked of anybody. An empty list: nothing here is called so.
 */
export async function explainCompany(
  company: Company,
  dates: CompanyDates,
  asked: Asked,
  options: ExplainOptions = {},
): Promise<readonly Explained[]> {
  if (dates.last === undefined) throw nothingToBook(company);
  const rows = await postedRows(company, asked);
  const found = await findIn(company, dates, {
    asked,
    shape: options.shape,
    alsoCalled: new Set(rows.map(({ key }) => key)),
  });
  const bank = await dates.bank();
  const teller = new Teller({ company, dates, bank, invoices: await invoicesOf(company), found, options });
  return teller.tell(asked);
}

/** What was found in the books. */
interface Found {
  readonly vouchers: readonly Voucher[];
  readonly entries: readonly LedgerEntry[];
  /** The vouchers of facts that were found. */
  readonly voucherOf: ReadonlyMap<string, Voucher>;
}

async function findIn(
  company: Company,
  dates: CompanyDates,
  {
    asked,
    shape,
    alsoCalled,
  }: { readonly asked: Asked; readonly shape: VoucherShape | undefined; readonly alsoCalled: ReadonlySet<string> },
): Promise<Found> {
  const vouchers: Voucher[] = [];
  const entries: LedgerEntry[] = [];
  const wanted = new Set<string>();
  const voucherOf = new Map<string, Voucher>();
  const facts = new Set([
    ...((await dates.bank())?.facts ?? []).map(({ id }) => id),
    ...(await invoicesOf(company)).map(invoiceFactId),
  ]);
  async function* noted(): AsyncGenerator<LedgerDate, void, undefined> {
    for await (const date of dates.until(dates.last ?? company.policy.versions[0].from)) {
      for (const entry of date.entries) {
        const isPayout = entry.account === 'funds' && entry.type.includes('payout');
        if (isPayout) wanted.add(entry.id);
        if (!isAskedEntry(asked, entry)) continue;
        wanted.add(entry.id);
        entries.push(entry);
      }
      yield date;
    }
  }
  await withBookedDates(company, async (bookedOn) => {
    const lookUps = { ...dates.lookUps, bookedOn, ...(shape === undefined ? {} : { shape }) };
    for await (const booked of book(noted(), company.policy, lookUps)) {
      for (const voucher of booked.vouchers) {
        if (isAskedVoucher(asked, voucher, alsoCalled)) vouchers.push(voucher);
        for (const id of voucher.facts) if (wanted.has(id) || facts.has(id)) voucherOf.set(id, voucher);
      }
    }
  });
  return { vouchers, entries, voucherOf };
}

/** What the log knows of a reference that may be the target's own id. */
async function postedRows(company: Company, asked: Asked): Promise<readonly DeliveryRow[]> {
  if (asked.by !== 'reference') return [];
  const { reference } = asked;
  return (
    (await withLog(company, async (store) => [
      ...(await store.rows(company.id, { targetIds: [reference] })),
      ...(await store.rows(company.id, { reference })),
    ])) ?? []
  );
}

interface TellerInput {
  readonly company: Company;
  readonly dates: CompanyDates;
  readonly bank: CompanyBank | undefined;
  readonly invoices: readonly RecordedInvoice[];
  readonly found: Found;
  readonly options: ExplainOptions;
}

type Places = Awaited<ReturnType<CompanyDates['placesOf']>>;

/** Tells what was found as a tree. */
class Teller {
  readonly #input: TellerInput;
  readonly #most: number;
  readonly #places = new Map<PlainDate, Places>();

  constructor(input: TellerInput) {
    this.#input = input;
    this.#most = input.options.most ?? 20;
  }

  async tell(asked: Asked): Promise<readonly Explained[]> {
    const { found, bank, invoices } = this.#input;
    const payouts = (bank?.payouts ?? []).filter((payout) => isAskedPayout(asked, payout));
    const matches = (bank?.matches ?? []).filter((match) => isAskedLine(asked, match));
    const told: Explained[] = [];
    for (const voucher of found.vouchers) told.push(await this.#voucher(voucher));
    for (const entry of found.entries) told.push(await this.#entry(entry, true));
    for (const payout of payouts) told.push(await this.#payout(payout));
    for (const match of matches) told.push(await this.#line(match));
    for (const invoice of invoices) if (isAskedInvoice(asked, invoice)) told.push(await this.#invoice(invoice));
    return told;
  }

  async #voucher(voucher: Voucher): Promise<Explained> {
    const { date, ledgerDate, description, lines, currency } = voucher;
    const moved = ledgerDate === date ? '' : `, of ledger date ${ledgerDate}`;
    const told = lines.map((line) =>
      explained('line', `${line.account}  ${money(line.amount, currency)}  ${line.text}`),
    );
    return explained('voucher', `voucher ${voucherReference(voucher)} of ${date}${moved}: ${description}`, [
      ...firstOf(told, this.#most),
      ...(await this.#origins(voucher)),
      await this.#target(voucher),
    ]);
  }

  /** The facts of a voucher, each where it stands. */
  async #origins({ facts, currency }: Voucher): Promise<readonly Explained[]> {
    const { bank, invoices } = this.#input;
    const told: Explained[] = [];
    for (const id of facts) {
      const invoice = invoices.find((each) => invoiceFactId(each) === id);
      if (invoice !== undefined) {
        told.push(explained('invoice', invoiceText(invoice)));
        continue;
      }
      const date = factDate(id);
      const place = date === undefined ? undefined : (await this.#placesOf(date)).get(id);
      const match = date === undefined ? bank?.matches.find(({ line }) => id.startsWith(line.id)) : undefined;
      if (place !== undefined) told.push(await this.#entry(place.entry, false));
      else if (match !== undefined) told.push(explained('bank-line', lineText(match), this.#lineOrigins(match)));
      else told.push(explained('entry', `${id} (${currency}): it stands in no page that is here`));
    }
    return firstOf(told, this.#most);
  }

  async #entry(entry: LedgerEntry, withVoucher: boolean): Promise<Explained> {
    const { type, account, ledgerDate, amount, currency, pspReference, ledgerId } = entry;
    const place = (await this.#placesOf(ledgerDate)).get(entry.id);
    const page =
      place === undefined
        ? explained('page', 'the raw page is not here')
        : explained('page', `item ${place.item} of ${place.request}, SHA-256 ${place.digest}`);
    const voucher = withVoucher ? this.#input.found.voucherOf.get(entry.id) : undefined;
    const booked = voucher === undefined ? [] : [await this.#bookedIn(voucher)];
    const text = `${type} of ${money(amount, currency)} on ${account} of ledger ${ledgerId}, ${ledgerDate}, ${pspReference ?? 'without a reference'}`;
    return explained('entry', text, [page, ...booked]);
  }

  async #bookedIn(voucher: Voucher): Promise<Explained> {
    return explained('voucher', `booked in voucher ${voucherReference(voucher)} of ${voucher.date}`, [
      await this.#target(voucher),
    ]);
  }

  async #payout(payout: ExpectedPayout): Promise<Explained> {
    const { reference, amount, currency, date, expected, aborted } = payout;
    const lines = (this.#input.bank?.matches ?? []).filter(({ payouts }) => payouts.includes(payout));
    const told: Explained[] = [];
    for (const match of lines) told.push(await this.#line(match));
    const fate =
      aborted === undefined ? (lines.length === 0 ? 'no line of the bank names it' : '') : `aborted ${aborted}`;
    const due = expected === undefined ? '' : `, expected at the bank ${expected}`;
    return explained(
      'payout',
      `payout ${reference} of ${money(amount, currency)}, scheduled ${date}${due}${fate === '' ? '' : `; ${fate}`}`,
      told,
    );
  }

  async #line(match: LineMatch): Promise<Explained> {
    const voucher = [...this.#input.found.voucherOf].find(([id]) => id.startsWith(match.line.id))?.[1];
    const booked = voucher === undefined ? [] : [await this.#bookedIn(voucher)];
    return explained('bank-line', lineText(match), [...this.#lineOrigins(match), ...booked]);
  }

  async #invoice(invoice: RecordedInvoice): Promise<Explained> {
    const voucher = this.#input.found.voucherOf.get(invoiceFactId(invoice));
    const nowhere = 'no voucher of its own: the ledger tells it, or it states what was withheld from payouts';
    return explained('invoice', invoiceText(invoice), [
      voucher === undefined ? explained('voucher', nowhere) : await this.#bookedIn(voucher),
    ]);
  }

  #lineOrigins({ line, decision }: LineMatch): readonly Explained[] {
    const { bank } = this.#input;
    const file = bank?.files.find(({ name }) => line.where === name || line.where.startsWith(`${name},`));
    const decided = bank?.decisions.find(({ number }) => number === decision);
    return [
      explained('file', `${line.where}, ${line.place}${file === undefined ? '' : `, SHA-256 ${file.digest}`}`),
      ...(decided === undefined
        ? []
        : [
            explained(
              'decision',
              `decision ${decided.number} of ${decided.decidedAt.slice(0, 10)}${decided.note === null ? '' : `: ${decided.note}`}`,
            ),
          ]),
    ];
  }

  /** Where a voucher went. */
  async #target({ key }: Voucher): Promise<Explained> {
    const { company, options } = this.#input;
    const rows = (await withLog(company, async (store) => store.rows(company.id, { key }))) ?? [];
    const name = options.target ?? 'the target';
    if (rows.length === 0) return explained('target', 'not posted to a target');
    const told = rows.map(({ reference, delivery, date, kind }) =>
      explained(
        'target',
        `${kind} ${reference}: ${delivery.state} in ${name}, ${date}${delivery.targetId === null ? '' : `, id ${delivery.targetId}`}`,
      ),
    );
    return told.length === 1 ? (told[0] ?? explained('target', name)) : explained('target', `in ${name}`, told);
  }

  async #placesOf(date: PlainDate): Promise<Places> {
    const known = this.#places.get(date) ?? (await this.#input.dates.placesOf(date));
    this.#places.set(date, known);
    return known;
  }
}

function isAskedPayout(asked: Asked, { reference, number, amount, date }: ExpectedPayout): boolean {
  if (asked.by === 'date') return date === asked.date;
  if (asked.by === 'amount') return amount === Math.abs(asked.amount);
  return reference === asked.reference || number === asked.reference;
}

function isAskedLine(asked: Asked, { line, outcome }: LineMatch): boolean {
  if (asked.by === 'date') return line.date === asked.date && outcome !== 'unrelated';
  if (asked.by === 'amount') return Math.abs(line.amount) === Math.abs(asked.amount);
  return line.id === asked.reference || lineName(line) === asked.reference;
}

function isAskedInvoice(asked: Asked, { number, total, date }: RecordedInvoice): boolean {
  if (asked.by === 'date') return date === asked.date;
  if (asked.by === 'amount') return total === Math.abs(asked.amount);
  return number.toUpperCase() === asked.reference.toUpperCase();
}

function invoiceText({ kind, number, date, month, ledgerId, total, vat, currency, ...of }: RecordedInvoice): string {
  const name = `${kind === 'invoice' ? 'invoice' : 'credit note'} ${number} of ${date}`;
  const recorded = `record ${of.record} of ${of.recordedAt.slice(0, 10)}`;
  return `${name} for ${month}, ledger ${ledgerId}: ${money(total, currency)}, VAT ${money(vat, currency)}, ${recorded}`;
}

function lineText(match: LineMatch): string {
  const { line, outcome, payouts, reason } = match;
  const is =
    outcome === 'matched'
      ? `payout ${payouts.map(({ reference }) => reference).join(' and ')}`
      : `${outcome}: ${reason}`;
  return `line ${lineName(line)} of the bank, ${line.date}, ${money(line.amount, line.currency)} on account ${shownAccount(line.account)}: ${is}`;
}

function money(value: LedgerEntry['amount'], currency: string): string {
  return `${formatAmount(value)} ${currency}`;
}
