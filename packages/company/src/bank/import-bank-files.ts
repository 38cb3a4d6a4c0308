import { readBankFile, shownAccount, type Statement } from '@bilag/bank';
import { BilagError, isBilagError, type PlainDate } from '@bilag/core';
import type { KeptBankFile } from '@bilag/engine';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Company } from '../config/company.ts';
import { withRecord } from '../stores.ts';

/** A file of the bank, as it was taken in. */
export interface ImportedBankFile {
  readonly name: string;
  /** `known`: the same bytes were imported before. */
  readonly outcome: 'kept' | 'known';
  readonly statements: readonly {
    /** Its last digits. */
    readonly account: string;
    readonly from: PlainDate | null;
    readonly to: PlainDate | null;
    readonly lines: number;
  }[];
}

/** Longer than the statements of a year. */
const mostBytes = 268_435_456;

/**
 * Takes in files of a bank: each is read whole first, and all of them are kept, byte for byte, or none. Throws `rejected` with the
 * place in the file, `not-found` where there is none.
 */
export async function importBankFiles(
  company: Company,
  paths: readonly string[],
  { account, now }: { readonly account?: string | undefined; readonly now: Date },
): Promise<readonly ImportedBankFile[]> {
  const files: KeptBankFile[] = [];
  const read: (readonly Statement[])[] = [];
  for (const path of paths) {
    const bytes = await bytesOf(path);
    const name = basename(path);
    read.push(await readWhole(bytes, path, name, account));
    const digest = createHash('sha256').update(bytes).digest('hex');
    files.push({ digest, name, account: account ?? null, importedAt: now.toISOString(), bytes });
  }
  const outcomes = await withRecord(company.stores.openBank(company, { create: true }), (record) => record.keep(files));
  return files.map(({ name }, index) => ({
    name,
    outcome: outcomes[index] ?? 'known',
    statements: (read[index] ?? []).map(({ account: number, period, lines }) => ({
      account: shownAccount(number),
      from: period?.from ?? null,
      to: period?.to ?? null,
      lines: lines.length,
    })),
  }));
}

async function readWhole(
  bytes: Uint8Array,
  path: string,
  name: string,
  account: string | undefined,
): Promise<readonly Statement[]> {
  try {
    return await readBankFile(bytes, name, { account });
  } catch (error) {
    if (!isBilagError(error) || error.where.includes(name)) throw error;
    throw new BilagError(
      error.kind,
      { what: error.what, where: `${path}, ${error.where}`, action: error.action },
      { cause: error },
    );
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new BilagError(found === undefined ? 'not-found' : 'config', {
      what: found === undefined ? 'there is no such file' : 'this is not a file',
      where: path,
      action: 'name a file that the bank delivered; nothing was imported',
    });
  }
  if (found.size > mostBytes) {
    const what = `the file is longer than ${mostBytes / 1_048_576} MiB`;
    throw new BilagError('config', {
      what,
      where: path,
      action: 'fetch it from the bank in parts; nothing was imported',
    });
  }
  return readFile(path);
}
