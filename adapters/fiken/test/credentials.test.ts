import type { Voucher } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { MemoryCredentials, openStage } from './connections.ts';
import { referenceOf, wholeDay } from './days.ts';

const oauth = { credential: 'file:fiken-oauth', auth: 'oauth2' } as const;

describe('OAuth2', () => {
  test('two that start at once refresh once, and what Fiken gave is stored', async () => {
    await using stage = await openStage();
    const [one, two] = [stage.connect(oauth), stage.connect(oauth)];
    await Promise.all([one.identify(), two.identify(), one.identify()]);
    expect(stage.fiken.access.refreshes).toBe(1);
    expect(stage.credentials.held.get('file:fiken-oauth')).toMatchObject({
      refreshToken: 'simulated-fiken-refresh-1',
      accessToken: 'simulated-fiken-access-1',
      clientId: stage.fiken.credentials.clientId,
    });
  });

  test('a token is renewed before its time is up, as Fiken says it is', async () => {
    await using stage = await openStage({ tokens: { expiresInSeconds: 600 } });
    const service = stage.connect(oauth);
    await service.identify();
    stage.time.ms += 500_000;
    await service.identify();
    expect(stage.fiken.access.refreshes).toBe(1);
    stage.time.ms += 60_000;
    await service.identify();
    expect(stage.fiken.access.refreshes).toBe(2);
    expect(stage.fiken.requests.filter(({ path }) => path === '/api/v2/user')).toEqual([]);
  });

  test('a token that ended early is renewed by the first read', async () => {
    await using stage = await openStage();
    const service = stage.connect(oauth);
    await service.identify();
    stage.fiken.access.expireTokens();
    expect(await service.identify()).toMatchObject({ id: 'bilag-test-as' });
    expect(stage.fiken.access.refreshes).toBe(2);
  });

  test('a token that ended early is nothing for a person to mend: the write is made again, with another', async () => {
    await using stage = await openStage();
    const service = stage.connect(oauth);
    const [sale] = (await wholeDay()) as [Voucher];
    await service.identify();
    stage.fiken.access.expireTokens();
    await expect(service.post(sale, referenceOf(sale))).rejects.toMatchObject({ kind: 'busy' });
    expect(await service.post(sale, referenceOf(sale))).toMatchObject({ outcome: 'created' });
    expect(stage.fiken.company().books.sales).toHaveLength(1);
    stage.fiken.access.revoke();
    await expect(service.post(sale, referenceOf(sale))).rejects.toMatchObject({ kind: 'busy' });
    await expect(service.post(sale, referenceOf(sale))).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  test('a refresh token that Fiken keeps is kept', async () => {
    await using stage = await openStage({ tokens: { rotatesRefreshTokens: false } });
    await stage.connect(oauth).identify();
    stage.fiken.access.expireTokens();
    await stage.connect(oauth).identify();
    expect(stage.credentials.held.get('file:fiken-oauth')).toMatchObject({ refreshToken: 'simulated-fiken-refresh-0' });
  });

  test('access that the user took away needs a person', async () => {
    await using stage = await openStage();
    stage.fiken.access.revoke();
    const identifying = stage.connect(oauth).identify();
    await expect(identifying).rejects.toMatchObject({ kind: 'unauthorised', action: expect.stringMatching(/connect/) });
  });

  test('a store that cannot be written is refused before a token is used up', async () => {
    await using stage = await openStage();
    const { get } = new MemoryCredentials(Object.fromEntries(stage.credentials.held));
    const credentials = { get: get.bind(stage.credentials) };
    await expect(stage.connect(oauth, { credentials }).identify()).rejects.toMatchObject({ kind: 'config' });
    expect(stage.fiken.requests).toEqual([]);
  });

  test('no token, old or new, is in any event or in the record of requests', async () => {
    await using stage = await openStage();
    await stage.connect(oauth).identify();
    stage.fiken.access.revoke();
    const error = await stage
      .connect(oauth)
      .identify()
      .catch((thrown: unknown) => thrown);
    const told = JSON.stringify([stage.events, String(error), { ...(error as object) }]);
    for (const value of Object.values(stage.credentials.held.get('file:fiken-oauth') ?? {})) {
      expect(told).not.toContain(value);
    }
  });
});

describe('a personal token', () => {
  test('that is not stored is named, and nothing is sent', async () => {
    await using stage = await openStage();
    const identifying = stage.connect({ credential: 'file:fiken-oauth' }).identify();
    await expect(identifying).rejects.toMatchObject({ kind: 'config', what: 'there is no token' });
    expect(stage.fiken.requests).toEqual([]);
  });
});
