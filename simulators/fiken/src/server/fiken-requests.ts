import { isPlainDate } from '@bilag/core';
import type { GeneralJournalEntryRequest } from '../books/fiken-books.ts';
import type { FikenLineRequest, FikenOrderLine, FikenSaleRequest } from '../books/fiken-journal.ts';
import { FikenRefusal } from '../fiken-replies.ts';

/** A general journal entry as it was sent. What is missing or of another kind is refused, with its name (400). */
export function readJournal(body: unknown): GeneralJournalEntryRequest {
  const sent = new Fields(body, '');
  return {
    ...sent.optional('description', 'text'),
    ...sent.optional('open', 'flag'),
    journalEntries: sent.list('journalEntries').map((entry) => ({
      description: entry.text('description'),
      date: entry.date('date'),
      lines: entry.list('lines').map((line): FikenLineRequest => ({
        amount: line.number('amount'),
        ...line.optional('debitAccount', 'text'),
        ...line.optional('debitVatCode', 'number'),
        ...line.optional('creditAccount', 'text'),
        ...line.optional('creditVatCode', 'number'),
      })),
    })),
  };
}

/** A sale as it was sent. What is missing or of another kind is refused, with its name (400). */
export function readSale(body: unknown): FikenSaleRequest {
  const sent = new Fields(body, '');
  return {
    ...sent.optional('saleNumber', 'text'),
    date: sent.date('date'),
    kind: sent.text('kind'),
    currency: sent.text('currency'),
    ...sent.optional('totalPaid', 'number'),
    ...sent.optional('paymentAccount', 'text'),
    ...sent.optional('paymentDate', 'text'),
    ...sent.optional('paymentFee', 'number'),
    lines: sent.list('lines').map((line): FikenOrderLine => ({
      description: line.text('description'),
      netPrice: line.number('netPrice'),
      vat: line.number('vat'),
      account: line.text('account'),
      vatType: line.text('vatType'),
    })),
  };
}

interface Kinds {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
}

const typeOfKind = { text: 'string', number: 'number', flag: 'boolean' } as const;

/** The fields of an object that was sent. Those nobody knows are let through: what Fiken does of them is not known. */
class Fields {
  readonly #where: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where || 'body');
    this.#where = where === '' ? '' : `${where}.`;
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  text(name: string): string {
    const value = this.#wanted(name, 'text');
    if (value === '') throw missing(this.#where + name);
    return value;
  }

  number(name: string): number {
    return this.#wanted(name, 'number');
  }

  date(name: string): string {
    const value = this.text(name);
    if (!isPlainDate(value)) throw wrong(this.#where + name);
    return value;
  }

  list(name: string): Fields[] {
    const value = this.#values[name];
    if (value === undefined || value === null) throw missing(this.#where + name);
    if (!Array.isArray(value)) throw wrong(this.#where + name);
    if (value.length === 0) throw missing(this.#where + name);
    return value.map((one, index) => new Fields(one, `${this.#where}${name}[${index}]`));
  }

  optional<Name extends string, Kind extends keyof Kinds>(name: Name, kind: Kind): { [Key in Name]?: Kinds[Kind] } {
    const value = this.#values[name];
    if (value === undefined || value === null) return {};
    return { [name]: this.#wanted(name, kind) } as { [Key in Name]?: Kinds[Kind] };
  }

  #wanted<Kind extends keyof Kinds>(name: string, kind: Kind): Kinds[Kind] {
    const value = this.#values[name];
    if (value === undefined || value === null) throw missing(this.#where + name);
    if (typeof value !== typeOfKind[kind]) throw wrong(this.#where + name);
    return value as Kinds[Kind];
  }
}

/** In the form that was seen of a missing total. */
function missing(name: string): FikenRefusal {
  return new FikenRefusal(400, `Missing field '${name}'`);
}

function wrong(name: string): FikenRefusal {
  return new FikenRefusal(400, `Invalid field '${name}'`);
}
