import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { BilagError, type CredentialStore, type Secrets } from '@bilag/core';

/** Our store of the merchants' keys: in the database, sealed with a key that is not in it. */
export function openVault(database: DatabaseSync, passphrase: string): Required<Pick<CredentialStore, 'get' | 'put'>> {
  const key = hash('sha256', passphrase, 'buffer');
  return {
    get: async (reference) => {
      const row = database.prepare('SELECT sealed FROM secret WHERE reference = ?').get(reference);
      if (row !== undefined) return opened(Buffer.from(row['sealed'] as Uint8Array), key, reference);
      throw new BilagError('config', {
        what: 'there are no keys',
        where: reference,
        action: 'let the merchant give them',
      });
    },
    put: async (reference, secrets) => {
      const sql = `INSERT INTO secret VALUES (?, ?) ON CONFLICT (reference) DO UPDATE SET sealed = excluded.sealed`;
      database.prepare(sql).run(reference, sealed(secrets, key, reference));
    },
  };
}

function sealed(secrets: Secrets, key: Buffer, reference: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(reference));
  const text = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

function opened(bytes: Buffer, key: Buffer, reference: string): Secrets {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(reference));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()) as Secrets;
  } catch {
    throw new BilagError('config', {
      what: 'the keys cannot be opened',
      where: reference,
      action: 'look at VAULT_KEY',
    });
  }
}
