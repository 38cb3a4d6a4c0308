import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { pageName, referenceName, referencePage, surfacePage } from './api-pages.ts';
import { readApis, type PackageApi } from './api-surface.ts';
import { buildPackages } from './packed-packages.ts';
import { filesUnder, publishedPackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

const folder = join(repositoryRoot, 'docs/api/surface');
let apis: readonly PackageApi[] = [];

beforeAll(async () => {
  await buildPackages();
  apis = readApis();
}, 240_000);

// Where one of these fails, `npx -y pnpm@12 api` writes the pages anew: look at what changed.
describe('the surfaces say what the packages export', () => {
  test.for(publishedPackages)('$manifest.name: the surface', async ({ manifest }) => {
    const api = apiOf(manifest.name);
    await expect(surfacePage(api)).toMatchFileSnapshot(join(folder, pageName(api)));
  });

  test('there is no page of a package that is gone', () => {
    const known = publishedPackages.map((pkg) => `${pkg.shortName}.md`);
    const pages = filesUnder(folder, '.md').map((path) => basename(path));
    expect(pages.filter((page) => !known.includes(page))).toEqual([]);
  });
});

describe('the reference can be read', () => {
  test('every link in it leads to a heading', () => {
    const pages = apis.map((api) => ({
      name: `../${api.pkg.shortName}/${referenceName}`,
      text: referencePage(api, apis),
    }));
    const places = new Set(pages.flatMap(({ name, text }) => headingsOf(text).map((heading) => `${name}#${heading}`)));
    const links = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\(([\w./-]+\.md)?#([^)]+)\)/g)].map(([, page = name, anchor = '']) => `${page}#${anchor}`),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((link) => !places.has(link))).toEqual([]);
  });

  test('each function has a docstring', () => {
    const silent = apis.flatMap(({ entries }) =>
      entries.flatMap(({ specifier, items }) =>
        items
          .filter(({ kind, documentation, isExported }) => isExported && kind === 'function' && documentation === '')
          .map(({ name }) => `${specifier} ${name}`),
      ),
    );
    expect(silent).toEqual([]);
  });
});

function apiOf(name: string): PackageApi {
  const found = apis.find(({ pkg }) => pkg.manifest.name === name);
  if (found === undefined) throw new Error(`${name} has no reference`);
  return found;
}

/** As they are linked to: what is not a letter, a digit, a blank or a dash is left out. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}
