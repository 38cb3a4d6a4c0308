import { NumberText, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { BusinessCentralCompany } from '../books/business-central-company.ts';
import { badRequest } from '../books/business-central-refusal.ts';
import { fieldsOf } from '../books/line-checks.ts';
import { objectReply } from './business-central-replies.ts';
import { jsonOf, type InnerRequest } from './inner-request.ts';

/** What a batch is run with. */
export interface Batching {
  readonly answer: (request: InnerRequest) => ServerReply;
  readonly companies: readonly BusinessCentralCompany[];
  /** Whether `Isolation: snapshot` is known. */
  readonly isolates: boolean;
}

/**
 * `POST $batch`: up to a hundred requests in order, until one fails. With `Isolation: snapshot` they are one transaction: where one
 * fails, none was made, and the answers of those before it stand there all the same.
 */
export function batchReply(request: ServerRequest, { answer, companies, isolates }: Batching): ServerReply {
  const { requests } = fieldsOf(jsonOf(request));
  if (!Array.isArray(requests) || requests.length === 0) throw badRequest('requests is no list.');
  if (requests.length > 100) throw badRequest('A batch has at most 100 requests.');
  const inner = requests.map((one) => readInner(one, request.headers));
  const before = companies.map((company) => company.state());
  const responses: object[] = [];
  for (const [index, one] of inner.entries()) {
    const { status, headers = {}, body } = answer(one);
    const id = one.id ?? null;
    responses.push({ id, status, headers, ...(body !== undefined && { body: JSON.parse(String(body)) as unknown }) });
    if (status < 300) continue;
    const isOne = isolates && request.headers['isolation']?.toLowerCase() === 'snapshot';
    if (isOne) for (const [at, company] of companies.entries()) company.returnTo(before[at] ?? company.state());
    return objectReply(200, { responses: responses.slice(0, index + 1) });
  }
  return objectReply(200, { responses });
}

function readInner(
  value: unknown,
  outer: ServerRequest['headers'],
): InnerRequest & { readonly id: string | undefined } {
  const { id, method, url, headers = {}, body } = fieldsOf(value);
  if (typeof method !== 'string' || typeof url !== 'string')
    throw badRequest('A request of the batch has no method or url.');
  const [path = '', query = ''] = url.replace(/^\//, '').split('?');
  const own = Object.entries(fieldsOf(headers)).map(([name, text]) => [name.toLowerCase(), String(text)]);
  return {
    id: typeof id === 'string' ? id : undefined,
    method,
    path,
    query: new URLSearchParams(query),
    headers: { ...outer, ...(Object.fromEntries(own) as Record<string, string>) },
    body: new TextEncoder().encode(body === undefined ? '' : textOf(body)),
  };
}

/** JSON again, each number as it stood. */
function textOf(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, held]) => `${JSON.stringify(name)}:${textOf(held)}`)
    .join(',')}}`;
}
