import { TripletexRefusal } from '../tripletex-replies.ts';

/** What an object holds: a plain value, or another object that is a mere `{id, url}` until asked for. */
export interface TripletexModel {
  readonly name: string;
  /** Where its objects live, for their addresses. */
  readonly path: string;
  readonly values: readonly string[];
  readonly objects?: Readonly<Record<string, () => TripletexModel>>;
}

/** An object with everything it could tell. What is absent is left out of the answer. */
export type TripletexObject = Readonly<Record<string, unknown>> & { readonly id?: number };

/**
 * An object as the `fields` parameter asks for it: `id,date,postings(row,account(id,number))`, `*` for all of its own
 * level. Without the parameter objects inside it are stubs. A name that is not in the model is refused (400/11000).
 */
export function withFields(object: TripletexObject, model: TripletexModel, fields: string | null): unknown {
  return project(object, model, fields === null || fields === '' ? everything : parseFields(fields));
}

/** As a POST answers: what is directly inside is written out, what lies deeper is a stub. */
export function expandedOnce(object: TripletexObject, model: TripletexModel): unknown {
  const inside = Object.keys(model.objects ?? {}).map((name): [string, Wanted] => [name, everything]);
  return project(object, model, new Map<string, Wanted | null>([['*', null], ...inside]));
}

type Wanted = ReadonlyMap<string, Wanted | null>;

const everything: Wanted = new Map([['*', null]]);

function project(object: TripletexObject, model: TripletexModel, wanted: Wanted): unknown {
  const { objects = {} } = model;
  const names = [...wanted.keys()].flatMap((name) => (name === '*' ? ownLevel(model) : [name]));
  const answer: Record<string, unknown> = {};
  for (const name of names) {
    const inner = objects[name]?.();
    if (inner === undefined && !ownLevel(model).includes(name)) throw illegalField(name, model);
    const value = name === 'url' ? addressOf(object, model) : object[name];
    if (value === undefined || value === null) continue;
    answer[name] = inner === undefined ? value : nested(value, inner, wanted.get(name) ?? null);
  }
  return answer;
}

function nested(value: unknown, model: TripletexModel, wanted: Wanted | null): unknown {
  const one = (object: unknown): unknown =>
    wanted === null
      ? { id: (object as TripletexObject).id, url: addressOf(object as TripletexObject, model) }
      : project(object as TripletexObject, model, wanted);
  return Array.isArray(value) ? value.map(one) : one(value);
}

function ownLevel(model: TripletexModel): readonly string[] {
  return ['id', 'version', 'url', ...model.values, ...Object.keys(model.objects ?? {})];
}

function addressOf({ id }: TripletexObject, { path }: TripletexModel): string {
  return `tripletex.no/v2/${path}/${id ?? ''}`;
}

function parseFields(text: string): Wanted {
  const root = new Map<string, Wanted | null>();
  const open: Map<string, Wanted | null>[] = [root];
  let last = '';
  for (const [token] of text.matchAll(/[\w*]+|[(),]/g)) {
    const level = open.at(-1) ?? root;
    if (token === '(') {
      const inner = new Map<string, Wanted | null>();
      level.set(last, inner);
      open.push(inner);
    } else if (token === ')') open.pop();
    else if (token !== ',') {
      last = token;
      level.set(token, null);
    }
  }
  if (open.length !== 1) throw new TripletexRefusal(400, 11_000, 'Illegal fields filter');
  return root;
}

function illegalField(name: string, model: TripletexModel): TripletexRefusal {
  return new TripletexRefusal(
    400,
    11_000,
    `Illegal field in fields filter: ${name}. ${name} does not match a field in the model: ${model.name}`,
  );
}
