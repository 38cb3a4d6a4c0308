import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface ProgramRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program of the workspace as its reader would: in a process and a folder of its own, against the sources. */
export async function runProgram(
  program: URL,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramRun> {
  const child = spawn(process.execPath, ['--conditions=@bilag/source', fileURLToPath(program), ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  });
  const read = async (stream: AsyncIterable<Buffer>): Promise<string> =>
    Buffer.concat(await Array.fromAsync(stream)).toString();
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [output, errors, code] = await Promise.all([read(child.stdout), read(child.stderr), ended]);
  return { code, output, errors };
}
