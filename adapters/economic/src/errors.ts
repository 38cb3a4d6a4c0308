import type { ErrorKind, Voucher } from '@bilag/core';
import { HttpError, type Refusal, type RefusalOf } from '@bilag/http';
import { z } from 'zod';

/**
 * Names a failed reply. Of a write one shape is believed: the problem details of e-conomic's APIs (RFC 9457), which repeat the
 * status and carry a code of its list. The older API, which is only read, has errors of its own.
 */
export const refusalOf: RefusalOf = ({ status, json, headers, write }): Refusal | undefined => {
  const told = problemIn(json, status) ?? (write ? undefined : classicIn(json));
  if (told === undefined) return write ? undefined : { action: actionOf(status, '') };
  const { code, words, property } = told;
  return {
    kind: kindOf(status, code),
    what: `HTTP ${status}: ${[code, words].filter(Boolean).join(': ')}`,
    action: actionOf(status, code),
    details: { code, line: lineIn(property) } satisfies RefusalDetails,
    ...(status === 429 && { retryAfterMs: windowIn(headers['x-ratelimiting']) }),
  };
};

/** What a refusal is about. */
export interface RefusalDetails {
  readonly code: string;
  /** From 0. */
  readonly line: number | undefined;
}

interface Told {
  readonly code: string;
  readonly words: string;
  readonly property: string | undefined;
}

const problem = z.object({
  title: z.string(),
  status: z.number(),
  detail: z.string().nullish(),
  errorCode: z.string().nullish(),
  errors: z
    .array(z.object({ message: z.string().nullish(), errorCode: z.string().nullish(), property: z.string().nullish() }))
    .nullish()
    .catch(undefined),
});

function problemIn(json: unknown, status: number): Told | undefined {
  const { success, data } = problem.safeParse(json);
  if (!success || data.status !== status) return undefined;
  const first = data.errors?.[0];
  return {
    code: first?.errorCode ?? data.errorCode ?? '',
    words: first?.message ?? data.detail ?? data.title,
    property: first?.property ?? undefined,
  };
}

function classicIn(json: unknown): Told | undefined {
  const { success, data } = z.object({ message: z.string(), errorCode: z.string().nullish() }).safeParse(json);
  return success ? { code: data.errorCode ?? '', words: data.message, property: undefined } : undefined;
}

/** By e-conomic's own codes (`x-error-codes` of its description), where they say more than the status. */
function kindOf(status: number, code: string): ErrorKind | undefined {
  if (/AccountingYear(?:Closed|DoesNotExist|PeriodBarred)$/.test(code)) return 'blocked';
  if (/^Journal(?:DoesNotExist$|EntryTypeNotCorrect$|\w*VoucherNumberNotWithin|VoucherNextNumber)/.test(code))
    return 'config';
  return status === 400 ? 'rejected' : undefined;
}

function actionOf(status: number, code: string): string | undefined {
  if (status === 401)
    return 'check the two tokens: the application’s secret, and the grant of this agreement, which may have been revoked';
  if (status === 403) return 'give the application the role Bookkeeping, and let the agreement grant it again';
  if (code.endsWith('AccountingYearDoesNotExist')) {
    return 'create the accounting year in e-conomic; nothing was written';
  }
  if (kindOf(status, code) === 'blocked') {
    return 'open the period in e-conomic, or book it on a later date with lockedThrough; nothing was written';
  }
  if (kindOf(status, code) === 'config') {
    return 'see what bilag connect says of the journal, and mend its settings or `journal` in the config; nothing was written';
  }
  return status === 400
    ? 'mend what it names, in the policy or in e-conomic, and apply again; nothing was written'
    : undefined;
}

/** `entries[2].accountNumber` is about the third line. */
function lineIn(property: string | undefined): number | undefined {
  const [, index] = /^entries\[(\d+)\]/i.exec(property ?? '') ?? [];
  return index === undefined ? undefined : Number(index);
}

/** `token-limit-10000-per-60-seconds: 9999/10000` is full again after those seconds at the latest. */
function windowIn(header: string | undefined): number | undefined {
  const [, seconds] = /-per-(\d{1,4})-seconds/.exec(header ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** A refusal with the line it is about, by its account. */
export function withLine(error: unknown, { lines }: Pick<Voucher, 'lines'>, where: string): unknown {
  if (!(error instanceof HttpError) || error.kind === 'unknown-outcome') return error;
  const { line: index } = (error.details ?? {}) as Partial<RefusalDetails>;
  const line = index === undefined ? undefined : lines[index];
  const place =
    line === undefined || index === undefined ? where : `${where}, line ${index + 1}, account ${line.account}`;
  return new HttpError(error.kind, { what: error.what, where: place, action: error.action }, error);
}
