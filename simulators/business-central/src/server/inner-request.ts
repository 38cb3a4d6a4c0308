import { parseWithNumberTexts, type ServerRequest } from '@bilag/fault-server';
import { badRequest, BusinessCentralRefusal } from '../books/business-central-refusal.ts';

/** A request by itself or of a batch; its path is below `/api/v2.0/`. */
export type InnerRequest = Pick<ServerRequest, 'method' | 'query' | 'headers' | 'body'> & { readonly path: string };

/** A JSON body, its numbers as text. */
export function jsonOf(request: Pick<ServerRequest, 'headers' | 'body'>): unknown {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new BusinessCentralRefusal(415, 'BadRequest', 'The body must be JSON.');
  }
  try {
    return parseWithNumberTexts(request.body);
  } catch {
    throw badRequest('The body is no JSON.');
  }
}
