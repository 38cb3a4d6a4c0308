import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LawBroken } from './law.ts';

/**
 * Imports a module alone in a process of its own, and tells what happened besides: `opens a socket`, `writes the file x`.
 * Reading modules is what importing is.
 */
export function importAlone(module: URL): Promise<readonly string[]> {
  let known = imports.get(module.href);
  if (known === undefined) imports.set(module.href, (known = probe(module)));
  return known;
}

/** The subjects of one adapter share a module: it is imported once. */
const imports: Map<string, Promise<readonly string[]>> = new Map();

async function probe(module: URL): Promise<readonly string[]> {
  const isSource = import.meta.url.endsWith('.ts');
  const script = fileURLToPath(new URL(isSource ? './import-probe.ts' : './import-probe.js', import.meta.url));
  const conditions = isSource ? ['--conditions=@bilag/source'] : [];
  const options = [...conditions, ...conditionsOf(process.execArgv), '--no-warnings', script];
  const { code, output, errors } = await run([...options, module.href]);
  const report = output.split('\n').find((line) => line.startsWith(reportMark));
  if (report === undefined) {
    const reason = errors.trim().split('\n').slice(-12).join('\n').slice(0, 1_500);
    throw new LawBroken(`importing ${module.href} alone in Node ends with ${code}: ${reason}`);
  }
  const seen = JSON.parse(report.slice(reportMark.length)) as string[];
  const printed = output.split('\n').filter((line) => line !== '' && line !== report);
  return printed.length === 0 ? seen : [...seen, `prints "${printed[0]?.slice(0, 80)}"`];
}

/** What the probe's own line begins with. */
export const reportMark = 'import-probe ';

/** The conditions this process resolves packages with, so that the other finds the same ones. */
function conditionsOf(parameters: readonly string[]): readonly string[] {
  return parameters.flatMap((parameter, place) => {
    if (/^(?:--conditions|-C)=/.test(parameter)) return [parameter];
    const next = parameters[place + 1];
    return /^(?:--conditions|-C)$/.test(parameter) && next !== undefined ? [`--conditions=${next}`] : [];
  });
}

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(parameters: readonly string[]): Promise<Run> {
  // A test runner tells its children to report in its own language; this is not one of them.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, errors }));
  });
}
