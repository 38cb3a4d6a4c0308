import { named } from '@bilag/core';
import { maxLengthOf, profileOf, type Version } from '../profile.ts';
import { contentsOf, kindOf, unjudged } from './shape.ts';
import { fieldRuleOf, type FieldRule } from './field-rule.ts';

/** An element of a structure: a field with its rule, a structure, or something that is not judged. */
export interface Model {
  readonly name: string;
  readonly field: FieldRule | undefined;
  /** Where its content begins. */
  readonly start: Place;
  readonly isJudged: boolean;
  /** Where each of its elements may stand, for going on after a fault. */
  readonly steps: ReadonlyMap<string, Step>;
}

/** A place in the content of a structure: what may come next, and whether it may end here. */
export interface Place {
  readonly next: ReadonlyMap<string, Step>;
  readonly mayEnd: boolean;
}

/** An element, and the place after it. */
export interface Step {
  readonly model: Model;
  readonly after: Place;
}

/** The content of a SAF-T file of a version as places and steps. The root's name is AuditFile. */
export function auditFileModel(version: Version): Model {
  const known = models.get(version);
  if (known !== undefined) return known;
  const made = new ModelMaker(version).make('', 'AuditFile', 'AuditFile');
  models.set(version, made);
  return made;
}

const models: Map<Version, Model> = new Map();

/** A part of a content as written in the shape. */
export type Part =
  | { readonly kind: 'element'; readonly name: string; readonly structure: string }
  | { readonly kind: 'all' | 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'optional' | 'many' | 'repeated'; readonly part: Part };

/** A growing place: steps point back to places that are still being made. */
interface GrowingPlace extends Place {
  readonly next: Map<string, Step>;
  mayEnd: boolean;
}

interface Position {
  readonly name: string;
  readonly structure: string;
  readonly place: GrowingPlace;
  readonly follow: Set<Position>;
}

/** Glushkov's construction: each element of a content is a place, and the schema lets no two followers share a name. */
class ModelMaker {
  readonly #version: Version;
  readonly #contents: Readonly<Record<string, string>>;
  readonly #made: Map<string, Model> = new Map();

  constructor(version: Version) {
    this.#version = version;
    this.#contents = contentsOf(version);
  }

  make(parent: string, name: string, structure: string): Model {
    const content = named(this.#contents, structure);
    const key = content === undefined ? `${parent}/${name}` : `${name}:${structure}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const isJudged = !unjudged.has(structure);
    const isField = content === undefined && isJudged;
    const start: GrowingPlace = { next: new Map(), mayEnd: true };
    const steps = new Map<string, Step>();
    const model = { name, field: isField ? this.#fieldOf(parent, name) : undefined, start, isJudged, steps };
    this.#made.set(key, model);
    if (content !== undefined) this.#fill(model, start, steps, parseContent(content));
    return model;
  }

  #fieldOf(parent: string, name: string): FieldRule {
    const { lengths } = profileOf(this.#version);
    return fieldRuleOf(kindOf(this.#version, parent, name), maxLengthOf(lengths, parent, name));
  }

  #fill(model: Model, start: GrowingPlace, steps: Map<string, Step>, part: Part): void {
    const positions: Position[] = [];
    const { first, last, mayBeEmpty } = glue(part, positions);
    start.mayEnd = mayBeEmpty;
    for (const position of last) position.place.mayEnd = true;
    const stepOf = (position: Position): Step => ({
      model: this.make(model.name, position.name, position.structure),
      after: position.place,
    });
    const made = new Map(positions.map((position) => [position, stepOf(position)]));
    const link = (place: GrowingPlace, followers: Iterable<Position>): void => {
      for (const follower of followers) place.next.set(follower.name, made.get(follower) as Step);
    };
    link(start, first);
    for (const position of positions) {
      link(position.place, position.follow);
      steps.set(position.name, made.get(position) as Step);
    }
  }
}

interface Glued {
  readonly first: readonly Position[];
  readonly last: readonly Position[];
  readonly mayBeEmpty: boolean;
}

function glue(part: Part, positions: Position[]): Glued {
  switch (part.kind) {
    case 'element': {
      const place: GrowingPlace = { next: new Map(), mayEnd: false };
      const position = { name: part.name, structure: part.structure, place, follow: new Set<Position>() };
      positions.push(position);
      return { first: [position], last: [position], mayBeEmpty: false };
    }
    case 'choice': {
      const glued = part.parts.map((one) => glue(one, positions));
      return {
        first: glued.flatMap(({ first }) => first),
        last: glued.flatMap(({ last }) => last),
        mayBeEmpty: glued.some(({ mayBeEmpty }) => mayBeEmpty),
      };
    }
    case 'all':
      return part.parts.map((one) => glue(one, positions)).reduce(inOrder, { first: [], last: [], mayBeEmpty: true });
    default: {
      const inner = glue(part.part, positions);
      if (part.kind !== 'optional') follow(inner.last, inner.first);
      return { ...inner, mayBeEmpty: inner.mayBeEmpty || part.kind !== 'repeated' };
    }
  }
}

function inOrder(before: Glued, after: Glued): Glued {
  follow(before.last, after.first);
  return {
    first: before.mayBeEmpty ? [...before.first, ...after.first] : before.first,
    last: after.mayBeEmpty ? [...before.last, ...after.last] : after.last,
    mayBeEmpty: before.mayBeEmpty && after.mayBeEmpty,
  };
}

function follow(last: readonly Position[], first: readonly Position[]): void {
  for (const position of last) for (const follower of first) position.follow.add(follower);
}

/** Reads the notation of the shape. */
export function parseContent(content: string): Part {
  const tokens = content.match(/[()|]|[^\s()|]+/g) ?? [];
  let at = 0;
  const sequence = (): Part => {
    const choices: Part[][] = [[]];
    for (; at < tokens.length && tokens[at] !== ')';) {
      if (tokens[at] === '|') {
        at += 1;
        choices.push([]);
      } else choices.at(-1)?.push(one());
    }
    const parts = choices.map((all): Part => (all.length === 1 && all[0] ? all[0] : { kind: 'all', parts: all }));
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'choice', parts };
  };
  const one = (): Part => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token !== '(') return marked(token);
    const inner = sequence();
    at += 1;
    const mark = tokens[at] ?? '';
    if (!/^[?*+]$/.test(mark)) return inner;
    at += 1;
    return repeated(inner, mark);
  };
  return sequence();
}

function marked(token: string): Part {
  const [, name = '', structure = name, mark = ''] = /^(\w+)(?::(\w+))?([?*+]?)$/.exec(token) ?? [];
  return repeated({ kind: 'element', name, structure }, mark);
}

function repeated(part: Part, mark: string): Part {
  if (mark === '') return part;
  return { kind: mark === '?' ? 'optional' : mark === '*' ? 'many' : 'repeated', part };
}
