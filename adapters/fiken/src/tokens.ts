import { BilagError, type Secrets, type ServiceContext, named } from '@bilag/core';
import { HttpError, restateError, type ServiceClient } from '@bilag/http';
import type { FikenConfig } from './config.ts';
import { readToken, type TokenReply } from './replies.ts';

/**
 * Where access tokens come from. A personal token is there; an OAuth2 token is refreshed when its time is up, while no
 * other process does so, and what Fiken answers is stored before it is used: a refresh token may be used once.
 */
export class TokenSource {
  readonly #config: FikenConfig;
  readonly #context: ServiceContext;
  readonly #client: ServiceClient;
  #held: { readonly token: string; readonly expiresMs: number } | undefined;

  constructor(config: FikenConfig, context: ServiceContext, client: ServiceClient) {
    this.#config = config;
    this.#context = context;
    this.#client = client;
  }

  /** Whether another token can be had when this one is refused. */
  get canRenew(): boolean {
    return this.#config.auth === 'oauth2';
  }

  /** A token to send; `refused` is one that Fiken did not take. */
  async token(refused?: string): Promise<string> {
    if (this.#config.auth === 'token') return this.#secret(await this.#secrets(), 'token');
    if (this.#held !== undefined && this.#isGood(this.#held.token, this.#held.expiresMs, refused)) {
      return this.#held.token;
    }
    const { put, exclusively } = this.#context.credentials;
    if (put === undefined || exclusively === undefined) {
      throw this.#problem('an OAuth2 connection needs a store that can be written', 'keep it in the encrypted file');
    }
    return this.#context.credentials.exclusively?.(this.#config.credential, () =>
      this.#renewed(refused),
    ) as Promise<string>;
  }

  /** Runs alone: another process may have refreshed while this one waited. */
  async #renewed(refused: string | undefined): Promise<string> {
    const secrets = await this.#secrets();
    const { accessToken, accessTokenExpiresMs } = secrets;
    if (accessToken !== undefined && this.#isGood(accessToken, Number(accessTokenExpiresMs), refused)) {
      this.#held = { token: accessToken, expiresMs: Number(accessTokenExpiresMs) };
      return accessToken;
    }
    const given = await this.#refreshed(secrets);
    const expiresMs = this.#context.now() + given.expires_in * 1000;
    this.#client.keepSecret(given.access_token);
    await this.#context.credentials.put?.(this.#config.credential, {
      ...secrets,
      refreshToken: given.refresh_token ?? this.#secret(secrets, 'refreshToken'),
      accessToken: given.access_token,
      accessTokenExpiresMs: String(expiresMs),
    });
    this.#held = { token: given.access_token, expiresMs };
    return given.access_token;
  }

  async #refreshed(secrets: Secrets): Promise<TokenReply> {
    const keys = Buffer.from(`${this.#secret(secrets, 'clientId')}:${this.#secret(secrets, 'clientSecret')}`);
    try {
      const reply = await this.#client.open({
        method: 'POST',
        url: this.#config.tokenUrl,
        headers: { authorization: `Basic ${keys.toString('base64')}` },
        form: { grant_type: 'refresh_token', refresh_token: this.#secret(secrets, 'refreshToken') },
      });
      return readToken(reply.json(), reply.where);
    } catch (error) {
      if (!(error instanceof HttpError) || (error.status !== 400 && error.status !== 401)) throw error;
      throw restateError(error, { kind: 'unauthorised', action: 'connect the application in Fiken again' });
    }
  }

  /** A minute early: a token must outlive the request it goes with. */
  #isGood(token: string, expiresMs: number, refused: string | undefined): boolean {
    return token !== refused && this.#context.now() < expiresMs - 60_000;
  }

  #secrets(): Promise<Secrets> {
    return this.#client.secrets(this.#config.credential);
  }

  #secret(secrets: Secrets, name: string): string {
    const value = named(secrets, name);
    if (value === undefined || value === '')
      throw this.#problem(`there is no ${name}`, 'store it there, then try again');
    return value;
  }

  #problem(what: string, action: string): BilagError {
    return new BilagError('config', { what, where: `credential ${this.#config.credential}`, action });
  }
}
