import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import {
  BilagError,
  chartPresets,
  definePolicy,
  markets,
  type ErrorKind,
  type PolicyInput,
} from '../packages/core/src/index.ts';
import { accountRoles } from '../packages/core/src/policy/chart.ts';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../packages/cli/src/program/exit-code-of.ts';
import { fencesOf } from './example-fences.ts';
import { filesUnder, readText, shown, workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

describe('docs/policy.md says what the policy is', () => {
  const path = join(repositoryRoot, 'docs/policy.md');
  const page = readText(path);
  const rows = new Map(
    [...page.matchAll(/^\| `(\w+)` \| (.+?) \| /gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const smallest = definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] });
  const [version] = smallest.versions;
  const fields = { ...smallest, lockedThrough: undefined, supplier: undefined, ...version, ...version.sales };

  test('every field is there', () => {
    expect(Object.keys(fields).filter((name) => !rows.has(name))).toEqual([]);
  });

  test('every default it states is the default', () => {
    const stated = [...rows].filter(([name, value]) => name in fields && value.startsWith('`'));
    expect(stated.length).toBeGreaterThan(10);
    for (const [name, value] of stated) {
      expect({ [name]: fields[name as keyof typeof fields] }).toEqual({ [name]: JSON.parse(value.slice(1, -1)) });
    }
  });

  test('the presets are those of the code', () => {
    const roles = accountRoles.map((role) => [role, ...markets.map((market) => chartPresets[market].accounts[role])]);
    const told = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)];
    expect(told.map((match) => match.slice(1))).toEqual(roles);
    const treatments = page.slice(page.indexOf('VAT treatments of the presets'));
    for (const market of markets) {
      const names = new RegExp(`\\b${market} ((?:\`[\\w.]+\`,?\\s*)+)`).exec(treatments)?.[1] ?? '';
      expect([...names.matchAll(/`([\w.]+)`/g)].map((match) => match[1] ?? '').toSorted()).toEqual(
        Object.keys(chartPresets[market].vat).toSorted(),
      );
    }
  });

  test('the JSON example is a policy, with every field of one', () => {
    const [example] = fencesOf(path).filter(({ language }) => language === 'json');
    const written = JSON.parse(example?.code ?? '') as PolicyInput;
    const policy = definePolicy(written);
    expect(Object.keys(written).toSorted()).toEqual(Object.keys(policy).toSorted());
    expect(policy.versions.map(({ lines }) => lines)).toEqual(['entry', 'summary']);
    expect(policy.versions[0].salesUnits['api:123456']?.sale).toBe('15');
  });
});

describe('docs/architecture.md says what the code does', () => {
  const page = readText(join(repositoryRoot, 'docs/architecture.md'));

  test('every kind of error is there, with its exit code', () => {
    const errors = readText(join(repositoryRoot, 'packages/core/src/errors.ts'));
    const union = /export type ErrorKind =([^;]+);/.exec(errors)?.[1] ?? '';
    const kinds = [...union.matchAll(/'([a-z-]+)'/g)].map((match) => match[1] as ErrorKind);
    const told = [...page.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| (\d) \|$/gm)].map(([, kind, code]) => [
      kind,
      Number(code),
    ]);
    const parts = { what: '', where: '', action: '' };
    expect(told).toEqual(kinds.map((kind) => [kind, exitCodeOf(new BilagError(kind, parts))]));
  });

  test('every package has its room', () => {
    const rooms = [...page.matchAll(/^\| \[?`(packages\/[a-z-]+)`/gm)].map((match) => match[1]);
    const packages = workspacePackages
      .filter(({ room }) => room === 'packages')
      .map(({ folder }) => `packages/${folder}`);
    expect(rooms.toSorted()).toEqual(packages.toSorted());
  });

  test('every folder of a package or a source is on the map', () => {
    const rooms = workspacePackages.filter(
      ({ room, manifest }) => /^(packages|sources)$/.test(room) && !manifest.private,
    );
    const folders = new Set(
      rooms.flatMap(({ path }) => {
        const files = filesUnder(join(path, 'src'), '.ts').map((file) => relative(join(path, 'src'), file).split('/'));
        return files.flatMap(([folder = '', ...rest]) => (rest.length === 0 ? [] : [shown(join(path, 'src', folder))]));
      }),
    );
    expect(folders.size).toBeGreaterThan(50);
    expect([...folders].filter((folder) => !page.includes(`(../${folder})`))).toEqual([]);
  });
});

describe('the pages lead somewhere', () => {
  const pages = [
    ...['README.md', 'CONTRIBUTING.md'].map((name) => join(repositoryRoot, name)),
    ...filesUnder(join(repositoryRoot, 'docs'), '.md'),
    ...workspacePackages.flatMap(({ path }) => filesUnder(path, 'README.md')),
  ];

  test.for(pages.map((path) => ({ path, name: shown(path) })))('every link of $name', ({ path }) => {
    const links = [...readText(path).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(links.filter((link) => !existsSync(resolve(dirname(path), link)))).toEqual([]);
  });

  test.for(pages.map((path) => ({ path, name: shown(path) })))('every file that $name names', ({ path }) => {
    const named = [...readText(path).matchAll(/`((?:packages|adapters|examples|test|docs)\/[\w./-]*\w\/?)`/g)];
    // A package's own README names its own files too.
    const places = [repositoryRoot, dirname(path)];
    const missing = named
      .map((match) => match[1] ?? '')
      .filter((name) => !places.some((place) => existsSync(join(place, name))));
    expect(missing.filter((name) => !/\/(?:out|dist)/.test(name))).toEqual([]);
  });
});
