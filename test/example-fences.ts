import { join } from 'node:path';
import { filesUnder, readText, shown, workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

/** A fenced example of the documentation: a module of its own. */
export interface ExampleFence {
  /** Where it is written, such as `packages/core/src/money/amount.ts:16`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

/** Every fence of docstrings, READMEs and pages in one of these languages. */
export function exampleFences(...languages: readonly string[]): ExampleFence[] {
  const sources = workspacePackages.flatMap(({ path }) => filesUnder(join(path, 'src'), '.ts'));
  const readmes = workspacePackages.flatMap(({ path }) => filesUnder(path, 'README.md'));
  const docs = filesUnder(join(repositoryRoot, 'docs'), '.md');
  // The surfaces are declarations alone.
  const written = docs.filter((file) => !file.startsWith(join(repositoryRoot, 'docs/api/')));
  const pages = [...written, join(repositoryRoot, 'CONTRIBUTING.md')];
  const files = [...sources, ...readmes, ...pages, join(repositoryRoot, 'README.md')];
  return files.flatMap(fencesOf).filter(({ language }) => languages.includes(language));
}

/** The fences of a file; in a source file those of its docstrings. */
export function fencesOf(file: string): ExampleFence[] {
  const prefix = file.endsWith('.md') ? /^/ : /^\s*\* ?/;
  const fences: ExampleFence[] = [];
  let open: { readonly line: number; readonly language: string; readonly code: string[] } | undefined;
  for (const [index, written] of readText(file).split('\n').entries()) {
    const line = prefix.test(written) ? written.replace(prefix, '') : undefined;
    const fence = line === undefined ? null : /^```(\S*)\s*$/.exec(line);
    if (open === undefined) {
      if (fence !== null) open = { line: index + 1, language: fence[1] ?? '', code: [] };
    } else if (fence === null) {
      open.code.push(line ?? written);
    } else {
      fences.push({ place: `${shown(file)}:${open.line}`, language: open.language, code: open.code.join('\n') });
      open = undefined;
    }
  }
  return fences;
}

/**
 * The module that proves a fence: every `expression; // => value` becomes a call of `assertSame`, and a declaration with
 * such a comment is followed by one.
 */
export function provingModule({ place, code }: ExampleFence): string {
  const lines = code.split('\n');
  for (const [index, line] of lines.entries()) {
    const claim = /^(\s*)(.*);\s*\/\/ => (.+)$/.exec(line);
    if (claim === null) continue;
    const [, indent = '', end = '', value = ''] = claim;
    const declared = /^(?:const|let) (\w+)(?::[^=]+)? = /.exec(end)?.[1];
    const named = JSON.stringify(`${place}, line ${index + 1}`);
    if (declared !== undefined) {
      lines[index] = `${indent}${end}; assertSame(${declared}, ${value}, ${named});`;
      continue;
    }
    const start = startOfStatement(lines, index);
    lines[index] = `${indent}${end}\n), (${value}), ${named});`;
    lines[start] = `assertSame((${lines[start] ?? ''}`;
  }
  return `import { assertSame } from './assert-same.ts';\n${lines.join('\n')}\nexport {};\n`;
}

/** The line a statement begins on: one that continues another starts with a closing bracket or a point. */
function startOfStatement(lines: readonly string[], end: number): number {
  const own = indentOf(lines[end] ?? '');
  let start = end;
  while (start > 0) {
    const line = lines[start] ?? '';
    const continues = /^\s*[.)\]}?:]/.test(line) || indentOf(line) > own;
    const isChained = /^\s+[.?]/.test(lines[end] ?? '') && indentOf(line) >= own;
    if (!continues && !isChained) break;
    start--;
  }
  return start;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
