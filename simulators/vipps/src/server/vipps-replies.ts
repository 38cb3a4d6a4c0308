import { jsonReply, type ServerReply } from '@bilag/fault-server';

/** The body Vipps documents for a status, or the platform's problem form where none is documented. */
export function errorReply(status: number, path: string, headers: Readonly<Record<string, string>> = {}): ServerReply {
  if (status === 401) return jsonReply(401, { code: 'Unauthorized', message: 'Please check your API keys' }, headers);
  if (status === 500) return serverError(10_001, 'An unknown error occurred.', headers);
  return problem(status, titles[status] ?? 'Error', path, headers);
}

/** "Not yours" and "not there" are one: the API does not reveal that a ledger exists. */
export function noSuchLedger(path: string): ServerReply {
  return problem(404, 'No such ledgerId', path);
}

/** Input that does not validate comes as a 500 with its own code. */
export function invalidInput(): ServerReply {
  return serverError(10_002, "Your request parameters didn't validate.");
}

/** The token endpoint of the partner keys answers in OAuth's words (RFC 6749, 5.2). */
export function invalidClient(): ServerReply {
  return jsonReply(401, { error: 'invalid_client' });
}

export function problem(
  status: number,
  detail: string,
  instance: string,
  headers: Readonly<Record<string, string>> = {},
): ServerReply {
  const title = titles[status] ?? 'Error';
  return jsonReply(
    status,
    { type: 'about:blank', title, status, detail, instance, traceId: 'simulated', extraDetails: [] },
    { 'content-type': 'application/problem+json', ...headers },
  );
}

function serverError(
  errorCode: number,
  errorMessage: string,
  headers: Readonly<Record<string, string>> = {},
): ServerReply {
  return jsonReply(500, { errorCode, errorMessage, contextId: '00000000-0000-4000-8000-000000000000' }, headers);
}

const titles: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};
