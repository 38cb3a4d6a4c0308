import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiEntry, ApiItem, PackageApi } from './api-surface.ts';

/** The file of a package that holds its reference: made for whoever installed it, and not kept in git. */
export const referenceName = 'REFERENCE.md';

/** Which page of the surfaces is whose. */
export function pageName({ pkg }: PackageApi): string {
  return `${pkg.shortName}.md`;
}

/** Writes the reference of every package into its folder. */
export function writeReferences(apis: readonly PackageApi[]): void {
  for (const api of apis) writeFileSync(join(api.pkg.path, referenceName), referencePage(api, apis));
}

/** The reference of a package: what each name is for, and how it is declared. */
export function referencePage(api: PackageApi, apis: readonly PackageApi[]): string {
  const { manifest } = api.pkg;
  const link = linker(api, apis);
  const [main, ...others] = firstTold(api.entries);
  const parts = [
    contents(main?.items ?? []),
    ...byModule(main?.items ?? []).flatMap(([module, items]) => [
      `## ${module}`,
      ...items.map((item) => section(item, link)),
    ]),
    ...others.flatMap(({ specifier, items }) => [`## \`${specifier}\``, ...items.map((item) => section(item, link))]),
  ];
  const head = [`# ${manifest.name}: reference`, `${manifest.description ?? ''}. [What it does](README.md).`];
  return `${[...head, generated, ...parts].join('\n\n')}\n`;
}

/** The surface of a package for review: every declaration, without a word about it. */
export function surfacePage({ pkg, entries }: PackageApi): string {
  const parts = firstTold(entries, true).flatMap(({ specifier, items }) => [
    `## ${specifier}`,
    `\`\`\`ts\n${items.toSorted(byName).map(surfaceOf).join('\n\n')}\n\`\`\``,
  ]);
  return `${[`# ${pkg.manifest.name}: surface`, surfaceNote, ...parts].join('\n\n')}\n`;
}

const generated = 'Generated from the docstrings of what is published.';
const surfaceNote =
  'Every declaration that others can import, so that a change of it is seen in review. `npx -y pnpm@12 api` writes it anew.';

/** Each declaration where it can first be imported, and without the marks that make a type its own. */
function firstTold(entries: readonly ApiEntry[], withMarks = false): readonly ApiEntry[] {
  const told = new Set<string>();
  return entries.map(({ specifier, items }) => {
    const own = items.filter((item) => {
      const isMark = !item.isExported && item.kind === 'constant' && !withMarks;
      const id = `${item.module} ${titleOf(item)}`;
      const isNew = !told.has(id) && !isMark;
      told.add(id);
      return isNew;
    });
    return { specifier, items: own };
  });
}

function section(item: ApiItem, link: (name: string) => string): string {
  const note = item.isExported ? [] : ['Named by others, not exported itself.'];
  const text = item.documentation
    .replace(/^@example\s*/m, '')
    .replaceAll(/\{@link (\w+)\}/g, (_, name: string) => link(name));
  // The declaration comes before the example, where there is one.
  const [said = '', ...examples] = text.split(/(?=^```)/m);
  const declared = `\`\`\`ts\n${item.declaration}\n\`\`\``;
  return [`### ${titleOf(item)}`, ...note, said.trim(), declared, examples.join('').trim()]
    .filter((part) => part !== '')
    .join('\n\n');
}

function titleOf({ name, kind }: ApiItem): string {
  return `\`${name}\` (${kind})`;
}

function anchorOf({ name, kind }: ApiItem): string {
  return `${name.toLowerCase()}-${kind}`;
}

function contents(items: readonly ApiItem[]): string {
  return byModule(items)
    .map(
      ([module, own]) => `- **${module}**: ${own.map((item) => `[\`${item.name}\`](#${anchorOf(item)})`).join(', ')}`,
    )
    .join('\n');
}

function byModule(items: readonly ApiItem[]): readonly (readonly [string, readonly ApiItem[]])[] {
  return [...Map.groupBy(items, ({ module }) => module)];
}

/** Links a name to where it stands: on this page, on that of a package installed beside it, or nowhere. */
function linker(api: PackageApi, apis: readonly PackageApi[]): (name: string) => string {
  return (name) => {
    for (const other of [api, ...apis]) {
      const found = other.entries.flatMap(({ items }: ApiEntry) => items).find((item) => item.name === name);
      if (found !== undefined)
        return `[\`${name}\`](${other === api ? '' : `../${other.pkg.shortName}/${referenceName}`}#${anchorOf(found)})`;
    }
    return `\`${name}\``;
  };
}

function surfaceOf({ signature, isExported }: ApiItem): string {
  return isExported ? `export ${signature}` : signature;
}

function byName(a: ApiItem, b: ApiItem): number {
  const [one, other] = [`${a.name} ${a.kind}`, `${b.name} ${b.kind}`];
  return one < other ? -1 : 1;
}
