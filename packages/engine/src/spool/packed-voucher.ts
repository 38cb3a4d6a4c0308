import { digestOf, type JournalLine, type LineVat, type Voucher } from '@bilag/core';

/**
 * A voucher by column: what vouchers and lines have in common is kept once beside them, and of a voucher and a line stands there
 * only what is their own. A list, because to write and to read names would cost a small voucher more than all the rest.
 */
type PackedVoucher = readonly [
  /** The place of its head. */
  head: number,
  key: string,
  facts: readonly string[],
  /** Of each line: the place of its template. */
  kinds: readonly number[],
  amounts: readonly JournalLine['amount'][],
  /** Of each line with VAT: its net and its VAT, one after the other. */
  taxes: readonly JournalLine['amount'][],
  /** Of each line; 0: that of the line before. */
  texts: readonly (string | 0)[],
  /** Of each line; 0: that of the line before; null: none. */
  references: readonly (string | 0 | null)[],
  /** Of each line: which of the voucher's facts are its own. */
  shares: readonly Share[],
];

/** What vouchers have in common. */
type Head = Omit<Voucher, 'key' | 'digest' | 'lines' | 'facts'>;

/** What lines have in common. */
type Template = Pick<JournalLine, 'account' | 'role' | 'dimensions' | 'party'> & {
  readonly vat?: Omit<LineVat, 'net' | 'amount'>;
};

/**
 * The facts of a line: −1 where they are those of the line before, a place where it is one, and else the first place and the
 * steps to the next ones. A fact that is not among the voucher's stands there itself.
 */
type Share = number | readonly (number | string)[];

/** Packs vouchers as text, a third as long as their JSON, and unpacks what it packed. */
export class VoucherPacking {
  readonly #heads = new Heads();
  readonly #templates = new Templates();

  pack(voucher: Voucher): string {
    const { key, lines, facts } = voucher;
    const places = new Places(facts);
    const kinds: number[] = [];
    const amounts: JournalLine['amount'][] = [];
    const taxes: JournalLine['amount'][] = [];
    const texts: (string | 0)[] = [];
    const references: (string | 0 | null)[] = [];
    const shares: Share[] = [];
    let before: JournalLine | undefined;
    for (const line of lines) {
      kinds.push(this.#templates.placeOf(line));
      amounts.push(line.amount);
      if (line.vat !== undefined) taxes.push(line.vat.net, line.vat.amount);
      texts.push(line.text === before?.text ? 0 : line.text);
      references.push(before !== undefined && line.reference === before.reference ? 0 : (line.reference ?? null));
      shares.push(line.facts === before?.facts ? -1 : places.shareOf(line.facts));
      before = line;
    }
    const head = this.#heads.placeOf(voucher);
    return JSON.stringify([head, key, facts, kinds, amounts, taxes, texts, references, shares] satisfies PackedVoucher);
  }

  unpack(packed: string): Voucher {
    const parsed = JSON.parse(packed) as PackedVoucher;
    const [place, key, facts] = parsed;
    const { revision, date, ledgerId, ledgerDate, series, document, description, currency } = this.#heads.at(place);
    const lines = this.#linesOf(parsed);
    const voucher = {
      key,
      date,
      ledgerId,
      ledgerDate,
      series,
      document,
      description,
      currency,
      lines,
      facts,
      revision,
    };
    return Object.defineProperty(voucher, 'digest', digestWhenAsked) as Voucher;
  }

  #linesOf([, , facts, kinds, amounts, taxes, texts, references, shares]: PackedVoucher): readonly JournalLine[] {
    const lines: JournalLine[] = [];
    let nextTax = 0;
    let ownText = '';
    let ownReference: string | null = null;
    let ownFacts: readonly string[] = [];
    for (let index = 0; index < kinds.length; index += 1) {
      const template = this.#templates.at(kinds[index] as number);
      const text = texts[index];
      if (text !== 0) ownText = text as string;
      const reference = references[index];
      if (reference !== 0) ownReference = reference as string | null;
      const share = shares[index] as Share;
      if (share !== -1) ownFacts = factsOf(share, facts);
      // In the order in which `book()` gives them, and without spreads: this runs for every line of a ledger.
      const line: Growing<JournalLine> = { account: template.account, amount: amounts[index] } as JournalLine;
      if (template.role !== undefined) line.role = template.role;
      if (template.vat !== undefined) {
        line.vat = vatOf(template.vat, taxes[nextTax] as LineVat['net'], taxes[nextTax + 1] as LineVat['amount']);
        nextTax += 2;
      }
      if (template.dimensions !== undefined) line.dimensions = template.dimensions;
      if (template.party !== undefined) line.party = template.party;
      line.text = ownText;
      if (ownReference !== null) line.reference = ownReference;
      line.facts = ownFacts;
      lines.push(line);
    }
    return lines;
  }
}

/** Few ask for it, and it is all in the voucher. */
const digestWhenAsked = {
  enumerable: true,
  get(this: Voucher): string {
    return digestOf(this);
  },
};

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

function vatOf(vat: Omit<LineVat, 'net' | 'amount'>, net: LineVat['net'], amount: LineVat['amount']): LineVat {
  const { kind, code, account, rateBasisPoints } = vat;
  return vat.deductionAccount === undefined
    ? { kind, code, account, rateBasisPoints, net, amount }
    : { kind, code, account, deductionAccount: vat.deductionAccount, rateBasisPoints, net, amount };
}

function factsOf(share: Share, facts: readonly string[]): readonly string[] {
  if (typeof share === 'number') return [facts[share] as string];
  const own: string[] = [];
  let place = 0;
  for (const step of share) {
    if (typeof step === 'string') own.push(step);
    else own.push(facts[(place += step)] as string);
  }
  return own;
}

/** The heads of vouchers: those of a ledger date are alike. */
class Heads {
  readonly #all: Head[] = [];
  readonly #places = new Map<string, number>();
  #last = -1;

  placeOf({ revision, date, ledgerId, ledgerDate, series, document, description, currency }: Voucher): number {
    const last = this.#all[this.#last];
    const isAsLast =
      last !== undefined &&
      description === last.description &&
      date === last.date &&
      ledgerDate === last.ledgerDate &&
      ledgerId === last.ledgerId &&
      revision === last.revision &&
      series === last.series &&
      document === last.document &&
      currency === last.currency;
    if (isAsLast) return this.#last;
    const head: Head = { revision, date, ledgerId, ledgerDate, series, document, description, currency };
    this.#last = placeIn(this.#all, this.#places, head);
    return this.#last;
  }

  at(place: number): Head {
    return this.#all[place] as Head;
  }
}

/** The templates of lines: as many as there are accounts, with what the policy says beside them. */
class Templates {
  readonly #all: Template[] = [];
  readonly #places = new Map<string, number>();
  readonly #byAccount = new Map<string, number[]>();

  placeOf(line: JournalLine): number {
    let known = this.#byAccount.get(line.account);
    if (known === undefined) this.#byAccount.set(line.account, (known = []));
    // Most accounts have one or two, and comparing is quicker than to make a key.
    for (const place of known) if (isLike(line, this.at(place))) return place;
    const place = placeIn(this.#all, this.#places, templateOf(line));
    if (known.length < mostCompared && !known.includes(place)) known.push(place);
    return place;
  }

  at(place: number): Template {
    return this.#all[place] as Template;
  }
}

const mostCompared = 8;

/** The place of an item among those that are known, at their end where it is new. */
function placeIn<Item>(all: Item[], places: Map<string, number>, item: Item): number {
  const key = JSON.stringify(item);
  const known = places.get(key);
  if (known !== undefined) return known;
  const place = all.push(item) - 1;
  places.set(key, place);
  return place;
}

function templateOf({ account, role, vat, dimensions, party }: JournalLine): Template {
  const { net: _net, amount: _amount, ...common } = vat ?? {};
  return {
    account,
    ...(role === undefined ? {} : { role }),
    ...(vat === undefined ? {} : { vat: common as Omit<LineVat, 'net' | 'amount'> }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(party === undefined ? {} : { party }),
  };
}

function isLike({ account, role, vat, dimensions, party }: JournalLine, template: Template): boolean {
  return (
    account === template.account &&
    role === template.role &&
    vat?.kind === template.vat?.kind &&
    vat?.code === template.vat?.code &&
    vat?.account === template.vat?.account &&
    vat?.deductionAccount === template.vat?.deductionAccount &&
    vat?.rateBasisPoints === template.vat?.rateBasisPoints &&
    dimensions === template.dimensions &&
    party === template.party
  );
}

/** Where facts stand in their voucher. */
class Places {
  readonly #facts: readonly string[];
  #next = 0;
  #byFact: Map<string, number> | undefined;

  constructor(facts: readonly string[]) {
    this.#facts = facts;
  }

  shareOf(own: readonly string[]): Share {
    const [only] = own;
    if (own.length === 1 && only !== undefined) {
      const place = this.#placeOf(only);
      return place ?? [only];
    }
    let before = 0;
    return own.map((fact) => {
      const place = this.#placeOf(fact);
      if (place === undefined) return fact;
      const step = place - before;
      before = place;
      return step;
    });
  }

  /** Mostly the next one. */
  #placeOf(fact: string): number | undefined {
    const place = this.#facts[this.#next] === fact ? this.#next : this.#search(fact);
    if (place !== undefined) this.#next = place + 1;
    return place;
  }

  #search(fact: string): number | undefined {
    this.#byFact ??= new Map(this.#facts.map((each, place) => [each, place]));
    return this.#byFact.get(fact);
  }
}
