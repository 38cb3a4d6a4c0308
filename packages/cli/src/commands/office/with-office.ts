import { openOffice, type OfficeStore } from '@bilag/office';
import type { LoadedConfig } from '@bilag/company';
import type { Command } from 'commander';
import { dirname, join, resolve } from 'node:path';
import { loadConfig } from '../../config.ts';
import { officeIn } from '../../database.ts';
import type { Session } from '../../session.ts';

/** Which office a command is for. */
export interface OfficeOptions {
  readonly config?: string;
  readonly office?: string;
}

export function addOfficeOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the config (default: bilag.config.ts, .js, .mjs or .json here)')
    .option(
      '--office <file>',
      'what the office remembers (default: the database of BILAG_DATABASE, or office.sqlite beside the config)',
    );
}

/** Opens what the office remembers, gives it to the work with the config, and closes it. */
export async function withOffice<Result>(
  { world }: Session,
  { config: file, office }: OfficeOptions,
  work: (store: OfficeStore, config: LoadedConfig) => Promise<Result>,
): Promise<Result> {
  const config = await loadConfig({ cwd: world.cwd, file, env: world.env });
  // What many machines do is remembered where all of them see it.
  const shared = office === undefined ? await officeIn(world.env) : undefined;
  const path = office === undefined ? join(dirname(config.file), 'office.sqlite') : resolve(world.cwd, office);
  const store = shared ?? (await openOffice(path));
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}
