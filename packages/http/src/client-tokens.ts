import type { ServiceContext } from '@bilag/core';
import { HttpError, restateError } from './replies/errors.ts';
import { jsonOf } from './replies/replies.ts';
import { givenTokenIn, renewedBeforeMs } from './given-token.ts';
import type { ServiceClient, ServiceRequest } from './service-client.ts';

/** Where tokens are given out, and for what. */
export interface ClientTokensOptions {
  readonly client: Pick<ServiceClient, 'open' | 'keepSecret'>;
  readonly context: Pick<ServiceContext, 'now'>;
  /** The request for a token, with the keys in it. */
  readonly request: () => Promise<Omit<ServiceRequest, 'form'>>;
  /** Beside `grant_type`. */
  readonly form?: Readonly<Record<string, string>>;
  /** What to do about keys that are not taken. */
  readonly action: string;
}

/** OAuth2 access tokens for keys that stay (client credentials, RFC 6749 section 4.4), each used until shortly before it ends. */
export class ClientTokens {
  readonly #options: ClientTokensOptions;
  #held: { readonly token: string; readonly endsAt: number } | undefined;

  constructor(options: ClientTokensOptions) {
    this.#options = options;
  }

  /** A token to send; `refused` is one that the target did not take. Throws `unauthorised` where the keys are not good. */
  async token(refused?: string): Promise<string> {
    const { client, context, request, form, action } = this.#options;
    if (this.#held !== undefined && this.#held.token !== refused && context.now() < this.#held.endsAt) {
      return this.#held.token;
    }
    const asked = {
      ...(await request()),
      method: 'POST',
      form: { grant_type: 'client_credentials', ...form },
    } as const;
    try {
      const reply = await client.open(asked);
      const { accessToken, seconds } = givenTokenIn(jsonOf(reply), reply.where);
      client.keepSecret(accessToken);
      this.#held = { token: accessToken, endsAt: context.now() + Math.max(0, seconds * 1000 - renewedBeforeMs) };
      return accessToken;
    } catch (error) {
      // OAuth says with a 400 what is wrong with keys (RFC 6749 section 5.2): that is no refusal of a voucher.
      if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 401)) throw error;
      throw restateError(error, { kind: 'unauthorised', action });
    }
  }
}
