import { BilagError, type ServiceContext } from '@bilag/core';
import { RefreshedTokens, type ServiceClient } from '@bilag/http';
import type { FikenConfig } from './config.ts';

/** Where access tokens come from: a personal token is there, an OAuth2 token is refreshed when its time is up. */
export class TokenSource {
  readonly #config: FikenConfig;
  readonly #client: ServiceClient;
  readonly #refreshed: RefreshedTokens;

  constructor(config: FikenConfig, context: ServiceContext, client: ServiceClient) {
    this.#config = config;
    this.#client = client;
    const { credential, tokenUrl } = config;
    this.#refreshed = new RefreshedTokens({ title: 'Fiken', tokenUrl, credential, context, client });
  }

  /** A token to send; `refused` is one that Fiken did not take. */
  async token(refused?: string): Promise<string> {
    const { auth, credential } = this.#config;
    if (auth === 'oauth2') return this.#refreshed.token(refused);
    const { token = '' } = await this.#client.secrets(credential);
    if (token !== '') return token;
    const action = 'store it there, then try again';
    throw new BilagError('config', { what: 'there is no token', where: `credential ${credential}`, action });
  }
}
