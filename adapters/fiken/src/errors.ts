import type { BilagError, ErrorKind, ErrorParts } from '@bilag/core';

/** What is known of a request that failed. */
export interface Failure {
  readonly error: BilagError & { readonly status?: number | undefined; readonly body?: string | undefined };
  /** Whether it may have changed something. */
  readonly write: boolean;
  /** Whether the same token was good for another request right after: Fiken's 401 is not always about the token. */
  readonly tokenIsGood?: boolean;
  /** Whether the next request goes with another token. */
  readonly mayRenew?: boolean;
}

/**
 * Says a failure in better words than its status alone gives. Fiken documents no error body, so texts are matched loosely;
 * what is not known here keeps the words it has. Undefined: nothing better to say.
 */
export function betterWords(failure: Failure): (Partial<ErrorParts> & { readonly kind?: ErrorKind }) | undefined {
  const { error, write, tokenIsGood, mayRenew } = failure;
  const text = `${error.what} ${error.body ?? ''}`;
  const what = withBody(error);
  switch (error.status) {
    case 400:
      return { ...badRequest(text), what };
    case 401:
      if (tokenIsGood === true) return { kind: 'config', what, now: askFiken };
      if (mayRenew === true) return { kind: 'busy', now: 'nothing was done; try again, with a new token' };
      return { now: 'the token is not good any more: make a new one in Fiken, or connect the application again' };
    case 402:
      return {
        kind: 'forbidden',
        what,
        now: 'the company needs a module it has not ordered: the API module, or the one named here',
      };
    case 403:
      return { now: 'the user of this token has no access to the company: grant it in Fiken under Rediger konto' };
    case 404:
      return {
        now: 'check the company slug and what the user was granted; nothing of that address is there for this token',
      };
    case 405:
    case 415:
      return { kind: 'unsupported' };
    case 409:
      return /counter|initiali/i.test(text) ? { kind: 'config', what, now: askFiken } : { what };
    case 429:
      // That a refused request was not processed is an assumption nobody has proved: a write is looked up first.
      if (write) return { kind: 'unknown-outcome', now: 'look whether it was done before anything is sent again' };
      return { now: 'Fiken takes one request at a time; something else may be using the same credential' };
    default:
      return undefined;
  }
}

const askFiken =
  'this is no matter of the token: a numbering or a module of the company is not set up; do so in Fiken, or ask its support';

function badRequest(text: string): Partial<ErrorParts> & { readonly kind?: ErrorKind } {
  if (/ikke null/i.test(text)) {
    return {
      kind: 'rejected',
      now: 'Fiken computes other VAT of these net amounts than the voucher has; nothing was booked; book it by hand and tell us the amounts',
    };
  }
  if (/kan ikke opprette konto/i.test(text)) {
    return {
      kind: 'config',
      now: 'name the sub-account in target.accounts: banks are 1920:1000x, customers and suppliers 1500: and 2400: with a number',
    };
  }
  // No text of a locked period is published; these are the words of Fiken's help pages.
  if (
    /l[åa]st|lukket|avstemt|bankavstemming|mva-?(?:melding|oppgave)|[åa]rsavslut|\blocked\b|\bclosed period\b/i.test(
      text,
    )
  ) {
    return {
      kind: 'blocked',
      now: 'the period is closed by a bank reconciliation, a VAT return or the end of the year: a person opens it in Fiken, or raise lockedThrough in the policy and plan again',
    };
  }
  return { kind: 'rejected', now: 'mend the voucher or the settings; nothing was booked' };
}

/** A body that is no JSON says something too, unless it is a page. */
function withBody({ what, body }: Failure['error']): string {
  if (!/^HTTP \d+$/.test(what) || body === undefined || body.trimStart().startsWith('<')) return what;
  return `${what}: ${body.slice(0, 200).trim()}`;
}
