import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, filesUnder, readText, shown, workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

const longestFile = 400;
const longestFunction = 70;
/** About ten, and never more than can be taken in at a glance. */
const fullestFolder = 13;

const packageFiles = workspacePackages.flatMap(({ path }) => filesUnder(path, '.ts'));
const sourceFiles = packageFiles.filter((file) => file.includes('/src/'));
const everyFile = [...packageFiles, ...filesUnder(join(repositoryRoot, 'test'), '.ts')];

describe('the code is tidy', () => {
  test(`a source file is one idea: at most ${longestFile} lines`, () => {
    const long = sourceFiles.flatMap((file) => {
      const lines = readText(file).split('\n').length - 1;
      return lines > longestFile ? [`${shown(file)} has ${lines} lines`] : [];
    });
    expect(long).toEqual([]);
  });

  test(`a function fits on a screen: at most ${longestFunction} lines`, () => {
    expect(sourceFiles.flatMap(longFunctions)).toEqual([]);
  });

  test(`a folder is taken in at a glance: at most ${fullestFolder} files`, () => {
    const folders = Map.groupBy(sourceFiles, (file) => dirname(file));
    const full = [...folders].filter(([, files]) => files.length > fullestFolder);
    expect(full.map(([folder, files]) => `${shown(folder)} has ${files.length} files`)).toEqual([]);
  });

  test('what is left to do is not written in the code', () => {
    expect(
      placesOf(everyFile, new RegExp(['TODO', 'FIXME', 'XXX', 'HACK'].map((word) => `\\b${word}\\b`).join('|'))),
    ).toEqual([]);
  });

  test('no test is alone, and none is skipped for good', () => {
    const tests = everyFile.filter((file) => file.endsWith('.test.ts'));
    expect(placesOf(tests, /\b(?:test|it|describe)\.(?:only|skip|todo)\(/)).toEqual([]);
  });

  test('a library prints nothing', () => {
    const libraries = sourceFiles.filter(
      (file) => !/\/(?:packages\/cli|packages\/create-adapter|examples)\//.test(file),
    );
    expect(placesOf(libraries.map(withoutComments), /\bconsole\.|\bprocess\.std(?:out|err)\b/)).toEqual([]);
  });

  test('nothing outside the repository is named but ../shared', () => {
    const outside = everyFile.flatMap((file) =>
      [...readText(file).matchAll(/['"`]((?:\.\.\/)+[^'"`$]*)/g)]
        .map((match) => match[1] ?? '')
        .filter((path) => !isKnownPlace(resolve(dirname(file), path)))
        .map((path) => `${shown(file)} names ${path}`),
    );
    expect(outside).toEqual([]);
    const pages = [...filesUnder(repositoryRoot, '.md'), ...filesUnder(repositoryRoot, '.json')];
    expect(placesOf([...everyFile, ...pages], /['"`(\s]\/(?:work|home|Users|root)\//)).toEqual([]);
  });

  test('tests lie side by side in their package', () => {
    const nested = everyFile.filter((file) => file.endsWith('.test.ts') && basename(dirname(file)) !== 'test');
    expect(nested.map(shown)).toEqual([]);
  });
});

interface SourceText {
  readonly file: string;
  readonly text: string;
}

function withoutComments(file: string): SourceText {
  return { file, text: codeOf(readText(file)) };
}

function placesOf(files: readonly (string | SourceText)[], pattern: RegExp): string[] {
  return files
    .map((file) => (typeof file === 'string' ? { file, text: readText(file) } : file))
    .filter(({ file }) => basename(file) !== 'tidy.test.ts')
    .flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${shown(file)}:${index + 1} ${line.trim()}`] : [])),
    );
}

function isKnownPlace(path: string): boolean {
  const shared = resolve(repositoryRoot, '../shared');
  return `${path}/`.startsWith(resolve(repositoryRoot) + '/') || `${path}/`.startsWith(`${shared}/`);
}

/** Functions of a file that are too long, not counting the functions inside them. */
function longFunctions(file: string): string[] {
  const lines = readText(file).split('\n');
  const spans = lines.flatMap((_, index) => functionFrom(lines, index));
  return spans.flatMap(({ start, end }) => {
    const inside = spans.filter((other) => other.start > start && other.end < end);
    const own = lines.filter(
      (_, at) => at >= start && at <= end && !inside.some((it) => at >= it.start && at <= it.end),
    );
    return own.length > longestFunction ? [`${shown(file)}:${start + 1} has ${own.length} lines`] : [];
  });
}

const head =
  /^(\s*)(?:(?:export|async|static|override|get|set|private) )*(?:function\b|[*#]?\w+(?:<.*>)?\(|(?:const|let) \w+.*=> )/;
const statement = /^\s*(?:if|for|while|switch|return|await|catch|super|throw|yield)\b/;

/** The formatter puts the closing brace of a function, and the bracket of its parameters, below its first letter. */
function functionFrom(lines: readonly string[], start: number): { start: number; end: number }[] {
  const line = lines[start] ?? '';
  const indent = head.exec(line)?.[1];
  if (indent === undefined || statement.test(line)) return [];
  const below = (bracket: string, after: number): number =>
    lines.findIndex((other, at) => at > after && other.startsWith(indent + bracket));
  const opening = line.endsWith('(') ? below(')', start) : start;
  if (lines[opening]?.endsWith('{') !== true) return [];
  return [{ start, end: below('}', opening) }];
}
