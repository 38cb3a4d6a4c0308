import { digestOf, type JournalLine, type LineVat, type Voucher } from '@bilag/core';

/**
 * Vouchers by column: what vouchers and lines have in common is kept once beside them, and of a voucher and a line stands there
 * only what is their own. Many vouchers are one text, because to begin and end one costs more than a small voucher.
 */
interface Columns {
  /** Of each voucher: the place of its head. */
  readonly heads: number[];
  readonly keys: string[];
  /** Of each voucher: how many facts and lines it has. */
  readonly factCounts: number[];
  readonly lineCounts: number[];
  readonly facts: string[];
  /** Of each line: the place of its template. */
  readonly kinds: number[];
  readonly amounts: JournalLine['amount'][];
  /** Of each line with VAT: its net and its VAT, one after the other. */
  readonly taxes: JournalLine['amount'][];
  /** Of each line; 0: that of the line before. */
  readonly texts: (string | 0)[];
  /** Of each line; 0: that of the line before; null: none. */
  readonly references: (string | 0 | null)[];
  /** Of each line: which of the voucher's facts are its own. */
  readonly shares: Share[];
}

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

/** So many lines, or facts, are one text: of a large voucher there is never more than that beside it. */
const mostOfText = 512;

/** Packs vouchers as texts, a third as long as their JSON, and unpacks what it packed. A large voucher goes on in the next text. */
export class VoucherPacking {
  readonly #heads = new Heads();
  readonly #templates = new Templates();
  readonly #keep: (text: string) => void;
  #columns = emptyColumns();
  #before: JournalLine | undefined;

  /** `keep` is given each text when it is full. */
  constructor(keep: (text: string) => void) {
    this.#keep = keep;
  }

  add(voucher: Voucher): void {
    const { heads, keys, factCounts, lineCounts } = this.#columns;
    heads.push(this.#heads.placeOf(voucher));
    keys.push(voucher.key);
    factCounts.push(voucher.facts.length);
    lineCounts.push(voucher.lines.length);
    for (const fact of voucher.facts) if (this.#columns.facts.push(fact) >= mostOfText) this.endText();
    this.#addLines(voucher);
  }

  #addLines({ lines, facts }: Voucher): void {
    const places = new Places(facts);
    let factsBefore: readonly string[] | undefined;
    for (const line of lines) {
      const { kinds, amounts, taxes, texts, references, shares } = this.#columns;
      const before = this.#before;
      kinds.push(this.#templates.placeOf(line));
      amounts.push(line.amount);
      if (line.vat !== undefined) taxes.push(line.vat.net, line.vat.amount);
      texts.push(line.text === before?.text ? 0 : line.text);
      references.push(before !== undefined && line.reference === before.reference ? 0 : (line.reference ?? null));
      shares.push(line.facts === factsBefore ? -1 : places.shareOf(line.facts));
      factsBefore = line.facts;
      this.#before = line;
      if (kinds.length >= mostOfText) this.endText();
    }
  }

  /** What was added since the last text. */
  endText(): void {
    const { kinds, facts, keys } = this.#columns;
    if (kinds.length + facts.length + keys.length === 0) return;
    const packed = JSON.stringify(this.#columns);
    this.#columns = emptyColumns();
    this.#before = undefined;
    this.#keep(packed);
  }

  /** All vouchers of texts that follow one another. */
  *unpack(packed: Iterable<string>): Generator<Voucher, void, undefined> {
    const texts = new PackedTexts(packed, this.#templates);
    for (let own = texts.next(); own !== undefined; own = texts.next()) {
      const facts = texts.facts(own.facts);
      const lines = texts.lines(own.lines, facts);
      const { revision, date, ledgerId, ledgerDate, series, document, description, currency } = this.#heads.at(
        own.head,
      );
      const voucher = {
        key: own.key,
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
      yield Object.defineProperty<object>(voucher, 'digest', digestWhenAsked) as Voucher;
    }
  }
}

function emptyColumns(): Columns {
  const vouchers = { heads: [], keys: [], factCounts: [], lineCounts: [], facts: [] };
  return { ...vouchers, kinds: [], amounts: [], taxes: [], texts: [], references: [], shares: [] };
}

/** Packed texts, read from one to the next. */
class PackedTexts {
  readonly #texts: Iterator<string>;
  readonly #templates: Templates;
  #columns = emptyColumns();
  #nextVoucher = 0;
  #nextFact = 0;
  #nextLine = 0;
  #nextTax = 0;
  #text = '';
  #reference: string | null = null;

  constructor(texts: Iterable<string>, templates: Templates) {
    this.#texts = texts[Symbol.iterator]();
    this.#templates = templates;
  }

  /** The next voucher, and how many facts and lines it has; undefined after the last. */
  next(): { readonly key: string; readonly head: number; readonly facts: number; readonly lines: number } | undefined {
    while (this.#nextVoucher === this.#columns.keys.length) if (!this.#turnToNext()) return undefined;
    const { keys, heads, factCounts, lineCounts } = this.#columns;
    const index = this.#nextVoucher;
    this.#nextVoucher += 1;
    return {
      key: keys[index] as string,
      head: heads[index] as number,
      facts: factCounts[index] as number,
      lines: lineCounts[index] as number,
    };
  }

  facts(count: number): readonly string[] {
    const here = this.#factsHere(count);
    if (here.length === count) return here;
    const facts = [...here];
    while (facts.length < count && this.#turnToNext()) facts.push(...this.#factsHere(count - facts.length));
    return facts;
  }

  #factsHere(most: number): readonly string[] {
    return this.#columns.facts.slice(this.#nextFact, (this.#nextFact += most));
  }

  /** So many lines of a voucher with these facts. */
  lines(count: number, facts: readonly string[]): readonly JournalLine[] {
    const lines: JournalLine[] = [];
    let ownFacts: readonly string[] = [];
    while (lines.length < count) {
      if (this.#nextLine === this.#columns.kinds.length && !this.#turnToNext()) break;
      const { kinds, amounts, texts, references, shares } = this.#columns;
      const end = Math.min(kinds.length, this.#nextLine + count - lines.length);
      for (let index = this.#nextLine; index < end; index += 1) {
        const template = this.#templates.at(kinds[index] as number);
        const text = texts[index];
        if (text !== 0) this.#text = text as string;
        const reference = references[index];
        if (reference !== 0) this.#reference = reference as string | null;
        const share = shares[index] as Share;
        if (share !== -1) ownFacts = factsOf(share, facts);
        // In the order in which `book()` gives them, and without spreads: this runs for every line of a ledger.
        const line: Growing<JournalLine> = { account: template.account, amount: amounts[index] } as JournalLine;
        if (template.role !== undefined) line.role = template.role;
        if (template.vat !== undefined) line.vat = this.#vatOf(template.vat);
        if (template.dimensions !== undefined) line.dimensions = template.dimensions;
        if (template.party !== undefined) line.party = template.party;
        line.text = this.#text;
        if (this.#reference !== null) line.reference = this.#reference;
        line.facts = ownFacts;
        lines.push(line);
      }
      this.#nextLine = end;
    }
    return lines;
  }

  /** Whether there is a next text, which is the one that is read from now on. */
  #turnToNext(): boolean {
    const { done, value } = this.#texts.next();
    if (done === true) return false;
    this.#columns = JSON.parse(value) as Columns;
    this.#nextVoucher = this.#nextFact = this.#nextLine = this.#nextTax = 0;
    return true;
  }

  #vatOf(vat: Omit<LineVat, 'net' | 'amount'>): LineVat {
    const { kind, code, account, deductionAccount, rateBasisPoints } = vat;
    const [net, amount] = [this.#nextTaxAmount(), this.#nextTaxAmount()];
    return deductionAccount === undefined
      ? { kind, code, account, rateBasisPoints, net, amount }
      : { kind, code, account, deductionAccount, rateBasisPoints, net, amount };
  }

  #nextTaxAmount(): LineVat['amount'] {
    const amount = this.#columns.taxes[this.#nextTax] as LineVat['amount'];
    this.#nextTax += 1;
    return amount;
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

function factsOf(share: Share, facts: readonly string[]): readonly string[] {
  if (typeof share === 'number') return facts.length === 1 ? facts : [facts[share] as string];
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
