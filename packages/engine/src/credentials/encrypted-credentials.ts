import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BilagError, quotedName, type CredentialStore, type Secrets } from '@bilag/core';
import { syncFolder, writeDurably } from '../storage/durable-file.ts';
import { makePrivateFolder, refuseOpenToOthers } from '../storage/private-files.ts';
import { takeExclusiveLock, type ExclusiveLock } from '../storage/exclusive-lock.ts';
import { toStorageError } from '../storage/storage-error.ts';

export interface EncryptedCredentialsOptions {
  readonly path: string;
  /** Opens the file: from an environment variable or a vault, never from a config. */
  readonly passphrase: string;
  /** How hard guessing the passphrase is made, as a power of two; 18 as the `age` program has it. */
  readonly workFactor?: number;
}

/**
 * Credentials in a file encrypted with a passphrase, in the format of `age` (age-encryption.org): `age -d` opens it. References
 * are `file:NAME`, or `NAME` alone. Safe while several processes use it: a change is made under a lock and replaces the file
 * in one step, so that a refresh token is never lost, and `exclusively` lets one process at a time refresh the same secrets.
 *
 * The file is the user's alone (mode 600): one that others may read is refused.
 *
 * Throws `config` when the passphrase does not open the file, nothing is under a reference, or others may read the file;
 * `forbidden` and `unavailable` where it cannot be read or written, and `busy` after two minutes of another process.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { encryptedCredentials } from '@bilag/engine';
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'keys-')), 'credentials.age');
 * const store = encryptedCredentials({ path, passphrase: 'correct horse battery staple', workFactor: 10 });
 * await store.put('file:fiken', { refreshToken: 'first' });
 * await store.get('file:fiken'); // => { refreshToken: 'first' }
 * ```
 */
export function encryptedCredentials(options: EncryptedCredentialsOptions): Required<CredentialStore> {
  const { path } = options;
  const file = new EncryptedFile(options);
  return {
    get: async (reference) => {
      const everything = await file.read();
      const secrets = Object.hasOwn(everything, nameOf(reference)) ? everything[nameOf(reference)] : undefined;
      if (secrets === undefined) throw nothingUnder(reference, path);
      return secrets;
    },
    put: async (reference, secrets) => {
      const lock = await takeLock(path, `${path}.lock`);
      try {
        // Not a literal: `__proto__` is a name as any other.
        const kept = Object.entries(await file.read()).filter(([name]) => name !== nameOf(reference));
        await file.write(Object.fromEntries([...kept, [nameOf(reference), { ...secrets }]]));
      } finally {
        lock.release();
      }
    },
    exclusively: async (reference, work) => {
      const digest = createHash('sha256').update(nameOf(reference)).digest('hex').slice(0, 16);
      const lock = await takeLock(path, `${path}.${digest}.lock`);
      try {
        return await work();
      } finally {
        lock.release();
      }
    },
  };
}

type Everything = Readonly<Record<string, Secrets>>;

/** The file, and what was read from it last: opening it is slow on purpose, so that unchanged bytes are opened once. */
class EncryptedFile {
  readonly #options: EncryptedCredentialsOptions;
  #known: { readonly digest: string; readonly everything: Everything } | undefined;

  constructor(options: EncryptedCredentialsOptions) {
    this.#options = options;
  }

  async read(): Promise<Everything> {
    const { path, passphrase } = this.#options;
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return {};
    refuseOpenToOthers(path);
    try {
      const sealed = readFileSync(path);
      const digest = digestOf(sealed);
      if (this.#known?.digest === digest) return this.#known.everything;
      const everything = await open(sealed, passphrase, path);
      this.#known = { digest, everything };
      return everything;
    } catch (error) {
      throw toStorageError(error, path, 'nothing was changed');
    }
  }

  async write(everything: Everything): Promise<void> {
    const { path, passphrase, workFactor = 18 } = this.#options;
    // Loaded by who has such a file: most have none.
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(workFactor);
    const sealed = await encrypter.encrypt(JSON.stringify(everything));
    try {
      await writeDurably(path, `${path}.new-${process.pid}`, sealed);
      await syncFolder(dirname(path));
    } catch (error) {
      throw toStorageError(error, path, 'the credentials of before are still there');
    }
    this.#known = { digest: digestOf(sealed), everything };
  }
}

async function open(sealed: Uint8Array, passphrase: string, path: string): Promise<Everything> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return JSON.parse(await decrypter.decrypt(sealed, 'text')) as Everything;
  } catch {
    // What failed in there may quote what it read.
    throw new BilagError('config', {
      what: 'the passphrase does not open the credentials, or the file is damaged',
      where: path,
      action: 'give the passphrase the file was made with, or make it anew',
    });
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function nameOf(reference: string): string {
  return reference.replace(/^file:/, '');
}

/** Locks end with the process that holds them, so that waiting ends too; a person at a prompt does not wait for ever. */
async function takeLock(file: string, path: string): Promise<ExclusiveLock> {
  try {
    makePrivateFolder(dirname(file));
  } catch (error) {
    throw toStorageError(error, dirname(file), 'nothing was changed');
  }
  for (let waited = 0; waited < longestWaitMs; waited += lookAgainMs) {
    const lock = takeExclusiveLock(path);
    if (lock !== undefined) return lock;
    await wait(lookAgainMs);
  }
  throw new BilagError('busy', {
    what: 'another process has been using these credentials for two minutes',
    where: path,
    action: 'wait until it is done and run again; nothing was changed',
  });
}

const lookAgainMs = 25;
const longestWaitMs = 120_000;

function nothingUnder(reference: string, path: string): BilagError {
  return new BilagError('config', {
    what: `there are no credentials ${quotedName(nameOf(reference))}`,
    where: path,
    action: 'connect first, or look at the name in the config',
  });
}
