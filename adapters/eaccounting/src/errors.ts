import { isBilagError, type BilagError, type ErrorKind } from '@bilag/core';
import { HttpError, type Refusal, type RefusalOf } from '@bilag/http';
import { z } from 'zod';

/** Names a failed reply. Of a write one shape is believed: eAccounting's own errors, with a code and an id. */
export const refusalOf: RefusalOf = ({ status, json, write }): Refusal | undefined => {
  const { success, data } = told.safeParse(json);
  if (!success) return write ? undefined : { action: actionOf(status) };
  const code = Number(data.ErrorCode);
  const words = [
    data.DeveloperErrorMessage,
    ...(data.Errors ?? []).map(({ Field, Message }) => fieldOf(Field, Message)),
  ];
  return {
    kind: status === 400 ? (kinds.get(code) ?? 'rejected') : undefined,
    what: `HTTP ${status}: ${[code, ...new Set(words.filter(Boolean))].join(': ')}`,
    action: actionOf(status),
    // How long to wait stands in the text alone: "Try again in 55 seconds."
    retryAfterMs: code === tooManyRequests ? secondsIn(data.DeveloperErrorMessage) : undefined,
    details: code,
  };
};

const told = z.object({
  ErrorCode: z.union([z.number(), z.string().regex(/^\d+$/)]),
  DeveloperErrorMessage: z.string().nullish(),
  ErrorId: z.string().min(1),
  Errors: z.array(z.object({ Field: z.string().nullish(), Message: z.string().nullish() })).nullish(),
});

function fieldOf(field: string | null | undefined, message: string | null | undefined): string | undefined {
  return field && message ? `${field}: ${message}` : (message ?? undefined);
}

const tooManyRequests = 4010;

/** No financial year, a locked period, a locked year; a user that may only read, and a client of another environment. */
const kinds: ReadonlyMap<number, ErrorKind> = new Map<number, ErrorKind>([
  [3001, 'blocked'],
  [4026, 'blocked'],
  [4038, 'blocked'],
  [4019, 'forbidden'],
  [4034, 'forbidden'],
]);

function secondsIn(text: string | null | undefined): number | undefined {
  const [, seconds] = /(\d{1,4}) seconds?/i.exec(text ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function actionOf(status: number): string | undefined {
  switch (status) {
    case 400:
      return 'mend what it names, in the policy or in eAccounting, and apply again; nothing was posted';
    case 401:
      return 'connect the application in eAccounting again: the token is not taken';
    case 403:
      return 'connect the application again with the scopes ea:accounting, ea:sales and offline_access, by a user who may book';
    default:
      return undefined;
  }
}

/** Whether eAccounting does not take a filter. */
export function isRefusedFilter(error: unknown): boolean {
  return error instanceof HttpError && (error.details === 6000 || error.details === 6001);
}

/** Whether eAccounting read a voucher and did not take it. */
export function isRefusal(error: unknown): error is BilagError {
  return isBilagError(error) && (error.kind === 'rejected' || error.kind === 'blocked');
}
