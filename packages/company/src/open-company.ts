import { resolve } from 'node:path';
import type { PlainDate, SourceLedger, VoucherShape } from '@bilag/core';
import type { BankDecision, KeptBankFile, RecordedInvoice } from '@bilag/engine';
import type { Adoption } from './adopt/adopt-company.ts';
import type { BooksFile } from './adopt/existing-books.ts';
import type { CompanyBank } from './bank/company-bank.ts';
import type { AskedDecision } from './bank/decide.ts';
import type { ImportedBankFile } from './bank/import-bank-files.ts';
import type { BooksSummary } from './books/books-summary.ts';
import type { PreviewOptions } from './books/preview-books.ts';
import { loadCompany, type Company, type CompanyPlace } from './config/company.ts';
import { loadFileTarget, loadServiceTarget } from './config/load-adapter.ts';
import { openCompanyDates, type CompanyDates, type OpenDates } from './dates/company-dates.ts';
import { dateIn, type Period } from './dates/period.ts';
import type { ConnectedTarget } from './target/connect-target.ts';
import type { CompanyStatus } from './delivery/company-status.ts';
import { connectedTargets, openConnection, type ConnectionOptions } from './delivery/delivery-connection.ts';
import { OpenTarget } from './delivery/open-target.ts';
import type { Explained } from './explain/explained.ts';
import type { Replay } from './explain/replay-company.ts';
import type { ExportedCompany, ExportOptions } from './export/export-company.ts';
import type { ComparedFees } from './fees/compare-fees.ts';
import type { FetchedLedger, FetchOptions } from './fetch/fetch-company.ts';
import type { LedgerProgress } from './fetch/ledger-progress.ts';
import type { ProposedOpening } from './fetch/propose-openings.ts';
import { SourceConnections } from './fetch/source-connections.ts';
import type { ImportOptions, ImportResult } from './import/import-files.ts';
import type { MatchOrdersOptions, OrderReport } from './orders/match-company.ts';
import type { Order } from './orders/order.ts';
import type { CompanyPayout } from './payouts/company-payouts.ts';
import type { ProveOptions, ReadTarget } from './proof/prove-company.ts';
import type { Proof } from './proof/proof.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * A company with everything that its work needs: archive, delivery log, turns and connections are opened when they are
 * needed first, and closed with it. Each kind of work is loaded when it is asked for: a command does one or two.
 */
export class OpenCompany implements AsyncDisposable {
  readonly company: Company;
  readonly #surroundings: Surroundings;
  readonly #connections: SourceConnections;
  readonly #closing: (() => Promise<void>)[] = [];
  #dates: Promise<OpenDates> | undefined;

  /** Companies that share their keys are given the same connections; whoever made those closes them. */
  constructor(company: Company, surroundings: Surroundings, connections?: SourceConnections) {
    this.company = company;
    this.#surroundings = surroundings;
    this.#connections = connections ?? new SourceConnections(surroundings);
    if (connections === undefined) this.#closing.push(async () => this.#connections.close());
  }

  /** Stops the company's work. */
  get signal(): AbortSignal {
    return this.#surroundings.signal;
  }

  /** The ledgers that the keys can see now; undefined where the source only reads files. */
  async ledgers(): Promise<readonly SourceLedger[] | undefined> {
    return (await this.#connections.of(this.company))?.ledgers();
  }

  /**
   * What each ledger stood at before its first entry since the cut-over, in minor units: out of the archive, else as the
   * provider tells. Nothing is stored. An account that tells nothing within a month of the cut-over is absent.
   */
  async proposeOpenings(): Promise<readonly ProposedOpening[]> {
    const { proposeOpenings } = await import('./fetch/propose-openings.ts');
    const { now, signal } = this.#surroundings;
    return proposeOpenings(this.company, this.#connections, { now: now(), signal });
  }

  /** Fetches into the archive, as received: closed dates once, open dates again. */
  async fetch(options: Omit<FetchOptions, 'now' | 'signal'> = {}): Promise<readonly FetchedLedger[]> {
    await this.#closeDates();
    const { fetchCompany } = await import('./fetch/fetch-company.ts');
    const { now, signal } = this.#surroundings;
    return fetchCompany(this.company, this.#connections, { ...options, now: now(), signal });
  }

  /** Imports files into the archive, where they are raw pages like those of the API: all of them, or nothing. */
  async import(options: Omit<ImportOptions, 'now' | 'signal'>): Promise<ImportResult> {
    await this.#closeDates();
    const { importFiles } = await import('./import/import-files.ts');
    const { now, signal } = this.#surroundings;
    return importFiles(this.company, { ...options, now: now(), signal });
  }

  /** The ledger dates, offline. They stay open until the company is closed or something is fetched. */
  async dates(): Promise<CompanyDates> {
    this.#dates ??= openCompanyDates(this.company, this.#surroundings.signal);
    return this.#dates;
  }

  /** Books without delivering, in the shape that the target takes which is posted to. */
  async book(options: PreviewOptions = {}): Promise<BooksSummary> {
    const { previewBooks } = await import('./books/preview-books.ts');
    const { shape } = await this.#posted();
    return previewBooks(this.company, await this.dates(), { shape, ...options });
  }

  /**
   * Proves a period from the ledger to the bank: for the targets of these names, which are read back, too. Throws `unsupported` for
   * a target that cannot list what it holds.
   */
  async prove(
    options: Omit<ProveOptions, 'targets' | 'shape'> & { readonly targets?: readonly string[] },
  ): Promise<Proof> {
    const { proveCompany } = await import('./proof/prove-company.ts');
    const { readTargetOf } = await import('./proof/read-target.ts');
    const targets: ReadTarget[] = [];
    for (const name of options.targets ?? []) targets.push(readTargetOf(await this.target(name)));
    const { shape } = await this.#posted();
    return proveCompany(this.company, await this.dates(), { ...options, targets, shape });
  }

  /**
   * Explains a reference, an amount (`1572.00`) or a date: what it came from, down to the raw page, and where it went, up to the
   * target's id. An empty list where nothing is called so.
   */
  async explain(text: string, options: { readonly most?: number } = {}): Promise<readonly Explained[]> {
    const { askedOf } = await import('./explain/asked.ts');
    const { explainCompany } = await import('./explain/explain-company.ts');
    return explainCompany(this.company, await this.dates(), askedOf(text), { ...(await this.#posted()), ...options });
  }

  /** Makes everything again from the raw pages, and compares it with what was posted. Offline. */
  async replay(options: { readonly onDate?: (date: PlainDate) => void } = {}): Promise<Replay> {
    const { replayCompany } = await import('./explain/replay-company.ts');
    return replayCompany(this.company, await this.dates(), { ...(await this.#posted()), ...options });
  }

  /**
   * Holds existing books, in a file (its path from `folder` on) or in a target that is connected, against the ledger, and proposes
   * where to take over. Writes nothing. Throws `rejected` for a file of another company or that cannot be read, `unsupported`
   * for a target that cannot list.
   */
  async adopt(books: (BooksFile & { readonly folder: string }) | { readonly target: string }): Promise<Adoption> {
    const { adoptBooks, mirrorAccounts } = await import('./adopt/adopt-company.ts');
    const { booksInFile, booksInTarget } = await import('./adopt/existing-books.ts');
    const { company } = this;
    const { signal, now } = this.#surroundings;
    if (!('target' in books)) {
      const read = booksInFile(company, books, { cwd: books.folder, signal });
      return adoptBooks(company, await this.dates(), read);
    }
    const target = await loadServiceTarget(company, books.target, mirrorAccounts(company));
    const connection = await openConnection(company, target, this.#surroundings, {});
    try {
      const { service } = connection;
      const period = { from: company.policy.versions[0].from, to: dateIn(company.country, now()) };
      const list = service.list?.bind(service);
      const read = booksInTarget(company, target.adapter.title, list === undefined ? {} : { list }, period);
      return await adoptBooks(company, await this.dates(), read);
    } finally {
      await connection.close();
    }
  }

  /** The target that is posted to, as far as the books need to know it. */
  async #posted(): Promise<{ readonly target?: string; readonly shape?: VoucherShape }> {
    const [name] = await connectedTargets(this.company);
    if (name === undefined) return {};
    const { adapter } = await loadServiceTarget(this.company, name);
    return { target: name, shape: adapter.shape };
  }

  /**
   * Takes in files of the bank: all of them, whole, or none. Vouchers of what is matched come with the next plan or export. Throws
   * `not-found` before the ledger was read: there is nothing to match them with.
   */
  async importBankFiles(
    paths: readonly string[],
    options: { readonly account?: string | undefined } = {},
  ): Promise<readonly ImportedBankFile[]> {
    await this.dates();
    await this.#closeDates();
    const { importBankFiles } = await import('./bank/import-bank-files.ts');
    return importBankFiles(this.company, paths, { ...options, now: this.#surroundings.now() });
  }

  /** Takes a file of the bank back, by its name or digest: nothing of it is read any more, and nothing that is booked may be lost by it. */
  async takeBackBankFile(name: string): Promise<KeptBankFile> {
    const { takeBackBankFile } = await import('./bank/take-back-file.ts');
    const file = await takeBackBankFile(this.company, await this.bank(), name, this.#surroundings.now());
    await this.#closeDates();
    return file;
  }

  /** What the bank delivered, line by line with the payouts they are; undefined where it delivered nothing. */
  async bank(): Promise<CompanyBank | undefined> {
    return (await this.dates()).bank();
  }

  /** Every payout that the ledgers tell of: what it was made of, and its lines at the bank. Offline. */
  async payouts(): Promise<readonly CompanyPayout[]> {
    const { companyPayouts } = await import('./payouts/company-payouts.ts');
    return companyPayouts(this.company, await this.dates());
  }

  /** What persons decided about lines of the bank, in the order in which they did; also what was taken back. */
  async bankDecisions(): Promise<readonly BankDecision[]> {
    const { bankDecisions } = await import('./bank/company-bank.ts');
    return bankDecisions(this.company);
  }

  /** Records what a person says a line of the bank is. */
  async decideBankLines(asked: AskedDecision): Promise<BankDecision> {
    const { decideBankLines } = await import('./bank/decide.ts');
    const decision = await decideBankLines(this.company, await this.bank(), asked, this.#surroundings.now());
    await this.#closeDates();
    return decision;
  }

  /** Takes a decision back, by its number. */
  async takeBackDecision(number: number): Promise<BankDecision> {
    const { takeBackDecision } = await import('./bank/decide.ts');
    const decision = await takeBackDecision(this.company, number, this.#surroundings.now());
    await this.#closeDates();
    return decision;
  }

  /**
   * Records an invoice or a credit note of the provider out of a JSON file. Where it is to be paid and the ledger does not tell it, its
   * voucher comes with the next plan or export. Throws `config` where nobody says whether it is.
   */
  async recordInvoice(path: string): Promise<RecordedInvoice> {
    await this.#closeDates();
    const { recordInvoice } = await import('./invoices/company-invoices.ts');
    return recordInvoice(this.company, path, this.#surroundings.now());
  }

  /** Takes a recorded invoice back, by its record. What was posted because of it is missing in the next plan. */
  async takeBackInvoice(record: number): Promise<RecordedInvoice> {
    await this.#closeDates();
    const { takeBackInvoice } = await import('./invoices/company-invoices.ts');
    return takeBackInvoice(this.company, record, this.#surroundings.now());
  }

  /** Compares the fees of a month, by kind, with the invoices that were recorded for it. */
  async fees(month: Period): Promise<ComparedFees> {
    const { compareFees } = await import('./fees/compare-fees.ts');
    return compareFees(this.company, await this.dates(), month);
  }

  /**
   * Holds the orders of the merchant's own system against captures and refunds, by reference and to the minor unit: from `readOrders`,
   * or from wherever a program has them. Throws `rejected` for an order that cannot be read.
   */
  async matchOrders(
    orders: AsyncIterable<Order> | Iterable<Order>,
    options: MatchOrdersOptions = {},
  ): Promise<OrderReport> {
    const { matchCompanyOrders } = await import('./orders/match-company.ts');
    return matchCompanyOrders(this.company, await this.dates(), orders, options);
  }

  /** Writes the books of a period as files, for targets by their names: all of them, whole and checked, or none. */
  async export(names: readonly string[], options: Omit<ExportOptions, 'signal'>): Promise<ExportedCompany> {
    const { exportCompany } = await import('./export/export-company.ts');
    const targets = [];
    for (const name of names) targets.push(await loadFileTarget(this.company, name));
    const { signal } = this.#surroundings;
    return exportCompany(this.company, await this.dates(), targets, { ...options, signal });
  }

  /**
   * How far the company is: its ledgers in the archive, and what the delivery log says, offline. Throws `conflict` where the log
   * is of another target than the one that is named.
   */
  async status(target?: string): Promise<CompanyStatus> {
    const { statusOf } = await import('./delivery/company-status.ts');
    return statusOf(this.company, target, this.#surroundings.now().getTime());
  }

  /** How far each ledger is in the archive, offline: what `status` says of it, without a look at the log. */
  async progress(): Promise<readonly LedgerProgress[]> {
    const { ledgerProgress } = await import('./fetch/ledger-progress.ts');
    return ledgerProgress(this.company);
  }

  /** Ends a lease from the future: its process is dead, and its clock was ahead. Throws `conflict` for any other. */
  async endLease(): Promise<void> {
    const { endFutureLease } = await import('./delivery/company-status.ts');
    await endFutureLease(this.company, this.#surroundings.now().getTime());
  }

  /** Checks a target, and pins its company where nothing is wrong: once before anything is posted to it. Posts nothing. */
  async connect(name: string): Promise<ConnectedTarget> {
    const target = await loadServiceTarget(this.company, name);
    const connection = await openConnection(this.company, target, this.#surroundings, { isNew: true });
    try {
      const { connectTarget } = await import('./target/connect-target.ts');
      return await connectTarget(this.company, connection, this.#surroundings.now());
    } finally {
      await connection.close();
    }
  }

  /** Opens a target that was connected, by its name in the config. Throws `config` before that. */
  async target(name: string, options: Omit<ConnectionOptions, 'isNew'> = {}): Promise<OpenTarget> {
    const target = await loadServiceTarget(this.company, name);
    const connection = await openConnection(this.company, target, this.#surroundings, options);
    this.#closing.push(async () => connection.close());
    return new OpenTarget(this.company, connection, async () => this.dates());
  }

  async close(): Promise<void> {
    await this.#closeDates();
    for (const each of this.#closing.splice(0).toReversed()) await each();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeDates(): Promise<void> {
    const dates = await this.#dates?.catch(() => undefined);
    await dates?.close();
    this.#dates = undefined;
  }
}

/** Where a program's company is written, and what the program gives it of the world outside. */
export type OpenOptions = Omit<CompanyPlace, 'file' | 'lineOf'> & Partial<Surroundings> & { readonly file?: string };

/**
 * Opens a company for a program. Its environment and its clock are taken where no other is given. Throws `config` for what is
 * wrong in the config; nothing is sent.
 *
 * @example
 * ```ts
 * import { openCompany } from '@bilag/company';
 * import { vipps } from '@bilag/vipps';
 *
 * const cafe = await openCompany(
 *   {
 *     id: 'cafe',
 *     name: 'Kafé Eksempel AS',
 *     organisationNumber: '987654321',
 *     country: 'NO',
 *     currency: 'NOK',
 *     source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS' },
 *     policy: { versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] },
 *   },
 *   { folder: '/var/lib/bilag', sources: [vipps] },
 * );
 * cafe.company.archive; // => '/var/lib/bilag/archive/cafe'
 * await cafe.close();
 * ```
 */
export async function openCompany(input: unknown, options: OpenOptions): Promise<OpenCompany> {
  const { file = '', folder, packages, sources, database, ...given } = options;
  const company = await loadCompany(input, { file, folder: resolve(folder), packages, sources, database });
  const { signal } = new AbortController();
  return new OpenCompany(company, { env: process.env, now: () => new Date(), signal, ...given });
}
