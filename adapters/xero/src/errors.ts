import { HttpError, type Refusal, type RefusalOf } from '@bilag/http';
import { z } from 'zod';
import type { SentReply } from './replies.ts';

/**
 * Names a failed reply. Of a write two shapes are believed: Xero's own error with its number and type, and the one of its gateway, which
 * repeats the status; and of a busy one also the header that says which limit was reached.
 */
export const refusalOf: RefusalOf = ({ status, json, headers, write }): Refusal | undefined => {
  const words = wordsIn(json, status) ?? headers['x-rate-limit-problem'];
  if (words === undefined) return write ? undefined : { action: actionOf(status) };
  return {
    ...(status === 400 && { kind: 'rejected' }),
    what: `HTTP ${status}: ${words}`,
    action: actionOf(status),
  };
};

const ownError = z.object({
  ErrorNumber: z.number(),
  Type: z.string(),
  Message: z.string(),
  Elements: z
    .array(z.object({ ValidationErrors: z.array(z.object({ Message: z.string() })).nullish() }))
    .nullish()
    .catch(undefined),
});
const gatewayError = z.object({ Title: z.string(), Status: z.number(), Detail: z.string().nullish() });

function wordsIn(json: unknown, status: number): string | undefined {
  const own = ownError.safeParse(json);
  if (own.success) {
    const problems = (own.data.Elements ?? []).flatMap(({ ValidationErrors }) => ValidationErrors ?? []);
    return problems.map(({ Message }) => Message).join('; ') || own.data.Message;
  }
  const gateway = gatewayError.safeParse(json);
  if (!gateway.success || gateway.data.Status !== status) return undefined;
  return [gateway.data.Title, gateway.data.Detail].filter(Boolean).join(': ');
}

function actionOf(status: number): string | undefined {
  if (status === 401) return 'connect the application in Xero again, and see whether it still has this organisation';
  if (status === 403) return 'connect the organisation again, with the scopes that the README names; see also `tenant`';
  return status === 400 ? mendNow : undefined;
}

const mendNow = 'mend what it names, in the policy or in Xero, and apply again; nothing was written';
const noId = '00000000-0000-0000-0000-000000000000';

/** The refusal that stands in an answer of 200, or undefined where the journal was made. Both at once is an unknown outcome. */
export function refusalIn(sent: SentReply, where: string): HttpError | undefined {
  const { ManualJournalID: id, StatusAttributeString: status, ValidationErrors } = sent;
  const problems = (ValidationErrors ?? []).map(({ Message }) => Message);
  const isMade = Boolean(id) && id !== noId && status !== 'ERROR';
  if (isMade && problems.length === 0) return undefined;
  const what = problems.join('; ') || 'it was not made, and no reason is told';
  const kind = !isMade && problems.length > 0 ? 'rejected' : 'unknown-outcome';
  return new HttpError(kind, { what, where, action: kind === 'rejected' ? mendNow : 'look it up' }, { status: 200 });
}
