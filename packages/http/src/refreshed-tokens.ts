import { BilagError, named, type Secrets, type ServiceContext } from '@bilag/core';
import { HttpError, restateError } from './replies/errors.ts';
import { jsonOf } from './replies/replies.ts';
import { givenTokenIn, renewedBeforeMs, type GivenToken } from './given-token.ts';
import type { ServiceClient } from './service-client.ts';

/** Where tokens are refreshed. */
export interface RefreshedTokensOptions {
  /** As people call the target: stands in advice. */
  readonly title: string;
  readonly tokenUrl: string;
  /** The reference of `clientId`, `clientSecret` and `refreshToken`. */
  readonly credential: string;
  readonly context: ServiceContext;
  readonly client: Pick<ServiceClient, 'open' | 'secrets' | 'keepSecret'>;
}

/**
 * OAuth2 access tokens (RFC 6749 section 6) that are refreshed when their time is up, while no other process does so. What the
 * target answers is stored before it is used: a refresh token may be used once.
 */
export class RefreshedTokens {
  readonly #options: RefreshedTokensOptions;
  #held: { readonly token: string; readonly expiresMs: number } | undefined;

  constructor(options: RefreshedTokensOptions) {
    this.#options = options;
  }

  /**
   * A token to send; `refused` is one that the target did not take. Throws `config` where secrets are missing or the store cannot
   * be written, `unauthorised` where the refresh token is not good any more.
   */
  async token(refused?: string): Promise<string> {
    if (this.#held !== undefined && this.#isGood(this.#held.token, this.#held.expiresMs, refused)) {
      return this.#held.token;
    }
    const { context, credential } = this.#options;
    const { put, exclusively } = context.credentials;
    if (put === undefined || exclusively === undefined) {
      throw this.#problem('an OAuth2 connection needs a store that can be written', 'keep it in the encrypted file');
    }
    return context.credentials.exclusively?.(credential, () => this.#renewed(refused)) as Promise<string>;
  }

  /** Runs alone: another process may have refreshed while this one waited. */
  async #renewed(refused: string | undefined): Promise<string> {
    const { client, context, credential } = this.#options;
    const secrets = await client.secrets(credential);
    const { accessToken, accessTokenExpiresMs } = secrets;
    if (accessToken !== undefined && this.#isGood(accessToken, Number(accessTokenExpiresMs), refused)) {
      this.#held = { token: accessToken, expiresMs: Number(accessTokenExpiresMs) };
      return accessToken;
    }
    const given = await this.#refreshed(secrets);
    const expiresMs = context.now() + given.seconds * 1000;
    client.keepSecret(given.accessToken);
    await context.credentials.put?.(credential, {
      ...secrets,
      refreshToken: given.refreshToken ?? this.#secret(secrets, 'refreshToken'),
      accessToken: given.accessToken,
      accessTokenExpiresMs: String(expiresMs),
    });
    this.#held = { token: given.accessToken, expiresMs };
    return given.accessToken;
  }

  async #refreshed(secrets: Secrets): Promise<GivenToken> {
    const { client, tokenUrl: url, title } = this.#options;
    const keys = Buffer.from(`${this.#secret(secrets, 'clientId')}:${this.#secret(secrets, 'clientSecret')}`);
    const form = { grant_type: 'refresh_token', refresh_token: this.#secret(secrets, 'refreshToken') };
    const headers = { authorization: `Basic ${keys.toString('base64')}` };
    try {
      const reply = await client.open({ method: 'POST', url, headers, form });
      return givenTokenIn(jsonOf(reply), reply.where);
    } catch (error) {
      // OAuth says with a 400 that a refresh token was used or has ended (RFC 6749 section 5.2).
      if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 401)) throw error;
      throw restateError(error, { kind: 'unauthorised', action: `connect the application in ${title} again` });
    }
  }

  #isGood(token: string, expiresMs: number, refused: string | undefined): boolean {
    return token !== refused && this.#options.context.now() < expiresMs - renewedBeforeMs;
  }

  #secret(secrets: Secrets, name: string): string {
    const value = named(secrets, name);
    if (value !== undefined && value !== '') return value;
    throw this.#problem(`there is no ${name}`, 'store it there, then try again');
  }

  #problem(what: string, action: string): BilagError {
    return new BilagError('config', { what, where: `credential ${this.#options.credential}`, action });
  }
}
