import { digestOfSecret, isSecret, newSecret } from './secrets.ts';

/** Somebody who was let in. */
export interface Visitor {
  /** In every form of this visitor: a page of somebody else does not know it. Undefined for a program with the token. */
  readonly formToken: string | undefined;
  /** The name this visitor gave last, for the next form. */
  name: string;
}

/** How a request asks to be let in. */
export interface Asks {
  /** Of the address, from the link in the terminal. */
  readonly link: string | null;
  /** After `Bearer` or `token` in the header `Authorization`. */
  readonly bearer: string | undefined;
  /** Of the cookie. */
  readonly session: string | undefined;
}

export type Answer =
  | { readonly is: 'in'; readonly visitor: Visitor }
  | { readonly is: 'by-link'; readonly session: string }
  | { readonly is: 'refused' }
  | { readonly is: 'nobody' }
  | { readonly is: 'too-many' };

/** After so many wrong guesses within the time no guess is looked at, not even a right one. Who is in stays in. */
const mostGuesses = 10;
const guessesMs = 60_000;

/**
 * Who may see the pages: who has the link of the terminal, once; the browser that came by it, until the process ends; and a program
 * that was given the token.
 */
export class Doorkeeper {
  readonly #now: () => number;
  readonly #onLink: (link: string) => void;
  readonly #token: Buffer;
  readonly #visitors = new Map<string, Visitor>();
  #link: Buffer;
  #guesses: number[] = [];

  /** `onLink` is told the secret of each new link: the first, and the next when one was used. */
  constructor(options: {
    readonly now: () => number;
    readonly token: string;
    readonly onLink: (link: string) => void;
  }) {
    this.#now = options.now;
    this.#onLink = options.onLink;
    this.#token = digestOfSecret(options.token);
    this.#link = this.#newLink();
  }

  ask({ link, bearer, session }: Asks): Answer {
    if (link !== null) return this.#byLink(link);
    if (bearer !== undefined) return this.#guess(bearer, this.#token) ?? { is: 'in', visitor: program };
    const visitor = session === undefined ? undefined : this.#visitors.get(keyOf(session));
    return visitor === undefined ? { is: 'nobody' } : { is: 'in', visitor };
  }

  #byLink(link: string): Answer {
    const refused = this.#guess(link, this.#link);
    if (refused !== undefined) return refused;
    const session = newSecret();
    this.#visitors.set(keyOf(session), { formToken: newSecret(), name: '' });
    this.#link = this.#newLink();
    return { is: 'by-link', session };
  }

  /** Undefined where it is right. */
  #guess(text: string, digest: Buffer): Answer | undefined {
    const now = this.#now();
    this.#guesses = this.#guesses.filter((at) => at > now - guessesMs);
    if (this.#guesses.length >= mostGuesses) return { is: 'too-many' };
    if (isSecret(text, digest)) return undefined;
    this.#guesses.push(now);
    return { is: 'refused' };
  }

  #newLink(): Buffer {
    const link = newSecret();
    this.#onLink(link);
    return digestOfSecret(link);
  }
}

const program: Visitor = { formToken: undefined, name: '' };

function keyOf(session: string): string {
  return digestOfSecret(session).toString('base64url');
}
