import { hasConfig, loadAdapter } from '@bilag/company/files';
import type { Adapter } from '@bilag/core';
import { builtInPackages, packages } from '../built-in.ts';
import { exitCodes } from '../program/exit-codes.ts';
import { toTable } from '../output/table.ts';
import type { AddCommand } from '../program/add-command.ts';
import type { World } from '../world.ts';

/** `bilag adapters`: what can be delivered to. */
export const addAdaptersCommand: AddCommand = (command, session, ended) => {
  command
    .option('-c, --config <file>', 'the config (default: bilag.config.ts, .js, .mjs or .json here, if there is one)')
    .action(async (options: { readonly config?: string }) => {
      const { world, out, json } = session;
      const adapters = await knownAdapters(world, options.config);
      if (json) {
        await out.json({ adapters: adapters.map(({ adapter, ...rest }) => ({ ...describe(adapter), ...rest })) });
      } else {
        const rows = adapters.map(({ adapter, from, targets }) => {
          const { id, kind, title, vat, checks } = describe(adapter);
          return [id, kind, vat, checks ? 'yes' : 'no', from, targets.join(', '), title];
        });
        await out.write(toTable(columns, rows));
      }
      ended(exitCodes.done);
    });
};

/** An adapter, where it comes from, and the names of the targets that use it. */
export interface KnownAdapter {
  readonly adapter: Adapter;
  readonly from: string;
  readonly targets: readonly string[];
}

/** Built-in adapters and those of the config, each once. */
export async function knownAdapters(
  world: World,
  configFile: string | undefined,
  builtIn: readonly string[] = builtInPackages,
): Promise<readonly KnownAdapter[]> {
  const known = new Map<Adapter, { from: string; targets: Set<string> }>();
  for (const name of builtIn) {
    known.set(await loadAdapter(name, { folder: world.cwd, packages }), {
      from: name,
      targets: new Set(),
    });
  }
  // Without a config there is still what comes with Bilag.
  if (configFile === undefined && !hasConfig(world.cwd)) return listOf(known);
  const { loadConfig } = await import('../config.ts');
  const config = await loadConfig({ cwd: world.cwd, file: configFile, env: world.env });
  for await (const company of config.companies()) {
    for (const [name, { adapter: named }] of Object.entries(company.targets)) {
      const adapter = await loadAdapter(named, company);
      const entry = known.get(adapter) ?? {
        from: typeof named === 'string' ? named : 'the config',
        targets: new Set(),
      };
      known.set(adapter, entry);
      entry.targets.add(name);
    }
  }
  return listOf(known);
}

function listOf(known: ReadonlyMap<Adapter, { from: string; targets: Set<string> }>): KnownAdapter[] {
  return [...known].map(([adapter, { from, targets }]) => ({ adapter, from, targets: [...targets] }));
}

function describe(adapter: Adapter): {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly vat: string;
  readonly checks: boolean;
} {
  const { id, kind, title, vat } = adapter;
  return { id, kind, title, vat, checks: adapter.kind === 'file' && adapter.check !== undefined };
}

const columns = ['Adapter', 'Kind', 'VAT', 'Checks', 'From', 'Targets', 'Title'].map((title) => ({ title }));
