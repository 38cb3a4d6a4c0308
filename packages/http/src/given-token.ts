import { BilagError } from '@bilag/core';

/** An access token, as a token desk gives it out. */
export interface GivenToken {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly seconds: number;
}

/** RFC 6749 section 5.1. Throws `unavailable` for anything else. */
export function givenTokenIn(json: unknown, where: string): GivenToken {
  const {
    access_token: accessToken,
    expires_in: seconds,
    refresh_token: refreshToken,
  } = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  const isWhole = typeof accessToken === 'string' && accessToken !== '' && Number(seconds) > 0;
  if (isWhole && (refreshToken === undefined || refreshToken === null || typeof refreshToken === 'string')) {
    return { accessToken, seconds: Number(seconds), refreshToken: refreshToken || undefined };
  }
  throw new BilagError('unavailable', { what: 'the reply is no token', where, action: 'try again later' });
}

/** A token must outlive the request it goes with: it is renewed a minute before it ends. */
export const renewedBeforeMs = 60_000;
