import { BilagError, isBilagError } from '@bilag/core';
import { Command, Option } from 'commander';
import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { adapterKinds, createAdapter, type AdapterKind, type CreatedAdapter } from './create-adapter.ts';

interface Given {
  readonly kind?: AdapterKind;
  readonly folder?: string;
  readonly json?: true;
}

/** The command as a process: exit code 2 for what cannot be done. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await run(argv);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  }
}

/** A mistake of ours, or a disk that cannot be written: a stack trace helps nobody here. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isBilagError(error) ? message : `the package could not be written: ${message}; nothing of it was kept`;
}

/** What is not given is asked for on a terminal, and an error elsewhere. */
async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('create-adapter')
    .description(
      'writes a new Bilag adapter: it compiles, keeps every law of the conformance kit, and says what to do next',
    )
    .argument('[name]', 'what the accounting system is called, such as my-books')
    .addOption(
      new Option(
        '--kind <kind>',
        'service: a system to talk to; file: something to hand over; source: a provider to read',
      ).choices(adapterKinds),
    )
    .option('--folder <path>', 'where the package goes (default: bilag-<name>)')
    .option('--json', 'says what was written as JSON')
    .action(async (name: string | undefined, { kind, folder, json }: Given) => {
      const created = await createAdapter({
        name: name ?? (await ask('Name of the accounting system or file: ', 'the name')),
        kind: kind ?? (await askForKind()),
        ...(folder === undefined ? {} : { folder }),
      });
      process.stdout.write(json === true ? `${JSON.stringify(created)}\n` : whatNow(created));
    });
  await program.parseAsync([...argv]);
}

function whatNow({ folder, packageName, files }: CreatedAdapter): string {
  return `${packageName}: ${files.length} files in ${folder}

  cd ${relative('.', folder) || '.'}
  npm install  # while the packages of Bilag are not published: npm install <clone>/packed/*.tgz
  npm test     # every law of the conformance kit, against the fake target or the reader that came with it
  npm start    # see what it writes

Then make it yours, as its README says under "Next".
`;
}

async function askForKind(): Promise<AdapterKind> {
  const answer = await ask(
    'A system to talk to (service), something to hand over (file), or a provider to read (source)? ',
    '--kind',
  );
  const kind = adapterKinds.find((one) => one === answer.toLowerCase());
  if (kind !== undefined) return kind;
  throw new BilagError('config', {
    what: `"${answer.slice(0, 40)}" is no kind of adapter`,
    where: '--kind',
    action: 'answer service, file or source; nothing was written',
  });
}

async function ask(question: string, where: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new BilagError('config', {
      what: 'it is not given, and there is no terminal to ask on',
      where,
      action: 'run create-adapter NAME --kind service|file|source',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
