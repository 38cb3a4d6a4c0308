import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { privateFileMode } from '../storage/private-files.ts';
import { toStorageError } from '../storage/storage-error.ts';

/** A file that grows at its end and is read anywhere. It is made when the first byte is written, and is nobody else's. */
export class SpoolFile {
  /** In bytes. */
  length = 0;
  readonly #path: string;
  #descriptor: number | undefined;
  /** What was read ahead, and where it begins; its memory is used again and again. */
  #ahead: Buffer = Buffer.alloc(0);
  #aheadStart = 0;
  #memory: Buffer = Buffer.alloc(0);

  constructor(folder: string) {
    this.#path = join(folder, `bilag-${randomUUID()}.spool`);
  }

  append(bytes: Buffer): void {
    this.#guarded(() => {
      this.#descriptor ??= this.#open();
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.length + written);
      this.length += bytes.length;
    });
  }

  /** Bytes that are there, until the next are read; up to `through`, those behind them will be asked for next. */
  read(start: number, length: number, through: number): Buffer {
    const inAhead = start - this.#aheadStart;
    if (inAhead >= 0 && inAhead + length <= this.#ahead.length) return this.#ahead.subarray(inAhead, inAhead + length);
    const wanted = Math.max(length, Math.min(through - start, this.length - start, aheadBytes));
    if (this.#memory.length < wanted) this.#memory = Buffer.allocUnsafe(wanted);
    const bytes = this.#memory.subarray(0, wanted);
    this.#guarded(() => {
      for (let read = 0; read < bytes.length;) {
        const more = readSync(this.#descriptor as number, bytes, read, bytes.length - read, start + read);
        if (more === 0) throw new RangeError(`the file ${this.#path} has nothing at ${start + read}`);
        read += more;
      }
    });
    this.#ahead = bytes;
    this.#aheadStart = start;
    return bytes.subarray(0, length);
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    forgotten.unregister(this);
    closeFile({ descriptor: this.#descriptor, path: this.#path });
    this.#descriptor = undefined;
    this.#memory = this.#ahead = Buffer.alloc(0);
  }

  #open(): number {
    const path = this.#path;
    const descriptor = openSync(path, 'wx+', privateFileMode);
    forgotten.register(this, { descriptor, path }, this);
    // Without a name it is gone with the process, however that ends. Windows takes the name from closed files alone.
    if (process.platform !== 'win32') rmSync(path);
    return descriptor;
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw toStorageError(error, this.#path, 'set TMPDIR to a disk with more room; nothing was written');
    }
  }
}

interface OpenFile {
  readonly descriptor: number;
  readonly path: string;
}

function closeFile({ descriptor, path }: OpenFile): void {
  closeSync(descriptor);
  rmSync(path, { force: true });
}

/** A file that nobody can read any more, as nobody has what reads it, is closed: a plan is let go of, and not closed. */
const forgotten = new FinalizationRegistry(closeFile);

const aheadBytes = 262_144;
