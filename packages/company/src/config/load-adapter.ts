import {
  accountsOf,
  BilagError,
  contractVersion,
  type Adapter,
  type FileAdapter,
  type Policy,
  type ServiceAdapter,
  quotedName,
} from '@bilag/core';
import type { Company, Target } from './company.ts';
import { checkedBy } from './checked-by.ts';
import { isDeclaration, loadDeclaration, type PackagePlace } from './load-package.ts';

/** An adapter with a config it has checked. */
export interface LoadedTarget<Kind extends Adapter = Adapter> {
  readonly name: string;
  readonly adapter: Kind;
  readonly config: unknown;
}

/** A target that is a file to hand over. Throws `config` for one that is posted to. */
export async function loadFileTarget(company: Company, name: string): Promise<LoadedTarget<FileAdapter>> {
  const { adapter, config } = await loadTarget(company, name);
  if (adapter.kind === 'file') return { name, adapter, config };
  throw otherKind(company, name, `${adapter.title} is posted to: it takes no files`, `bilag apply ${name}`);
}

/** A target that is posted to, and the accounts its list watches. Throws `config` for one that is a file. */
export async function loadServiceTarget(
  company: Company,
  name: string,
  watched: ReadonlySet<string> = clearingAccountsOf(company.policy),
): Promise<LoadedTarget<ServiceAdapter>> {
  const { adapter, config } = await loadTarget(company, name);
  if (adapter.kind === 'service') return { name, adapter, config: withWatchedAccounts(config, watched) };
  throw otherKind(
    company,
    name,
    `${adapter.title} is a file to hand over: nothing is posted to it`,
    `bilag export --target ${name}`,
  );
}

function otherKind(company: Company, name: string, what: string, command: string): BilagError {
  return new BilagError('config', {
    what,
    where: `target ${name}, company ${company.id}`,
    action: `use ${command}; nothing was done`,
  });
}

/** A config that asks for the clearing accounts gets the watched ones, beside what it names: the guard must see them. */
function withWatchedAccounts(config: unknown, watched: ReadonlySet<string>): unknown {
  if (typeof config !== 'object' || config === null || !('clearingAccounts' in config)) return config;
  if (!Array.isArray(config.clearingAccounts)) return config;
  const accounts = new Set([...(config.clearingAccounts as string[]), ...watched]);
  return { ...config, clearingAccounts: [...accounts] };
}

/** Every account that mirrors a ledger's funds, those of single ledgers too. */
export function clearingAccountsOf({ versions }: Policy): ReadonlySet<string> {
  return new Set(
    versions.flatMap((version) => [
      version.accounts.clearing,
      ...Object.keys(version.ledgers).map((ledgerId) => accountsOf(version, ledgerId).clearing),
    ]),
  );
}

/** Loads a company's target by its name in the config, and lets the adapter check its config. Throws `config`. */
export async function loadTarget(company: Company, name: string): Promise<LoadedTarget> {
  const target = Object.hasOwn(company.targets, name) ? company.targets[name] : undefined;
  if (target === undefined) {
    const known = Object.keys(company.targets);
    throw new BilagError('config', {
      what: `there is no target ${quotedName(name)}`,
      where: `company ${company.id}`,
      action: known.length === 0 ? 'add it under targets in the config' : `choose one of: ${known.join(', ')}`,
    });
  }
  const adapter = await loadAdapter(target.adapter, company);
  const whereOf = (path: readonly PropertyKey[]): string =>
    company.whereOf?.(['targets', name, ...path]) ??
    [`company ${company.id}, targets.${name}`, ...path.map(String)].join('.');
  return { name, adapter, config: checkedConfig(adapter, target, whereOf) };
}

/**
 * An adapter as a config names it: the declaration itself, or a package name looked up from a folder, with `#id` where
 * the package has several.
 */
export async function loadAdapter(named: Target['adapter'], place: PackagePlace): Promise<Adapter> {
  if (typeof named !== 'string') return checkedAdapter(named, 'the adapter in the config');
  const { declaration, specifier } = await loadDeclaration(named, place, 'adapter');
  return checkedAdapter(declaration, specifier);
}

function checkedAdapter(value: unknown, where: string): Adapter {
  const problem = problemOf(value);
  if (problem === undefined) return value as Adapter;
  throw new BilagError('config', {
    what: problem,
    where,
    action: `use an adapter made by defineAdapter() with contract ${contractVersion}`,
  });
}

function problemOf(value: unknown): string | undefined {
  if (!isDeclaration(value)) return 'this is not an adapter';
  const { contract, kind, id, config, vat } = value as Partial<FileAdapter>;
  if (contract !== contractVersion)
    return `the adapter "${id}" is made for contract ${String(contract)}, and this is ${contractVersion}`;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]*$/.test(id))
    return 'the id of an adapter is short and lower-case, such as saf-t';
  if (vat !== 'gross' && vat !== 'net' && vat !== 'explicit')
    return `the adapter "${id}" does not say how it takes VAT`;
  if (typeof config?.['~standard']?.validate !== 'function') return `the adapter "${id}" has no schema for its config`;
  if (kind === 'file') return problemOfFile(value as Partial<FileAdapter>);
  if (String(kind) === 'service') return problemOfService(value as unknown as Partial<ServiceAdapter>);
  return `the adapter "${id}" is of the kind "${String(kind)}", and there are file and service`;
}

function problemOfFile({ id, render, check }: Partial<FileAdapter>): string | undefined {
  if (typeof render !== 'function') return `the adapter "${id}" cannot render`;
  if (check !== undefined && typeof check !== 'function') return `the check of the adapter "${id}" is not a function`;
  return undefined;
}

function problemOfService(service: Partial<ServiceAdapter>): string | undefined {
  const { id, connect, shape, limits, dedupe, vat, vatCodes } = service;
  if (typeof connect !== 'function') return `the adapter "${id}" cannot connect`;
  if (!Array.isArray(shape?.documents) || !(shape.maxLines > 1))
    return `the adapter "${id}" does not say what its target takes in a voucher`;
  if (!((limits?.concurrency ?? 0) >= 1 && (limits?.perSecond ?? 0) > 0))
    return `the adapter "${id}" does not say how many requests its target takes`;
  if (!['server-key', 'server-reference', 'search', 'none'].includes(dedupe?.by ?? ''))
    return `the adapter "${id}" does not say what its target does against duplicates`;
  if (vatCodes === 'not-kept' && vat !== 'explicit')
    return `the adapter "${id}" says that its target keeps no VAT codes, and leaves the VAT to it`;
  return undefined;
}

function checkedConfig(adapter: Adapter, target: Target, whereOf: (path: readonly PropertyKey[]) => string): unknown {
  return checkedBy(adapter.config, target.config ?? {}, {
    of: `the adapter "${adapter.id}"`,
    whereOf: (path) => whereOf(['config', ...path]),
  });
}
