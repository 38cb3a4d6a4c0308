import { BilagError, type CredentialStore, named, quotedName } from '@bilag/core';
import { encryptedCredentials, environmentCredentials } from '@bilag/engine';
import type { Company } from './company.ts';
import type { Surroundings } from '../surroundings.ts';

/** Where a company's source and targets find their keys: `env:NAME` in the environment, `file:NAME` in the encrypted file. */
export function credentialsFor(
  { credentialFile }: Pick<Company, 'credentialFile'>,
  env: Surroundings['env'],
): CredentialStore {
  const environment = environmentCredentials(env);
  let opened: Required<CredentialStore> | undefined;
  const inFile = (): Required<CredentialStore> => {
    opened ??= encryptedCredentials({ path: credentialFile.path, passphrase: passphraseOf(credentialFile, env) });
    return opened;
  };
  return {
    get: async (reference) => (isInFile(reference) ? inFile() : environment).get(reference),
    put: async (reference, secrets) => {
      if (!isInFile(reference)) throw readOnly(reference);
      await inFile().put(reference, secrets);
    },
    exclusively: async (reference, work) => {
      if (!isInFile(reference)) throw readOnly(reference);
      return inFile().exclusively(reference, work);
    },
  };
}

function isInFile(reference: string): boolean {
  return reference.startsWith('file:');
}

function passphraseOf({ path, opensWith }: Company['credentialFile'], env: Surroundings['env']): string {
  const passphrase = named(env, opensWith) ?? '';
  if (passphrase !== '') return passphrase;
  throw new BilagError('config', {
    what: `${opensWith} is not set, and it opens the file of keys`,
    where: path,
    action: `set it to the passphrase of the file, or refer to keys in the environment as env:NAME`,
  });
}

/** A refresh token that could not be stored back would be lost. */
function readOnly(reference: string): BilagError {
  return new BilagError('config', {
    what: 'keys that are renewed cannot be kept in the environment',
    where: quotedName(reference),
    action: 'keep them in the encrypted file (bilag keys), and refer to them as file:NAME',
  });
}
