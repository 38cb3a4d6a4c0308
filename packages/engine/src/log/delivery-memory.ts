import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, privateFileMode } from '../storage/private-files.ts';

/** How far a log had come with a company, remembered outside of it. */
export interface Remembered {
  /** Which log: each has an id of its own, which its copies share. */
  readonly log: string;
  /** Counted up before every write to the target. */
  readonly generation: number;
}

/**
 * A small file for each company that has delivered, so that a log that was lost, exchanged or taken from an older backup is
 * recognised. It lies elsewhere than the log: what loses one of them should not lose the other.
 */
export class DeliveryMemory {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(companyId: string): string {
    const name = createHash('sha256').update(companyId).digest('hex').slice(0, 16);
    return join(this.folder, `delivered-${name}.json`);
  }

  /** Undefined where nothing was delivered; `unreadable` is as good as another log. */
  read(companyId: string): Remembered | 'unreadable' | undefined {
    let text: string;
    try {
      text = readFileSync(this.pathOf(companyId), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const { log, generation } = JSON.parse(text) as Partial<Remembered>;
      if (typeof log === 'string' && Number.isSafeInteger(generation)) return { log, generation: Number(generation) };
    } catch {
      // Torn, or written by somebody else.
    }
    return 'unreadable';
  }

  /** Whole or not at all, and on the disk when it returns. */
  write(companyId: string, remembered: Remembered): void {
    makePrivateFolder(this.folder);
    const path = this.pathOf(companyId);
    const newPath = `${path}.new-${process.pid}`;
    rmSync(newPath, { force: true });
    try {
      const file = openSync(newPath, 'wx', privateFileMode);
      try {
        writeSync(file, `${JSON.stringify(remembered)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(newPath, path);
    } catch (error) {
      rmSync(newPath, { force: true });
      throw error;
    }
  }
}
