import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../storage/durable-file.ts';
import { makePrivateFolder } from '../storage/private-files.ts';

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
  /** The last write of each company. */
  readonly #writing = new Map<string, Promise<void>>();

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

  /** Whole or not at all, and on the disk when it resolves. In the order in which it was asked for: it never goes back. */
  async write(companyId: string, remembered: Remembered): Promise<void> {
    const before = this.#writing.get(companyId) ?? Promise.resolve();
    const writing = before.catch(() => undefined).then(() => this.#write(companyId, remembered));
    this.#writing.set(companyId, writing);
    await writing;
  }

  async #write(companyId: string, remembered: Remembered): Promise<void> {
    makePrivateFolder(this.folder);
    const path = this.pathOf(companyId);
    // Another log of this process may be about to write to the same place.
    const newPath = `${path}.new-${process.pid}-${(newFiles += 1)}`;
    await writeDurably(path, newPath, Buffer.from(`${JSON.stringify(remembered)}\n`));
  }
}

let newFiles = 0;
