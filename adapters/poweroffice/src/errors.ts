import { BilagError, isBilagError, type Voucher } from '@bilag/core';
import { placeOf, type Refusal, type RefusalOf } from '@bilag/http';
import { z } from 'zod';

/**
 * Names a failed reply. Of a write two shapes are believed: PowerOffice's problem details (RFC 9457), which repeat the status,
 * and those of the gateway before it (Azure API Management, which the subscription key is for) where it lets nobody pass.
 */
export const refusalOf: RefusalOf = ({ status, json, write }): Refusal | undefined => {
  const told = problemIn(json, status) ?? gatewayIn(json, status);
  if (write && told === undefined) return undefined;
  return { what: told === undefined ? undefined : `HTTP ${status}: ${told}`, details: told, action: nowOf(status) };
};

function nowOf(status: number): string | undefined {
  if (status === 401) return keysNow;
  if (status !== 403) return undefined;
  return 'give the integration the missing right in PowerOffice Go (Settings, Extensions); a token knows new rights after 20 minutes';
}

export const keysNow =
  'check the three keys: application, client and subscription key are of one environment, demo or production';

/** `{type, title, status, detail, errors}`: the detail, or what is wrong with single fields, or the title. */
function problemIn(json: unknown, status: number): string | undefined {
  const { success, data } = problem.safeParse(json);
  if (!success || data.status !== status) return undefined;
  const fields = Object.entries(data.errors ?? {}).map(
    ([field, reasons]) => `${field}: ${[reasons].flat().join(', ')}`,
  );
  return [data.detail, ...fields].filter(Boolean).join('; ') || data.title;
}

const problem = z.object({
  title: z.string(),
  status: z.number(),
  detail: z.string().nullish(),
  errors: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .nullish()
    .catch(undefined),
});

function gatewayIn(json: unknown, status: number): string | undefined {
  const { success, data } = z.object({ statusCode: z.number(), message: z.string() }).safeParse(json);
  const isShut = status === 401 || status === 403 || status === 429;
  return success && isShut && data.statusCode === status ? data.message : undefined;
}

/** PowerOffice read a voucher and did not take it. */
export interface VoucherRefusal extends BilagError {
  readonly status: number;
  /** In its own words. */
  readonly details?: unknown;
}

/** Its texts are not published: what was wrong is looked for. */
export function isRefusal(error: unknown): error is VoucherRefusal {
  if (!isBilagError(error) || error.kind === 'unknown-outcome') return false;
  return [400, 409, 422].includes(statusOf(error) ?? 0);
}

/** The status of the reply that an error is about. */
export function statusOf(error: unknown): number | undefined {
  return isBilagError(error) && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

/** Whether a refusal speaks of the reference. Only ever used to wait once more before it is taken for one of the content. */
export function speaksOfReference({ details }: VoucherRefusal): boolean {
  const words = typeof details === 'string' ? details : '';
  return /ExternalImportReference|import reference|duplicate|already (?:exist|been|used)|finnes allerede/i.test(words);
}

/** The content was refused. */
export function refusedContent(error: VoucherRefusal, voucher: Voucher, reference: string): BilagError {
  const action = 'mend what it names, in the policy or in PowerOffice Go, and apply again; nothing was posted';
  return new BilagError('rejected', { what: error.what, where: placeOf(voucher, reference), action }, { cause: error });
}

/** It is said to be there, and is not shown yet. */
export function notShownYet(error: VoucherRefusal, voucher: Voucher, reference: string): BilagError {
  const what = `PowerOffice holds the reference already, and does not show the voucher yet (${error.what})`;
  const action = 'try again later; nothing was posted by this request';
  return new BilagError('unavailable', { what, where: placeOf(voucher, reference), action }, { cause: error });
}
