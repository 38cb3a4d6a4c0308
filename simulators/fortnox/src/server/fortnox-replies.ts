import { jsonReply, type ServerReply } from '@bilag/fault-server';
import type { FortnoxRefusal } from '../books/fortnox-refusal.ts';

/** Its own errors come in two spellings: what is missing is told with capitals. */
export function refusalReply({ status, code, message }: FortnoxRefusal): ServerReply {
  const information = status === 404 ? { Error: 1, Message: message, Code: code } : { error: 1, message, code };
  return jsonReply(status, { ErrorInformation: information });
}

/** The gateway's errors are of another shape. */
export function gatewayReply(status: number, message: string): ServerReply {
  return jsonReply(status, { message });
}

/** One page of a list, at most 500 a page, with what Fortnox says about it. */
export function listReply(name: string, items: readonly object[], query: URLSearchParams): ServerReply {
  const limit = Math.min(500, Math.max(1, Number(query.get('limit') ?? 100)));
  const page = Math.max(1, Number(query.get('page') ?? 1));
  const total = Math.max(1, Math.ceil(items.length / limit));
  const about = { '@TotalResources': items.length, '@TotalPages': total, '@CurrentPage': page };
  return jsonReply(200, { MetaInformation: about, [name]: items.slice((page - 1) * limit, page * limit) });
}
