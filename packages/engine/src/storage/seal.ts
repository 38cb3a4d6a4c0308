import {
  closeSync,
  existsSync,
  fstatSync,
  futimesSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { uptime } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { privateFileMode } from './private-files.ts';

/**
 * A small file beside a database, `<path>.seal`: how the database was when we closed it whole. While nobody has touched it since, it need
 * not be walked from end to end before it is written to.
 *
 * A file is known by its disk, inode, size and the time of its last change (ctime), which the system sets and no program sets back: a file
 * that was written to, copied or restored is another one. A seal is broken too where something lies beside the database that SQLite
 * would still put into it (a crash, another process), where the machine was started anew (it may have lost what its disk said it had),
 * and after two to four weeks, as disks are looked through themselves, since no time tells what one loses by itself: SQLite refuses that when
 * it reads it. Whatever is in doubt is walked.
 */
export class Seal {
  readonly #path: string;
  #asOpened: string | undefined;
  /** Milliseconds since 1970; undefined: it is not known to be whole. */
  #walkAgainAt: number | undefined;
  #holds = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether it holds. Asked before the database is read, which makes files beside it. */
  holds(): boolean {
    this.#asOpened = fileOf(this.#path)?.name;
    this.#walkAgainAt = this.#asOpened === undefined ? undefined : keptFor(this.#path, this.#asOpened);
    this.#holds = this.#walkAgainAt !== undefined;
    return this.#holds;
  }

  /** It was walked from end to end since, and is whole. */
  renew(): void {
    // Companies that began on one day are not all walked in one night again.
    this.#walkAgainAt = Date.now() + longestMs * (0.5 + Math.random() / 2);
  }

  /** Closes the database, and seals it where it is known to be whole, and is wholly in its file. */
  async close(database: DatabaseSync): Promise<void> {
    // SQLite writes to the file itself when it is closed, or where much was written: else whatever was written to it was not ours.
    const isOurs = this.#asOpened !== undefined && fileOf(this.#path)?.name === this.#asOpened;
    database.close();
    if (!isOurs || this.#walkAgainAt === undefined) return;
    if (this.#holds && fileOf(this.#path)?.name === this.#asOpened) return;
    await seal(this.#path, this.#walkAgainAt).catch(() => {
      // It is walked next time.
    });
  }
}

const longestMs = 28 * 86_400_000;

interface Kept {
  readonly file: string;
  /** Both in milliseconds since 1970. */
  readonly closedAt: number;
  readonly walkAgainAt: number;
}

/** Until when a seal holds for a file; undefined where it does not. */
function keptFor(path: string, file: string): number | undefined {
  try {
    const kept = JSON.parse(readFileSync(sealOf(path), 'utf8')) as Kept;
    const now = Date.now();
    const isOfThisStart = kept.closedAt > now - uptime() * 1000 && kept.closedAt <= now;
    const isInTime = now < kept.walkAgainAt && kept.walkAgainAt <= now + longestMs;
    return kept.file === file && isOfThisStart && isInTime && !hasMore(path) ? kept.walkAgainAt : undefined;
  } catch {
    return undefined;
  }
}

async function seal(path: string, walkAgainAt: number): Promise<void> {
  const sealPath = sealOf(path);
  // Made anew: what lies there may be a link, and lead anywhere.
  rmSync(sealPath, { force: true });
  const opened = openSync(sealPath, 'wx', privateFileMode);
  try {
    const file = await settled(path, opened);
    if (file === undefined || hasMore(path)) return;
    writeSync(opened, JSON.stringify({ file, closedAt: Date.now(), walkAgainAt } satisfies Kept));
  } finally {
    closeSync(opened);
  }
}

/**
 * The file as it is, once the clock of its disk has gone on, which counts in steps: from then on each change shows. Undefined where that
 * clock takes long, or where a program may set it.
 */
async function settled(path: string, opened: number): Promise<string | undefined> {
  for (let turn = 0; turn < 20; turn += 1) {
    futimesSync(opened, 0, 0);
    const { ctimeNs } = fstatSync(opened, { bigint: true });
    const file = fileOf(path);
    if (file !== undefined && file.changedAt < ctimeNs) return file.name;
    await delay(1);
  }
  return undefined;
}

/** Windows has times of change that programs set. */
function fileOf(path: string): { readonly name: string; readonly changedAt: bigint } | undefined {
  const found = process.platform === 'win32' ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const { dev, ino, size, ctimeNs } = found;
  return { name: [dev, ino, size, ctimeNs].join(), changedAt: ctimeNs };
}

/** SQLite keeps what was written last beside the file itself, not beside a link to it. */
function hasMore(path: string): boolean {
  const file = realpathSync(path);
  return existsSync(`${file}-wal`) || existsSync(`${file}-journal`);
}

function sealOf(path: string): string {
  return `${realpathSync(path)}.seal`;
}
