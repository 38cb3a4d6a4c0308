import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesUnder, publishedPackages, readText, rootManifest, shown, workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

const pages = [
  ...['README.md', 'CONTRIBUTING.md', '.ci/run'].map((name) => join(repositoryRoot, name)),
  ...filesUnder(join(repositoryRoot, 'docs'), '.md'),
  ...workspacePackages.flatMap(({ path }) => filesUnder(path, 'README.md')),
];

describe('what the pages tell to run can be run', () => {
  test.for(pages.map((path) => ({ path, name: shown(path) })))('the commands of $name', ({ path }) => {
    const commands = [...readText(path).matchAll(/\bpnpm@12 (?:--dir (\S+) )?([a-z][\w:-]*)/g)].map(
      ([, dir, script]) => {
        const scripts = dir === undefined ? rootManifest.scripts : folder(dir)?.manifest.scripts;
        return { script, exists: script === 'install' || (script !== undefined && script in (scripts ?? {})) };
      },
    );
    expect(commands.filter(({ exists }) => !exists)).toEqual([]);
  });

  test.for(pages.map((path) => ({ path, name: shown(path) })))(
    'nothing in $name is fetched from a registry that does not have it',
    ({ path }) => {
      // The front page alone says what will change once the packages are there.
      const text = readText(path).replace(/^Once they are published, `npm install @bilag.*$/m, '');
      expect(
        text.match(/^.*(?:npx|npm (?:install|i|add|create|init)|pnpm (?:add|dlx))\b[^`\n]*@bilag\/.*$/gm),
      ).toBeNull();
    },
  );

  test('the two commands of the README are there', () => {
    const readme = readText(join(repositoryRoot, 'README.md'));
    expect(readme).toContain('npx -y pnpm@12 demo');
    expect(readme).toContain('npx -y pnpm@12 test');
    expect(readText(join(repositoryRoot, '.ci/run'))).toContain('npx -y pnpm@12 test');
  });
});

test('each package that has tests lets them be run alone', () => {
  const tested = workspacePackages.filter(({ path }) => existsSync(join(path, 'test')));
  const scripts = tested.map(({ manifest }) => manifest.scripts?.['test:unit']);
  expect(scripts).toEqual(tested.map(({ path }) => `vitest run --root ../.. ${shown(path)}/`));
});

describe('the README knows the packages', () => {
  test('each one that is published, by a link to its folder', () => {
    const readme = readText(join(repositoryRoot, 'README.md'));
    const unknown = publishedPackages.filter(
      ({ room, folder: name, manifest }) => !readme.includes(`[\`${manifest.name}\`](${room}/${name})`),
    );
    expect(unknown.map(({ manifest }) => manifest.name)).toEqual([]);
  });

  test('every adapter is in the table of targets, and nothing else', () => {
    const readme = readText(join(repositoryRoot, 'README.md'));
    const targets = readme.slice(readme.indexOf('## Targets'), readme.indexOf('## In a program'));
    const adapters = workspacePackages.filter(({ room }) => room === 'adapters');
    for (const { manifest } of adapters) expect(targets).toContain(`\`${manifest.name}\``);
    expect(targets.match(/^\| (?!Target)[A-Za-z]/gm)).toHaveLength(adapters.length);
  });
});

describe('an installation of a clone', () => {
  const yaml = (name: string): unknown => parse(readText(join(repositoryRoot, name)));
  const nodes = Object.entries(rootManifest.optionalDependencies ?? {});

  test('brings the Node of its own system alone', () => {
    const { packages } = yaml('pnpm-lock.yaml') as { packages: Record<string, { os?: string[]; cpu?: string[] }> };
    // Where nothing is written, pnpm reads system and processor off these names.
    const isRead = /-(?:linux|darwin)-(?:x64|arm64)$/;
    const unnamed = nodes.filter(([name, version]) => {
      const { os, cpu } = packages[`${name}@${version}`] ?? {};
      return !isRead.test(name) && (os === undefined || cpu === undefined);
    });
    expect(nodes.length).toBeGreaterThan(3);
    expect(unnamed).toEqual([]);
  });

  test('holds the packages against that Node, not against the one that pnpm runs on', () => {
    const { nodeVersion } = yaml('pnpm-workspace.yaml') as { nodeVersion: string };
    expect(nodes.map(([, version]) => version)).toContain(nodeVersion);
  });
});

function folder(path: string): (typeof workspacePackages)[number] | undefined {
  return workspacePackages.find(({ room, folder: name }) => `${room}/${name}` === path);
}
