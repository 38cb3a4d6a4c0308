import { jsonReply, type ServerReply } from '@bilag/fault-server';

/** A refusal; thrown inside the simulator, answered outside as problem details (RFC 9457). */
export class PowerOfficeRefusal extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Problem details. The texts are made up: the description shows the shape alone. */
export function problemReply(status: number, detail: string): ServerReply {
  const title = titles[status] ?? 'An error occurred';
  const problem = { type: `https://httpstatuses.com/${status}`, title, status, detail, instance: null };
  return jsonReply(status, problem, {
    'content-type': 'application/problem+json',
    // "Wait at least one second", as its guide says.
    ...(status === 429 && { 'retry-after': '1' }),
  });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** The texts of refusals that somebody may want to read. */
export const powerOfficeTexts = {
  duplicate: (reference: string): string => `A voucher with ExternalImportReference '${reference}' already exists.`,
  locked: (date: string, lockDate: string): string => `PostingDate ${date} is not after the lock date ${lockDate}.`,
  beforeStart: (date: string, start: string): string => `PostingDate ${date} is before the conversion date ${start}.`,
  unbalanced: 'The voucher does not balance.',
} as const;
