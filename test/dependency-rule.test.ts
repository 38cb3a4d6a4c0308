import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  codeOf,
  filesUnder,
  importsOf,
  loadedBefore,
  packageOf,
  publishedPackages,
  readText,
  shown,
  workspacePackages,
  type WorkspacePackage,
} from './repository.ts';

/** Who may know whom (docs/architecture.md). Sources, adapters and simulators are rooms: each may know few. */
const mayKnow: Readonly<Record<string, readonly string[]>> = {
  '@bilag/core': [],
  '@bilag/http': ['@bilag/core'],
  '@bilag/engine': ['@bilag/core'],
  '@bilag/bank': ['@bilag/core'],
  '@bilag/company': ['@bilag/core', '@bilag/http', '@bilag/engine', '@bilag/bank'],
  '@bilag/office': ['@bilag/core', '@bilag/http', '@bilag/engine', '@bilag/company'],
  '@bilag/postgres': ['@bilag/core', '@bilag/engine', '@bilag/company', '@bilag/office'],
  '@bilag/web': ['@bilag/core', '@bilag/http', '@bilag/engine', '@bilag/bank', '@bilag/company', '@bilag/office'],
  '@bilag/fault-server': [],
  '@bilag/conformance': ['@bilag/core', '@bilag/fault-server'],
  '@bilag/create-adapter': ['@bilag/core'],
};
const adapters = workspacePackages.filter(({ room }) => room === 'adapters');
const adapterNames = adapters.map(({ manifest }) => manifest.name);

describe('the dependency rule', () => {
  test.for(publishedPackages)('$manifest.name knows only what it may know', (pkg) => {
    const allowed = allowedFor(pkg);
    const known = [...ownDependencies(pkg), ...importedBy(pkg, 'src')].filter((name) => name.startsWith('@bilag/'));
    expect(known.filter((name) => !allowed.includes(name) && name !== pkg.manifest.name)).toEqual([]);
  });

  test('core depends on zod and date-fns (in UTC) at most, and asks of Node nothing but digests', () => {
    const core = packageNamed('@bilag/core');
    const known = [...ownDependencies(core), ...importedBy(core, 'src')];
    expect(known.filter((name) => !['zod', 'date-fns', '@date-fns/utc', 'node:crypto'].includes(name))).toEqual([]);
    expect(Object.keys(core.manifest.devDependencies ?? {}).filter((name) => name.startsWith('@bilag/'))).toEqual([]);
  });

  test('only cli, examples and tests know an adapter', () => {
    const others = publishedPackages.filter(({ manifest }) => manifest.name !== '@bilag/cli');
    const known = others.flatMap((pkg) => importedBy(pkg, 'src').filter((name) => name !== pkg.manifest.name));
    expect(known.filter((name) => adapterNames.includes(name))).toEqual([]);
  });

  test.for(workspacePackages)('$manifest.name imports what it declares, and declares what it imports', (pkg) => {
    const peers = Object.keys(pkg.manifest.peerDependencies ?? {});
    const declared = [...ownDependencies(pkg), ...peers];
    const forTests = Object.keys(pkg.manifest.devDependencies ?? {}).filter((name) => !peers.includes(name));
    const ownName = pkg.manifest.name;
    const inSource = importedBy(pkg, 'src').filter((name) => !name.startsWith('node:') && name !== ownName);
    const elsewhere = [...importedBy(pkg, 'test'), ...importedBy(pkg, 'bench')].filter((name) => {
      return !name.startsWith('node:') && name !== ownName && name !== 'vitest';
    });
    const isTyped = (name: string): boolean =>
      name.startsWith('@types/') && inSource.includes(name.slice('@types/'.length));
    expect({
      undeclared: inSource.filter((name) => !declared.includes(name)),
      undeclaredInTests: elsewhere.filter((name) => ![...declared, ...forTests].includes(name)),
      unused: declared.filter((name) => !inSource.includes(name) && !isNamedIn(pkg, name)),
      unusedInTests: forTests.filter((name) => !isTyped(name) && !elsewhere.includes(name.replace(/^@types\//, ''))),
    }).toEqual({ undeclared: [], undeclaredInTests: [], unused: [], unusedInTests: [] });
  });

  test('no package comes back to itself, not even through what its tests use', () => {
    expect(workspacePackages.flatMap((pkg) => cyclesFrom(pkg.manifest.name))).toEqual([]);
  });

  test.for(workspacePackages)('$manifest.name has no file or folder that needs what needs it', (pkg) => {
    const isIn = (file: string): string => file.slice(join(pkg.path, 'src/').length);
    expect({
      files: circlesIn(needsOf(pkg, isIn)),
      folders: circlesIn(needsOf(pkg, (file) => isIn(file).split('/')[0] ?? '')),
    }).toEqual({ files: [], folders: [] });
  });

  test('no package reaches into the folder of another', () => {
    const reaching = workspacePackages.flatMap((pkg) =>
      filesUnder(join(pkg.path, 'src'), '.ts').flatMap((file) =>
        importsOf(readText(file))
          .filter((specifier) => specifier.startsWith('.') && !join(file, '..', specifier).startsWith(pkg.path))
          .map((specifier) => `${shown(file)} imports ${specifier}`),
      ),
    );
    expect(reaching).toEqual([]);
  });
});

describe('the middle is pure', () => {
  const outsideWorld: readonly (readonly [string, RegExp])[] = [
    ['a module that does I/O', /'node:(?!crypto'|util'|buffer'|events'|stream'|string_decoder')[^']+'/],
    ['the environment or the process', /\bprocess\s*[.[]/],
    ['the clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\)|\bperformance\.|\bTemporal\.Now\b/],
    ['chance', /\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b/],
    ['a timer', /\bset(?:Timeout|Interval|Immediate)\(/],
    ['the network', /\bfetch\(|\bnew WebSocket\b/],
  ];
  const pure = [packageNamed('@bilag/core'), ...adapters.filter(isFileAdapter)];

  test.for(pure)('$manifest.name takes nothing from outside its arguments', (pkg) => {
    const taken = filesUnder(join(pkg.path, 'src'), '.ts').flatMap((file) =>
      codeOf(readText(file))
        .split('\n')
        .flatMap((line, index) =>
          outsideWorld
            .filter(([, pattern]) => pattern.test(line))
            .map(([what]) => `${shown(file)}:${index + 1} takes ${what}`),
        ),
    );
    expect(taken).toEqual([]);
  });

  test('core names no provider', () => {
    const providers = /vipps|mobilepay|klarna|stripe|swish/i;
    const naming = filesUnder(join(packageNamed('@bilag/core').path, 'src'), '.ts').filter((file) =>
      codeOf(readText(file)).match(providers),
    );
    expect(naming.map(shown)).toEqual([]);
  });

  test('no code asks which adapter it holds', () => {
    const ids = adapters.map(({ folder }) => folder).join('|');
    const literal = `['"\`](?:${ids})['"\`]`;
    // `journal` is also the name of a kind of document, which vouchers do ask for.
    const compared = new RegExp(
      `(?<!document(?:Kind)?\\s*)[!=]==?\\s*${literal}|${literal}\\s*[!=]==?|\\bcase ${literal}`,
    );
    const asking = workspacePackages.flatMap((pkg) =>
      filesUnder(join(pkg.path, 'src'), '.ts').flatMap((file) =>
        codeOf(readText(file))
          .split('\n')
          .flatMap((line, index) => (compared.test(line) ? [`${shown(file)}:${index + 1} ${line.trim()}`] : [])),
      ),
    );
    expect(asking).toEqual([]);
  });
});

describe('the shape of a package', () => {
  test.for(publishedPackages)('$manifest.name is published like every other', ({ path, manifest, folder, room }) => {
    expect(manifest.name).toBe(room === 'simulators' ? `@bilag/simulator-${folder}` : `@bilag/${folder}`);
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=22.19' },
      files: expect.arrayContaining(['dist', 'README.md', 'LICENSE']) as string[],
    });
    expect(manifest.description).toMatch(/^\S.{20,}[^.]$/);
    expect(manifest.keywords).toEqual(
      expect.arrayContaining(room === 'adapters' ? ['bilag', 'bilag-adapter'] : ['bilag']),
    );
    expect(manifest.scripts?.['build']).toBe('tsc -p tsconfig.build.json && node ../../scripts/bundle-dist.ts');
    expect(existsSync(join(path, 'LICENSE'))).toBe(true);
  });

  test.for(publishedPackages)('$manifest.name is found by its sources here, by its build elsewhere', ({ manifest }) => {
    const { exports = {}, publishConfig = {} } = manifest;
    expect(Object.entries(exports['.'] ?? {})).toEqual([
      ['@bilag/source', './src/index.ts'],
      ['types', './dist/index.d.ts'],
      ['default', './dist/index.js'],
    ]);
    // The condition is dropped when the package is packed: the sources are not among its files.
    expect(publishConfig.exports).toEqual(JSON.parse(JSON.stringify(exports, withoutSources)));
    expect(publishConfig.access).toBe('public');
  });

  test.for(publishedPackages)('$manifest.name tells its own version, where it tells one', ({ path, manifest }) => {
    const file = join(path, 'src/version.ts');
    const told = existsSync(file) ? /^export const version = '(.*)';$/m.exec(readText(file))?.[1] : manifest.version;
    expect(told).toBe(manifest.version);
  });

  test.for(publishedPackages)('$manifest.name has a README with the fixed headings', ({ path, manifest }) => {
    const text = readText(join(path, 'README.md'));
    const headings = text.replaceAll(/^```[\s\S]*?^```/gm, '').match(/^##? .*$/gm) ?? [];
    expect(headings).toEqual([`# ${manifest.name}`, '## Use', '## What it does', '## Limits', '## Licence']);
  });

  test.for(workspacePackages)('$manifest.name names its files in kebab-case and has no default export', ({ path }) => {
    const files = ['src', 'test', 'bench'].flatMap((folder) => filesUnder(join(path, folder), '.ts'));
    const misnamed = files.filter(
      (file) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/.test(file.split('/').at(-1) ?? ''),
    );
    const withDefault = filesUnder(join(path, 'src'), '.ts').filter((file) =>
      /^export (?:default\b|\{[^}]*\bas default\b)/m.test(codeOf(readText(file))),
    );
    expect({ misnamed: misnamed.map(shown), withDefault: withDefault.map(shown) }).toEqual({
      misnamed: [],
      withDefault: [],
    });
  });
});

describe('the shape of an adapter', () => {
  test.for(adapters)('$manifest.name exports one declaration, under the name of its folder', async (pkg) => {
    const exported = (await import(join(pkg.path, 'src/index.ts'))) as Readonly<Record<string, unknown>>;
    const declared = Object.values(exported).filter(isDeclaration);
    expect(declared.map(({ contract, id }) => ({ contract, id }))).toEqual([{ contract: 1, id: pkg.folder }]);
    expect(declared[0]?.config).toHaveProperty(['~standard', 'validate']);
  });

  test.for(adapters)('$manifest.name has the files of its kind', (pkg) => {
    const required = isFileAdapter(pkg)
      ? ['index.ts', 'config.ts']
      : ['index.ts', 'config.ts', 'replies.ts', `to-${pkg.folder}.ts`, 'errors.ts', 'service.ts', 'client.ts'];
    const files = filesUnder(join(pkg.path, 'src'), '.ts').map((file) => file.slice(join(pkg.path, 'src/').length));
    expect(files).toEqual(expect.arrayContaining(required));
  });

  test.for(adapters)('$manifest.name does I/O, if at all, in client.ts alone', (pkg) => {
    const doing = filesUnder(join(pkg.path, 'src'), '.ts').filter(
      (file) => !file.endsWith('/client.ts') && doesTransport(readText(file)),
    );
    expect(doing.map(shown)).toEqual([]);
  });
});

interface Declaration {
  readonly contract: number;
  readonly id: string;
  readonly config: unknown;
}

function isDeclaration(value: unknown): value is Declaration {
  return typeof value === 'object' && value !== null && 'contract' in value && 'kind' in value && 'id' in value;
}

/** A file adapter has no client: it hands files over and talks to nobody. */
function isFileAdapter({ path }: WorkspacePackage): boolean {
  return !existsSync(join(path, 'src/client.ts'));
}

/** The toolkit's schemas, forms and addresses are pure; who makes a client of it sends. */
function doesTransport(source: string): boolean {
  return importsOf(source).some((name) => isTransport(name)) || /\bcreate(?:Http|Service)Client\b/.test(codeOf(source));
}

function isTransport(specifier: string): boolean {
  return specifier === 'undici' || /^node:(?:fs|http|https|net|tls)\b/.test(specifier);
}

function withoutSources(condition: string, value: unknown): unknown {
  return condition === '@bilag/source' ? undefined : value;
}

function allowedFor({ room, manifest }: WorkspacePackage): readonly string[] {
  if (room === 'adapters' || room === 'sources') return ['@bilag/core', '@bilag/http'];
  if (room === 'simulators') return ['@bilag/core', '@bilag/http', '@bilag/fault-server'];
  return mayKnow[manifest.name] ?? workspacePackages.map((pkg) => pkg.manifest.name);
}

function ownDependencies({ manifest }: WorkspacePackage): string[] {
  return Object.keys(manifest.dependencies ?? {});
}

function importedBy({ path }: WorkspacePackage, folder: string): string[] {
  const specifiers = filesUnder(join(path, folder), '.ts').flatMap((file) => importsOf(readText(file)));
  return [...new Set(specifiers.flatMap((specifier) => packageOf(specifier) ?? []))].toSorted();
}

/** A package that a config names is loaded by its name, so the source has it as text. */
function isNamedIn({ path }: WorkspacePackage, name: string): boolean {
  return filesUnder(join(path, 'src'), '.ts').some((file) => codeOf(readText(file)).includes(`'${name}'`));
}

function packageNamed(name: string): WorkspacePackage {
  const found = workspacePackages.find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`there is no package ${name}`);
  return found;
}

/** What has to be loaded before what: the files of a package, or the folders they lie in. */
function needsOf(pkg: WorkspacePackage, placeOf: (file: string) => string): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>();
  for (const file of filesUnder(join(pkg.path, 'src'), '.ts')) {
    const own = needs.get(placeOf(file)) ?? new Set();
    needs.set(placeOf(file), own);
    for (const specifier of loadedBefore(readText(file)).filter((name) => name.startsWith('.'))) {
      const needed = placeOf(join(file, '..', specifier));
      if (needed !== placeOf(file)) own.add(needed);
    }
  }
  return needs;
}

function circlesIn(needs: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const walk = (place: string, path: readonly string[]): string[] => {
    if (path.includes(place)) return [[...path.slice(path.indexOf(place)), place].join(' → ')];
    if (done.has(place)) return [];
    const found = [...(needs.get(place) ?? [])].flatMap((next) => walk(next, [...path, place]));
    done.add(place);
    return found;
  };
  return [...needs.keys()].flatMap((place) => walk(place, []));
}

function cyclesFrom(start: string): string[] {
  const walk = (name: string, path: readonly string[]): string[] => {
    const pkg = workspacePackages.find(({ manifest }) => manifest.name === name);
    const next = Object.keys({ ...pkg?.manifest.dependencies, ...pkg?.manifest.devDependencies });
    return next.flatMap((dependency) => {
      if (dependency === start) return [[...path, name, start].join(' → ')];
      return path.includes(dependency) || dependency === name ? [] : walk(dependency, [...path, name]);
    });
  };
  return walk(start, []);
}
