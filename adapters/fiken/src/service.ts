import {
  afterWrite,
  BilagError,
  receiptOf,
  type Attachment,
  type BeforeWrite,
  type CompanyInfo,
  type PlainDate,
  type Posted,
  type Receipt,
  type SearchableService,
  type ServiceChart,
  type Voucher,
} from '@bilag/core';
import { AccountMap } from './registers/account-map.ts';
import { formOf, pictureOf } from './attach.ts';
import type { FikenClient } from './client.ts';
import type { FikenConfig } from './config.ts';
import { parseId, toPosted, type PostingId } from './from-fiken.ts';
import { Lookup, offsetOf } from './lookup/lookup.ts';
import { markedText } from './lookup/marker.ts';
import {
  fileNameOf,
  readAccount,
  readAttachments,
  readBankAccount,
  readCompany,
  readEntry,
  readSale,
  type Transaction,
} from './replies.ts';
import { toFiken } from './to-fiken.ts';
import { fikenVatCodes } from './registers/vat-codes.ts';

/** A company in Fiken. */
export class FikenService implements SearchableService {
  readonly #config: FikenConfig;
  readonly #client: FikenClient;
  readonly #accounts: AccountMap;
  readonly #lookup: Lookup;
  /** What this connection made, by id, with its entry: it has no file yet. */
  readonly #made = new Map<string, number | undefined>();

  constructor(config: FikenConfig, client: FikenClient) {
    this.#config = config;
    this.#client = client;
    this.#accounts = new AccountMap(config.accounts);
    this.#lookup = new Lookup(client, this.#accounts, config.clearingAccounts);
  }

  async identify(): Promise<CompanyInfo> {
    const company = await this.#client.read('', readCompany);
    if (company.slug !== this.#config.company || company.hasApiAccess === false) {
      throw new BilagError(company.hasApiAccess === false ? 'forbidden' : 'conflict', {
        what:
          company.hasApiAccess === false
            ? 'the company has not ordered the API module'
            : `Fiken answered for the company "${company.slug}"`,
        where: `company ${this.#config.company}`,
        action: 'order the module in Fiken, or mend the slug; nothing was sent',
      });
    }
    return {
      id: company.slug,
      name: company.name,
      organisationNumber: (company.organizationNumber ?? '').replaceAll(/\D/g, ''),
      country: 'NO',
      currency: 'NOK',
    };
  }

  /** Fiken does not tell what is locked, nor which codes an account takes. */
  async chart(): Promise<ServiceChart> {
    const accounts = await this.#client.readAll('/accounts', readAccount);
    const banks = await this.#client.readAll('/bankAccounts', readBankAccount);
    const bankOf = new Map(banks.map((bank) => [bank.accountCode, bank]));
    const codes = new Map(accounts.map(({ code, name }) => [code, name]));
    for (const { accountCode, name } of banks) codes.set(accountCode, name);
    return {
      accounts: [...codes]
        .filter(([code]) => !this.#accounts.isHidden(code))
        .map(([code, name]) => ({
          number: this.#accounts.toPolicy(code),
          name,
          isActive: bankOf.get(code)?.inactive !== true,
        })),
      vatCodes: fikenVatCodes.map(({ code, description, rateBasisPoints, kind }) => ({
        code,
        description,
        rateBasisPoints,
        kind,
      })),
      dimensions: [],
    };
  }

  async rehearse(voucher: Voucher, reference: string): Promise<void> {
    toFiken(voucher, reference, this.#accounts);
  }

  async post(voucher: Voucher, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const { document, path, body } = toFiken(voucher, reference, this.#accounts);
    const reply = await this.#client.write({ method: 'POST', url: path, json: body }, beforeWrite);
    return afterWrite(reply.where, async () => {
      const id = await this.#idIn(reply.headers['location'] ?? '', document);
      const { entries } = await this.#transactionOf(id);
      const posted = toPosted(entries, this.#accounts, {
        id: `${id.kind}-${id.number}`,
        reference,
        state: 'live',
        document,
      });
      this.#made.set(posted.id, entries[0]?.journalEntryId);
      return receiptOf(posted, 'created');
    });
  }

  find(reference: string): Promise<readonly Posted[]> {
    return this.#lookup.find(reference);
  }

  list(from: PlainDate, to: PlainDate): AsyncIterable<Posted> {
    return this.#lookup.list(from, to);
  }

  /** Fiken's own deletion: it books the opposite on the original's date, and on no other. */
  async reverse(id: string, date: PlainDate, reference: string, beforeWrite?: BeforeWrite): Promise<Receipt> {
    const posting = this.#parsed(id);
    const transaction = await this.#transactionOf(posting);
    if (transaction.deleted === true || offsetOf(transaction) !== undefined) {
      return this.#receiptOfReversal(transaction, reference, 'exists');
    }
    const own = transaction.entries[0]?.date;
    if (own !== date) {
      throw new BilagError('unsupported', {
        what: `Fiken reverses a posting on its own date ${own ?? ''}, not on ${date}`,
        where: id,
        action: 'post a mirrored voucher on the other date; nothing was sent',
      });
    }
    const path = posting.kind === 'sale' ? `/sales/${posting.number}` : `/transactions/${posting.number}`;
    const description = markedText(reference, 'Bilag', longestReason);
    const reply = await this.#client.write(
      { method: 'PATCH', url: `${path}/delete`, query: { description } },
      beforeWrite,
    );
    return afterWrite(reply.where, async () =>
      this.#receiptOfReversal(await this.#transactionOf(posting), reference, 'created'),
    );
  }

  async attach(id: string, file: Attachment, beforeWrite?: BeforeWrite): Promise<void> {
    const picture = pictureOf(file);
    const posting = this.#parsed(id);
    const made = this.#made.get(id);
    const isNew = this.#made.delete(id);
    const path = await this.#attachmentPath(posting, made);
    const there = isNew ? [] : await this.#client.read(path, readAttachments);
    if (there.some((one) => fileNameOf(one).includes(picture.name))) return;
    const query = posting.kind === 'sale' ? { attachToSale: true } : {};
    await this.#client.write({ method: 'POST', url: path, query, ...formOf(picture) }, beforeWrite);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** A journal entry's files hang on the entry, and what we hold is the id of its transaction. */
  async #attachmentPath(posting: PostingId, entryId: number | undefined): Promise<string> {
    if (posting.kind === 'sale') return `/sales/${posting.number}/attachments`;
    const known = entryId ?? (await this.#lookup.transaction(posting.number)).entries[0]?.journalEntryId;
    return `/journalEntries/${known ?? ''}/attachments`;
  }

  async #receiptOfReversal(transaction: Transaction, reference: string, outcome: Receipt['outcome']): Promise<Receipt> {
    const offset = offsetOf(transaction);
    if (offset === undefined) {
      throw new BilagError('conflict', {
        what: 'the posting is deleted and no counter entry stands against it',
        where: `transaction ${transaction.transactionId}`,
        action: 'look at it in Fiken: somebody deleted an open entry',
      });
    }
    const counter = await this.#lookup.transaction(offset);
    if (offsetOf(counter) !== undefined) {
      throw new BilagError('conflict', {
        what: 'the posting was deleted, and its counter entry was deleted too',
        where: `transaction ${transaction.transactionId}`,
        action: 'look at it in Fiken, and take it back there by hand',
      });
    }
    const posted = toPosted(counter.entries, this.#accounts, {
      id: `transaction-${offset}`,
      reference,
      state: 'live',
      document: 'journal',
    });
    return receiptOf(posted, outcome);
  }

  /** The address of what was made. For a journal entry it is its transaction, whatever Fiken's specification says of it. */
  async #idIn(location: string, document: 'sale' | 'journal'): Promise<PostingId> {
    const [, resource, digits] = /\/(transactions|sales|journalEntries)\/(\d+)\/?$/.exec(location) ?? [];
    const number = Number(digits);
    if (resource === 'sales' && document === 'sale') return { kind: 'sale', number };
    if (resource === 'transactions' && document !== 'sale') return { kind: 'transaction', number };
    if (resource === 'journalEntries' && document !== 'sale') {
      const entry = await this.#client.read(`/journalEntries/${number}`, readEntry);
      return { kind: 'transaction', number: entry.transactionId };
    }
    throw new BilagError('unavailable', {
      what: 'Fiken did not say where it put it',
      where: `POST ${document}`,
      action: 'look it up',
    });
  }

  async #transactionOf(posting: PostingId): Promise<Transaction> {
    if (posting.kind === 'transaction') return this.#lookup.transaction(posting.number);
    const sale = await this.#client.read(`/sales/${posting.number}`, readSale);
    return this.#lookup.transaction(sale.transactionId);
  }

  #parsed(id: string): PostingId {
    const posting = parseId(id);
    if (posting !== undefined) return posting;
    throw new BilagError('not-found', {
      what: `"${id.slice(0, 40)}" is no id of a posting in Fiken`,
      where: `company ${this.#config.company}`,
      action: 'give an id such as sale-2888156 or transaction-734083065',
    });
  }
}

const longestReason = 166;
