import type { JournalLine, LineVat, Voucher } from '@bilag/core';

/** A voucher by column: what lines have in common stands there once, and of a line only what is its own. */
interface PackedVoucher {
  readonly head: Omit<Voucher, 'lines' | 'facts'>;
  readonly facts: readonly string[];
  readonly templates: readonly Template[];
  /** Of each line: the place of its template. */
  readonly kinds: readonly number[];
  readonly amounts: readonly JournalLine['amount'][];
  /** Of each line with VAT: its net and its VAT, one after the other. */
  readonly taxes: readonly JournalLine['amount'][];
  /** Of each line; 0: that of the line before. */
  readonly texts: readonly (string | 0)[];
  /** Of each line; 0: that of the line before; null: none. */
  readonly references: readonly (string | 0 | null)[];
  /** Of each line: which of the voucher's facts are its own. */
  readonly shares: readonly Share[];
}

/** What lines have in common. */
type Template = Pick<JournalLine, 'account' | 'role' | 'dimensions' | 'party'> & {
  readonly vat?: Omit<LineVat, 'net' | 'amount'>;
};

/**
 * The facts of a line: −1 where they are those of the line before, a place where it is one, and else the first place and the
 * steps to the next ones. A fact that is not among the voucher's stands there itself.
 */
type Share = number | readonly (number | string)[];

/** A voucher as text, a third as long as its JSON, and quicker to write and to read. */
export function packVoucher({ lines, facts, ...head }: Voucher): string {
  const templates = new Templates();
  const places = new Places(facts);
  const kinds: number[] = [];
  const amounts: JournalLine['amount'][] = [];
  const taxes: JournalLine['amount'][] = [];
  const texts: (string | 0)[] = [];
  const references: (string | 0 | null)[] = [];
  const shares: Share[] = [];
  let before: JournalLine | undefined;
  for (const line of lines) {
    kinds.push(templates.placeOf(line));
    amounts.push(line.amount);
    if (line.vat !== undefined) taxes.push(line.vat.net, line.vat.amount);
    texts.push(line.text === before?.text ? 0 : line.text);
    references.push(before !== undefined && line.reference === before.reference ? 0 : (line.reference ?? null));
    shares.push(line.facts === before?.facts ? -1 : places.shareOf(line.facts));
    before = line;
  }
  const packed: PackedVoucher = {
    head,
    facts,
    templates: templates.all,
    kinds,
    amounts,
    taxes,
    texts,
    references,
    shares,
  };
  return JSON.stringify(packed);
}

/** The voucher of {@link packVoucher}. */
export function unpackVoucher(packed: string): Voucher {
  const { head, facts, templates, kinds, amounts, taxes, texts, references, shares } = JSON.parse(
    packed,
  ) as PackedVoucher;
  const lines: JournalLine[] = [];
  let nextTax = 0;
  let ownText = '';
  let ownReference: string | null = null;
  let ownFacts: readonly string[] = [];
  for (let index = 0; index < kinds.length; index += 1) {
    const template = templates[kinds[index] as number] as Template;
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
  const { revision, digest, ...parts } = head;
  return { ...parts, lines, facts, revision, digest };
}

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

/** The templates of a voucher's lines. */
class Templates {
  readonly all: Template[] = [];
  readonly #places = new Map<string, number>();

  placeOf(line: JournalLine): number {
    // Most vouchers have a few, and comparing is quicker than to make a key.
    if (this.all.length <= 8) {
      const place = this.all.findIndex((template) => isLike(line, template));
      if (place >= 0) return place;
    }
    const template = templateOf(line);
    const key = JSON.stringify(template);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.all.push(template) - 1;
    this.#places.set(key, place);
    return place;
  }
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
