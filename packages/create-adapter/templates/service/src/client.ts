import type { ServiceContext } from '@bilag/core';
import { createServiceClient, type AuthorisationHeaders, type ServiceClient } from '@bilag/http';
import type { AcmeBooksConfig } from './config.ts';
import { refusalOf } from './errors.ts';

/** Everything that is sent to Acme Books: in turns, reads again after a pause, writes once, and no secret told. */
export function acmeBooksClient(config: AcmeBooksConfig, context: ServiceContext): ServiceClient {
  const { baseUrl, timeoutMs, credential } = config;
  const headers = async (): Promise<AuthorisationHeaders> => {
    const { token = '' } = await client.secrets(credential);
    return { authorization: `Bearer ${token}` };
  };
  const authorisation = { canRenew: false, headers };
  const client = createServiceClient({ baseUrl, timeoutMs, context, credential, refusalOf, authorisation });
  return client;
}
