import { bodyText, jsonReply, type ServerReply, type ServerRequest, formParts } from '@bilag/fault-server';
import { dateOf, type FikenBooks, type FikenEntry, type FikenFile, type FikenSale } from '../books/fiken-books.ts';
import type { FikenTransaction } from '../books/fiken-books.ts';
import { paymentsOf, type FikenSaleRequest } from '../books/fiken-journal.ts';
import { pageReply, passes } from './fiken-pages.ts';
import { FikenRefusal } from '../fiken-replies.ts';
import { readJournal, readSale } from './fiken-requests.ts';
import type { FikenCompany } from '../books/fiken-company.ts';

/** The part of the API below one company. */
export class FikenCompanyApi {
  readonly #company: FikenCompany;
  readonly #books: FikenBooks;
  readonly #baseUrl: () => string;

  constructor(company: FikenCompany, baseUrl: () => string) {
    this.#company = company;
    this.#books = company.books;
    this.#baseUrl = baseUrl;
  }

  /** `path` is below the company: `/sales/12/delete`. */
  answer(request: ServerRequest, path: string): ServerReply {
    const { method } = request;
    const [, resource = '', id = '', action = ''] = path.split('/');
    switch (`${method} ${resource}${id === '' ? '' : '/:id'}${action === '' ? '' : `/${action}`}`) {
      case 'GET ':
        return jsonReply(200, this.#company.shown());
      case 'GET accounts':
        return pageReply(request.query, this.#company.accounts());
      case 'GET accountBalances':
        return pageReply(request.query, this.#company.accountBalances(request.query));
      case 'GET bankAccounts':
        return pageReply(request.query, this.#company.bankAccounts(request.query.get('inactive')));
      case 'GET journalEntries':
        return this.#listEntries(request.query);
      case 'GET journalEntries/:id':
        return jsonReply(200, this.#entry(this.#books.entry(Number(id))));
      case 'POST generalJournalEntries':
        return this.#created('transactions', this.#books.postJournal(readJournal(jsonOf(request))));
      case 'GET transactions':
        return this.#listTransactions(request.query);
      case 'GET transactions/:id':
        return jsonReply(200, this.#transaction(this.#books.transaction(Number(id))));
      case 'PATCH transactions/:id/delete':
        return jsonReply(200, this.#transaction(this.#books.reverse(Number(id), wanted(request, 'description'))));
      case 'GET sales':
        return this.#listSales(request.query);
      case 'POST sales':
        return this.#created('sales', this.#books.postSale(readSale(jsonOf(request))));
      case 'GET sales/:id':
        return jsonReply(200, this.#sale(this.#books.sale(Number(id))));
      case 'PATCH sales/:id/delete': {
        const sale = this.#books.sale(Number(id));
        this.#books.reverse(sale.transactionId, wanted(request, 'description'));
        return jsonReply(200, this.#sale(sale));
      }
      case 'GET journalEntries/:id/attachments':
        return jsonReply(200, this.#files(this.#books.entry(Number(id)).entry.files));
      case 'POST journalEntries/:id/attachments':
        return this.#addFile(request, this.#books.entry(Number(id)).entry.files, path);
      case 'GET sales/:id/attachments':
        return jsonReply(200, this.#files(this.#books.sale(Number(id)).files));
      case 'POST sales/:id/attachments': {
        const { query } = request;
        if (query.get('attachToSale') !== 'true' && query.get('attachToPayment') !== 'true') {
          throw new FikenRefusal(400, 'At least one of attachToPayment and attachToSale must be true');
        }
        return this.#addFile(request, this.#books.sale(Number(id)).files, path);
      }
      default:
        throw new FikenRefusal(method === 'GET' ? 404 : 405, `${method} ${path}`);
    }
  }

  #listEntries(query: URLSearchParams): ServerReply {
    const items = this.#visible().flatMap((transaction) =>
      transaction.entries
        .filter((entry) =>
          passes(query, {
            date: entry.date,
            createdDate: dateOf(transaction.createdMs),
            lastModified: entry.lastModifiedDate,
          }),
        )
        .map((entry) => this.#entry({ transaction, entry })),
    );
    return pageReply(query, items.toReversed());
  }

  #listTransactions(query: URLSearchParams): ServerReply {
    const items = this.#visible().filter((one) =>
      passes(query, { createdDate: dateOf(one.createdMs), lastModified: one.lastModifiedDate }),
    );
    return pageReply(query, items.map((one) => this.#transaction(one)).toReversed());
  }

  #listSales(query: URLSearchParams): ServerReply {
    const visible = new Set(this.#visible().map(({ transactionId }) => transactionId));
    const number = query.get('saleNumber');
    const items = this.#books.sales.filter(
      (sale) =>
        visible.has(sale.transactionId) &&
        (number === null || sale.saleNumber === number) &&
        passes(query, { date: sale.request.date, lastModified: sale.lastModifiedDate }),
    );
    return pageReply(query, items.map((sale) => this.#sale(sale)).toReversed());
  }

  /** Listings lag behind; what is asked for by its id is there at once. */
  #visible(): readonly FikenTransaction[] {
    return this.#books.transactions.filter((one) => this.#company.isListed(one));
  }

  #transaction(transaction: FikenTransaction): unknown {
    const { transactionId, createdMs, lastModifiedDate, description, type, deleted, entries } = transaction;
    return {
      transactionId,
      createdDate: dateOf(createdMs),
      lastModifiedDate,
      description,
      type,
      deleted,
      entries: entries.map((entry) => this.#entry({ transaction, entry })),
    };
  }

  #entry({ transaction, entry }: { transaction: FikenTransaction; entry: FikenEntry }): unknown {
    const { journalEntryId, journalEntryNumber, description, date, lines, lastModifiedDate } = entry;
    return {
      journalEntryId,
      createdDate: dateOf(transaction.createdMs),
      lastModifiedDate,
      transactionId: transaction.transactionId,
      ...(entry.offsetTransactionId === undefined ? {} : { offsetTransactionId: entry.offsetTransactionId }),
      journalEntryNumber,
      description,
      date,
      lines,
      attachments: this.#files(entry.files),
    };
  }

  #sale(sale: FikenSale): unknown {
    const { saleId, transactionId, request, saleNumber, deleted, lastModifiedDate } = sale;
    const sum = (pick: (line: FikenSaleRequest['lines'][number]) => number): number =>
      request.lines.reduce((total, line) => total + pick(line), 0);
    return {
      saleId,
      transactionId,
      lastModifiedDate,
      saleNumber,
      date: request.date,
      kind: request.kind,
      netAmount: sum((line) => line.netPrice),
      vatAmount: sum((line) => line.vat),
      settled: true,
      settledDate: request.date,
      totalPaid: request.totalPaid,
      outstandingBalance: 0,
      lines: request.lines,
      currency: request.currency,
      salePayments: paymentsOf(request).map(({ account, amount }, index) => ({
        paymentId: saleId + (index + 1) * 1_000_000,
        date: request.date,
        account,
        amount,
      })),
      saleAttachments: this.#files(sale.files),
      paymentDate: request.paymentDate,
      deleted,
    };
  }

  #files(files: readonly FikenFile[]): unknown[] {
    return files.map(({ filename }, index) => ({
      identifier: '',
      downloadUrl: `${this.#baseUrl()}/files/00000000-0000-4000-8000-${String(index).padStart(12, '0')}/${encodeURIComponent(filename)}`,
      comment: '',
      type: 'unspecified',
    }));
  }

  #addFile(request: ServerRequest, files: FikenFile[], path: string): ServerReply {
    const parts = formParts(request.headers['content-type'], request.body);
    if (parts === undefined) throw new FikenRefusal(415, 'Unsupported media type');
    const named = parts.find(({ name }) => name === 'filename');
    const file = parts.find(({ name }) => name === 'file');
    const filename = named === undefined ? '' : new TextDecoder().decode(named.bytes);
    if (file === undefined || !/\.(?:png|jpe?g|gif|pdf)$/i.test(filename)) {
      throw new FikenRefusal(400, 'filename must end with .png, .jpeg, .jpg, .gif or .pdf');
    }
    files.push({ filename, bytes: file.bytes });
    return { status: 201, headers: { Location: `${this.#baseUrl()}/companies/${this.#company.slug}${path}/1` } };
  }

  /** 201 has no body; the address of a general journal entry is that of its transaction. */
  #created(resource: string, id: number): ServerReply {
    return {
      status: 201,
      headers: { Location: `${this.#baseUrl()}/companies/${this.#company.slug}/${resource}/${id}` },
    };
  }
}

function jsonOf(request: ServerRequest): unknown {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new FikenRefusal(415, 'Unsupported media type');
  }
  try {
    return JSON.parse(bodyText(request)) as unknown;
  } catch {
    throw new FikenRefusal(400, 'Malformed JSON');
  }
}

function wanted(request: ServerRequest, name: string): string {
  const value = request.query.get(name);
  if (value === null || value === '') throw new FikenRefusal(400, `Missing query parameter '${name}'`);
  return value;
}
