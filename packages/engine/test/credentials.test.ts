import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encryptedCredentials, environmentCredentials } from '../src/index.ts';
import { startProgram, temporaryFolder } from './run-program.ts';

describe('credentials in an encrypted file', () => {
  const passphrase = 'several words';

  test('are read back, and nothing of them can be read in the file', async () => {
    const path = join(temporaryFolder(), 'credentials.age');
    await encryptedCredentials({ path, passphrase, workFactor: 4 }).put('file:fiken', { apiToken: 'very-secret' });
    expect(await encryptedCredentials({ path, passphrase }).get('file:fiken')).toEqual({ apiToken: 'very-secret' });
    const bytes = readFileSync(path, 'latin1');
    expect(bytes).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
    expect(bytes).not.toMatch(/very-secret|fiken|apiToken/);
  });

  test('another passphrase, a damaged file and an unknown name say what to do', async () => {
    const path = join(temporaryFolder(), 'credentials.age');
    const store = encryptedCredentials({ path, passphrase, workFactor: 4 });
    await expect(store.get('file:fiken')).rejects.toMatchObject({ kind: 'config' });
    await store.put('file:fiken', { apiToken: 'very-secret' });
    await expect(store.get('file:tripletex')).rejects.toMatchObject({ kind: 'config' });
    await expect(encryptedCredentials({ path, passphrase: 'other' }).get('file:fiken')).rejects.toMatchObject({
      kind: 'config',
    });
    writeFileSync(path, readFileSync(path).subarray(0, 100));
    await expect(store.get('file:fiken')).rejects.toMatchObject({ kind: 'config' });
  });

  test('no refresh is lost while two processes refresh the same token', async () => {
    const path = join(temporaryFolder(), 'credentials.age');
    const store = encryptedCredentials({ path, passphrase, workFactor: 4 });
    await store.put('file:shared', { refreshToken: '0' });
    const children = ['first', 'second'].map((own) => startProgram('count-in-credentials', path, '15', own));
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(await store.get('file:shared')).toEqual({ refreshToken: '30' });
    expect(await store.get('file:first')).toEqual({ count: '15' });
    expect(await store.get('file:second')).toEqual({ count: '15' });
  });
});

describe('credentials in the environment', () => {
  const store = environmentCredentials({ FIKEN_API_TOKEN: ' secret ', FIKEN_EMPTY: '', FIKENX_A: 'other' });

  test('are every variable that begins with the name', async () => {
    expect(await store.get('env:FIKEN')).toEqual({ apiToken: 'secret' });
    expect(store.put).toBeUndefined();
  });

  test('what is not there is asked for, and a key in the place of a reference is not repeated', async () => {
    await expect(store.get('env:TRIPLETEX')).rejects.toThrow(/no variable begins with TRIPLETEX_/);
    const refusal = await store.get('sk-live-123').catch(String);
    expect(refusal).toContain('write env:NAME');
    expect(refusal).not.toContain('sk-live');
  });
});
