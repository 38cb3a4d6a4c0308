import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { sharedPath } from './support.ts';

/** A request and its reply, as a fault server hands them to an `answer` fault. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  };
  readonly reply: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  };
}

/** A vendor's description of its API. Each method gives what is wrong, in words; nothing when all is well. */
export interface OpenApi {
  request(request: Exchange['request']): string[];
  reply(request: Exchange['request'], reply: Exchange['reply']): string[];
  /** Of many exchanges at once. */
  problems(exchanges: readonly Exchange[]): string[];
}

/** What stands between the server's address and the description's paths, such as `/v2`. */
interface OpenApiOptions {
  readonly basePath?: string;
}

/**
 * Reads an OpenAPI 3.0 file of `../shared` (JSON or YAML). It is taken strictly: a parameter or a field that the file
 * does not name is a problem, because a misspelt one is ignored by the real system.
 */
export function loadOpenApi(relative: string, options: OpenApiOptions = {}): OpenApi {
  const document = parse(readFileSync(sharedPath(relative), 'utf8')) as Node;
  const checks = new Checks(document);
  const operations = operationsOf(document);

  const find = (request: Exchange['request']): Found | string => {
    const { basePath = '' } = options;
    const path = decodeURI(request.path).replaceAll('%3A', ':');
    const place = `${request.method} ${path}`;
    if (!path.startsWith(basePath)) return `${place} is not below ${basePath}`;
    const found = operations.find(
      ({ method, pattern }) => method === request.method && pattern.test(path.slice(basePath.length)),
    );
    return found === undefined ? `${place} is not in ${relative}` : { place, ...found };
  };

  const request: OpenApi['request'] = (sent) => {
    const found = find(sent);
    if (typeof found === 'string') return [found];
    return [...checks.query(found, sent.query), ...checks.requestBody(found, sent)].map(
      (problem) => `${found.place}: ${problem}`,
    );
  };
  const reply: OpenApi['reply'] = (sent, received) => {
    const found = find(sent);
    if (typeof found === 'string') return [found];
    return checks.reply(found, received).map((problem) => `${found.place} → ${received.status}: ${problem}`);
  };
  return {
    request,
    reply,
    problems: (exchanges) => exchanges.flatMap((one) => [...request(one.request), ...reply(one.request, one.reply)]),
  };
}

type Node = Readonly<Record<string, unknown>>;

interface Operation {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: Node;
  readonly parameters: readonly unknown[];
}

type Found = Operation & { readonly place: string };

/** Paths without parameters come first: `/voucher/list` is no id. */
function operationsOf(document: Node): Operation[] {
  const paths = Object.entries(nodeAt(document, 'paths'));
  const parametersIn = (path: string): number => path.split('{').length;
  return paths
    .toSorted(([a], [b]) => parametersIn(a) - parametersIn(b))
    .flatMap(([path, methods]) => {
      const shared = listAt(methods as Node, 'parameters');
      const literal = path.split(/\{[^}]+\}/).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
      return Object.entries(methods as Node)
        .filter(([method]) => /^(?:get|put|post|delete|patch|head)$/.test(method))
        .map(([method, operation]) => ({
          method: method.toUpperCase(),
          pattern: new RegExp(`^${literal.join('[^/]+')}$`),
          operation: operation as Node,
          parameters: [...shared, ...listAt(operation as Node, 'parameters')],
        }));
    });
}

class Checks {
  readonly #document: Node;
  readonly #ajv: Ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #compiled: Map<unknown, ValidateFunction> = new Map();

  constructor(document: Node) {
    this.#document = document;
    const schemas = nodeAt(nodeAt(document, 'components'), 'schemas');
    this.#ajv.addSchema({ $id: 'openapi', components: { schemas: strict(schemas) } });
  }

  query({ parameters }: Operation, query: URLSearchParams): string[] {
    const known = parameters.map((one) => this.#resolve(one)).filter((one) => one['in'] === 'query');
    const unknown = [...new Set(query.keys())].filter((name) => !known.some((one) => one['name'] === name));
    const missing = known.filter((one) => one['required'] === true && !query.has(String(one['name'])));
    const wrong = known.flatMap((one) => {
      const value = query.get(String(one['name']));
      if (value === null || one['schema'] === undefined) return [];
      const schema = this.#resolve(one['schema']);
      return this.#problems(schema, valueOf(value, schema)).map((problem) => `${String(one['name'])} ${problem}`);
    });
    return [
      ...unknown.map((name) => `the parameter ${name} is not known`),
      ...missing.map((one) => `the parameter ${String(one['name'])} is missing`),
      ...wrong,
    ];
  }

  requestBody({ operation }: Operation, { headers, body }: Exchange['request']): string[] {
    const wanted = this.#resolve(operation['requestBody'] ?? {});
    const content = nodeAt(wanted, 'content');
    if (body.length === 0) return wanted['required'] === true ? ['the body is missing'] : [];
    const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
    if (content[type] === undefined) return [`a body of type "${type}" is not taken`];
    if (type !== 'application/json') return [];
    return this.#problems(nodeAt(nodeAt(content, type), 'schema'), JSON.parse(new TextDecoder().decode(body)));
  }

  reply({ operation }: Operation, { status, headers = {}, body = '' }: Exchange['reply']): string[] {
    const replies = nodeAt(operation, 'responses');
    const described = replies[String(status)] ?? replies['default'];
    if (described === undefined) return ['this status is not described'];
    const content = nodeAt(this.#resolve(described), 'content');
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const json = Object.keys(content).find((kind) => kind.startsWith('application/json')) ?? '';
    const schema = nodeAt(nodeAt(content, json), 'schema');
    if (Object.keys(schema).length === 0) return [];
    if (text === '') return status === 204 ? [] : ['the body is missing'];
    const type = headers['content-type'] ?? '';
    if (!type.startsWith('application/json')) return [`the body is of type "${type}"`];
    return this.#problems(schema, JSON.parse(text));
  }

  #problems(schema: Node, value: unknown): string[] {
    let validate = this.#compiled.get(schema);
    if (validate === undefined) {
      validate = this.#ajv.compile(strict(schema) as object);
      this.#compiled.set(schema, validate);
    }
    return validate(value) ? [] : (validate.errors ?? []).map(inWords);
  }

  #resolve(node: unknown): Node {
    const reference = (node as Node)['$ref'];
    if (typeof reference !== 'string') return node as Node;
    const steps = reference.slice('#/'.length).split('/');
    return steps.reduce<Node>((at, step) => nodeAt(at, step), this.#document);
  }
}

/**
 * OpenAPI 3.0 as JSON Schema: `nullable` is a type, and an object takes the fields it names and no other. A composed
 * object is left open, as none of its parts names them all.
 */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example: _example, ...rest } = schema as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (name === '$ref' && typeof value === 'string') made[name] = value.replace('#/', 'openapi#/');
    else if (name === 'properties') made[name] = fields(value as Node);
    else if (name === 'allOf') made[name] = listAt(rest, name).map(open);
    else made[name] = strict(value);
  }
  if (made['properties'] !== undefined && made['additionalProperties'] === undefined && made['allOf'] === undefined) {
    made['additionalProperties'] = false;
  }
  if (nullable !== true) return made;
  if (typeof made['type'] !== 'string') return { anyOf: [made, { type: 'null' }] };
  return {
    ...made,
    type: [made['type'], 'null'],
    ...(Array.isArray(made['enum']) && { enum: [...made['enum'], null] }),
  };
}

function fields(properties: Node): Node {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, strict(schema)]));
}

function open(part: unknown): unknown {
  const made = strict(part) as Record<string, unknown>;
  return made['properties'] === undefined ? made : { ...made, additionalProperties: true };
}

function inWords({ instancePath, message = '', params }: ErrorObject): string {
  const name = 'additionalProperty' in params ? ` ("${String(params['additionalProperty'])}")` : '';
  return `${instancePath === '' ? 'the value' : instancePath} ${message}${name}`;
}

/** A parameter as the type its schema asks for, so that `abc` for an integer is a problem. */
function valueOf(text: string, schema: Node): unknown {
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'array':
      return text.split(',').map((item) => valueOf(item, nodeAt(schema, 'items')));
    default:
      return text;
  }
}

function nodeAt(node: Node, name: string): Node {
  return (node[name] ?? {}) as Node;
}

function listAt(node: Node, name: string): readonly unknown[] {
  return (node[name] ?? []) as readonly unknown[];
}
