import { jsonReply, type ServerReply } from '@bilag/fault-server';
import { exactNumber, formatAmount, type Amount } from '@bilag/core';

/** One reason why content was refused. Texts follow the user's language; only the field can be relied upon. */
export interface TripletexProblem {
  readonly field: string;
  readonly message: string;
}

/** A refusal in Tripletex's envelope; thrown inside the simulator, answered outside. */
export class TripletexRefusal extends Error {
  readonly reply: ServerReply;

  constructor(status: number, code: number, message: string, problems: readonly TripletexProblem[] = []) {
    super(message);
    this.reply = refusal(status, code, message, problems);
  }
}

/** Content that breaks Tripletex's rules: 422 with code 18000. */
export function invalid(field: string, message: string): TripletexRefusal {
  return new TripletexRefusal(422, 18_000, 'Validering feilet.', [{ field, message }]);
}

/** The envelope of every error. */
export function refusal(
  status: number,
  code: number,
  message: string,
  problems: readonly TripletexProblem[] = [],
): ServerReply {
  return jsonReply(status, {
    status,
    code,
    message,
    link: 'https://tripletex.no/v2-docs/',
    developerMessage: null,
    validationMessages: problems.map((problem) => ({ ...problem, path: null, rootId: null })),
    requestId: simulatedRequestId,
  });
}

export const simulatedRequestId = '00000000-0000-4000-8000-000000000000';

/** The error a status alone stands for, where a fault names nothing but the status. */
export function refusalOf(status: number): ServerReply {
  const [code, message] = codesOfStatus[status] ?? [status >= 500 ? 1000 : 4000, 'Unspecified exception'];
  return refusal(status, code, message);
}

const codesOfStatus: Readonly<Record<number, readonly [number, string]>> = {
  400: [1000, 'Unspecified exception'],
  401: [3000, 'Unauthorized'],
  403: [9000, 'You do not have permission to access this feature.'],
  404: [6000, 'Object not found'],
  409: [8000, 'RevisionException'],
  422: [18_000, 'Validering feilet.'],
  429: [0, 'Too many requests'],
};

/** An amount as Tripletex writes it: kroner, with as many decimals as needed and at least one. Never through a float. */
export function kroner(value: Amount): unknown {
  return exactNumber(formatAmount(value).replace(/0$/, ''));
}
