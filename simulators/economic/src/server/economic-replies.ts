import { jsonReply, type ServerReply } from '@bilag/fault-server';
import type { EconomicRefusal } from '../books/economic-refusal.ts';

/** Problem details as the newer APIs write them. */
export function problemReply({ status, errorCode, message, property }: EconomicRefusal): ServerReply {
  const problem = {
    type: `https://httpstatuses.com/${status}`,
    title: titles[status] ?? 'An error occurred',
    status,
    detail: message,
    errors: [{ message, errorCode, ...(property === undefined ? {} : { property }) }],
    traceId: '00-5f0c1d8e2b7a4c93-00',
    errorCode,
    traceTimeUtc: '2026-01-01T00:00:00Z',
  };
  return jsonReply(status, problem, { 'content-type': 'application/problem+json' });
}

/** The older API's errors are of another shape. */
export function classicErrorReply({ status, message }: EconomicRefusal): ServerReply {
  return jsonReply(status, {
    message,
    errorCode: status === 401 ? 'E00500' : 'E00000',
    developerHint: 'Made up by the simulator.',
    logId: '5f0c1d8e-2b7a-4c93-9a5e-000000000001',
    httpStatusCode: status,
    logTime: '2026-01-01T00:00:00',
  });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Validation failed',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
};
