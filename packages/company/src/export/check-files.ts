import type { FileAdapter, Finding, InputFile } from '@bilag/core';
import { basename } from 'node:path';
import { contentOf, type FilePlace } from './checked-file.ts';

/** What can check files, with what it needs. */
export interface Checker {
  readonly id: string;
  readonly check: NonNullable<FileAdapter['check']>;
  readonly checkSet: FileAdapter['checkSet'];
  readonly partCode: string | undefined;
  /** The ends of the names of its files; any where there are none. */
  readonly extensions: readonly string[];
}

export interface ChosenFile {
  readonly file: string;
  readonly checker: Checker;
}

export interface CheckResults {
  /** Each file, with what is of it alone. */
  readonly files: readonly { readonly file: string; readonly findings: readonly Finding[] }[];
  /** The parts of a set that were given together, with what only shows together. */
  readonly sets: readonly { readonly files: readonly string[]; readonly findings: readonly Finding[] }[];
}

/** Checks each file, and those that turn out to be parts of a set once more, together. */
export async function checkFiles(
  chosen: readonly ChosenFile[],
  place: FilePlace,
  onFile: (file: string) => void,
): Promise<CheckResults> {
  const found = new Map<ChosenFile, readonly Finding[]>();
  for (const one of chosen) {
    onFile(one.file);
    found.set(one, await Array.fromAsync(one.checker.check(await inputOf(one, place))));
  }
  const sets: { files: readonly string[]; findings: readonly Finding[] }[] = [];
  for (const set of setsIn(chosen.filter((one) => isPart(one, found.get(one) ?? [])))) {
    const files = set.map(({ file }) => file);
    const findings: Finding[] = await Array.fromAsync(set[0]?.checker.checkSet?.(inputsOf(set, place, onFile)) ?? []);
    for (const one of set) found.set(one, ownOf(one, findings));
    const names = set.map(({ file }) => `${basename(file)}: `);
    sets.push({ files, findings: findings.filter(({ where }) => !names.some((name) => where.startsWith(name))) });
  }
  return { files: chosen.map((one) => ({ file: one.file, findings: found.get(one) ?? [] })), sets };
}

/** What was found in one file of a set, with its place in the file. */
function ownOf({ file }: ChosenFile, findings: readonly Finding[]): readonly Finding[] {
  const name = `${basename(file)}: `;
  return findings
    .filter(({ where }) => where.startsWith(name))
    .map((finding) => ({ ...finding, where: finding.where.slice(name.length) }));
}

function isPart({ checker }: ChosenFile, findings: readonly Finding[]): boolean {
  return checker.checkSet !== undefined && findings.some(({ code }) => code === checker.partCode);
}

/**
 * Parts that belong together, in their order: those of one checker whose names differ in `_n_of` alone. Parts of other
 * names are taken for one set, as they were given.
 */
function setsIn(parts: readonly ChosenFile[]): readonly (readonly ChosenFile[])[] {
  const byName = Map.groupBy(parts, ({ file, checker }) => `${checker.id} ${stemOf(file)}`);
  const named = [...byName.values()].filter((set) => set.length > 1);
  const others = [...byName.values()].filter((set) => set.length === 1).flat();
  const byChecker = [...Map.groupBy(others, ({ checker }) => checker.id).values()].filter((set) => set.length > 1);
  return [...named.map((set) => set.toSorted((a, b) => positionOf(a.file) - positionOf(b.file))), ...byChecker];
}

const numbered = /_(\d{1,6})_\d{1,6}(?=\.\w+$)/;

function stemOf(file: string): string {
  return file.replace(numbered, '');
}

function positionOf(file: string): number {
  return Number(numbered.exec(file)?.[1] ?? 0);
}

async function inputOf({ file }: ChosenFile, place: FilePlace): Promise<InputFile> {
  return { name: basename(file), content: await contentOf(file, place) };
}

async function* inputsOf(
  set: readonly ChosenFile[],
  place: FilePlace,
  onFile: (file: string) => void,
): AsyncGenerator<InputFile, void, undefined> {
  for (const one of set) {
    onFile(one.file);
    yield await inputOf(one, place);
  }
}
