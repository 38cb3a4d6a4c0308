import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** The processor time of a server on this machine, with all its processes, by what Linux counts. */
export class ServerProcessor {
  readonly #postmaster: number;

  private constructor(postmaster: number) {
    this.#postmaster = postmaster;
  }

  static async of(connectionString: string): Promise<ServerProcessor> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    // While its process is there.
    const { parent } = statOf(rows[0]?.pid ?? 0);
    await client.end();
    return new ServerProcessor(parent);
  }

  ms(): number {
    const stats = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          return [{ pid: Number(name), ...statOf(Number(name)) }];
        } catch {
          return [];
        }
      });
    return stats
      .filter(({ pid, parent }) => pid === this.#postmaster || parent === this.#postmaster)
      .reduce((sum, { own, ended, pid }) => sum + own + (pid === this.#postmaster ? ended : 0), 0);
  }
}

/** proc(5): fields 4 and 14 to 17, in hundredths of a second. */
function statOf(pid: number): { readonly parent: number; readonly own: number; readonly ended: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { parent: fields[1] ?? 0, own: (user + system) * 10, ended: (endedUser + endedSystem) * 10 };
}
