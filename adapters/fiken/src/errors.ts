import type { ErrorKind, ErrorParts } from '@bilag/core';
import type { Refusal, RefusalOf } from '@bilag/http';

/**
 * Says a failure in better words than its status alone gives. Fiken documents no error body: its own are JSON with one of
 * the keys that clients have met, or a sentence it is known to say. Nothing else is believed of a write; 429 never is, since
 * nobody has proved that a refused request was not processed.
 */
export const refusalOf: RefusalOf = ({ status, json, text, write }): Refusal | undefined => {
  const told = toldIn(json) ?? (knownSentence.test(text) ? text.slice(0, 200).trim() : undefined);
  if (write && (told === undefined || status === 429)) return undefined;
  const what = told === undefined || told === '' ? undefined : `HTTP ${status}: ${told}`;
  return { what, ...namedBy(status, told ?? '') };
};

/** A 401 although the token is good for other requests. */
export const otherThanToken: Partial<ErrorParts> & { readonly kind: ErrorKind } = {
  kind: 'config',
  action:
    'this is no matter of the token: a numbering or a module of the company is not set up; do so in Fiken, or ask its support',
};

function namedBy(status: number, told: string): Refusal {
  switch (status) {
    case 400:
      return badRequest(told);
    case 401:
      return { action: 'the token is not good any more: make a new one in Fiken, or connect the application again' };
    case 402:
      return {
        kind: 'forbidden',
        action: 'the company needs a module it has not ordered: the API module, or the one named here',
      };
    case 403:
      return { action: 'the user of this token has no access to the company: grant it in Fiken under Rediger konto' };
    case 404:
      return {
        action: 'check the company slug and what the user was granted; nothing of that address is there for this token',
      };
    case 405:
    case 415:
      return { kind: 'unsupported' };
    case 409:
      return /counter|initiali/i.test(told) ? otherThanToken : {};
    case 429:
      return { action: 'Fiken takes one request at a time; something else may be using the same credential' };
    default:
      return {};
  }
}

function badRequest(text: string): Refusal {
  if (/ikke null/i.test(text)) {
    return {
      kind: 'rejected',
      action:
        'Fiken computes other VAT of these net amounts than the voucher has; nothing was booked; book it by hand and tell us the amounts',
    };
  }
  if (/kan ikke opprette konto/i.test(text)) {
    return {
      kind: 'config',
      action:
        'name the sub-account in target.accounts: banks are 1920:1000x, customers and suppliers 1500: and 2400: with a number',
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
      action:
        'the period is closed by a bank reconciliation, a VAT return or the end of the year: a person opens it in Fiken, or raise lockedThrough in the policy and plan again',
    };
  }
  return { kind: 'rejected', action: 'mend the voucher or the settings; nothing was booked' };
}

const knownSentence =
  /^\s*(?:Summen av posteringslinjene er ikke null|Kan ikke opprette konto|Missing field '|vatType: )/;

/** Undefined where it is not the shape of an error of Fiken's. */
function toldIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const texts = ['error', 'error_description', 'message'].flatMap((name) => {
    const value: unknown = Reflect.get(json, name);
    return typeof value === 'string' ? [value] : [];
  });
  return texts.length === 0 ? undefined : texts.join(': ');
}
