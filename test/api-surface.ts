import ts from '@typescript/typescript6';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { publishedPackages, type WorkspacePackage } from './repository.ts';
import { repositoryRoot } from './support.ts';

/** What one entry of a package lets others import, as its built declarations say. */
export interface ApiEntry {
  /** As it is imported, such as `@bilag/core`. */
  readonly specifier: string;
  readonly items: readonly ApiItem[];
}

/** One name, with every declaration of it: a function with its overloads, or a type and the values of its name apart. */
export interface ApiItem {
  readonly name: string;
  readonly kind: 'function' | 'class' | 'interface' | 'type' | 'constant';
  /** False where it is only named by something that is exported. */
  readonly isExported: boolean;
  /** The source it is declared in, without folder and ending. */
  readonly module: string;
  /** What the docstring says, without its stars. */
  readonly documentation: string;
  /** As declared, docstrings of members included. */
  readonly declaration: string;
  /** As declared, without a comment. */
  readonly signature: string;
}

/** A package and its entries. */
export interface PackageApi {
  readonly pkg: WorkspacePackage;
  readonly entries: readonly ApiEntry[];
}

/** Reads the built declarations of every published package. */
export function readApis(): readonly PackageApi[] {
  const entries = publishedPackages.map((pkg) => ({ pkg, files: entryFiles(pkg) }));
  const files = entries.flatMap((entry) => entry.files.map(({ file }) => file));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}`);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    types: ['node'],
    typeRoots: [join(repositoryRoot, 'node_modules/@types')],
    strict: true,
    noEmit: true,
  });
  return entries.map(({ pkg, files: own }) => ({
    pkg,
    entries: own.map(({ specifier, file }) => ({ specifier, items: itemsOf(program, file) })),
  }));
}

function entryFiles({ path, manifest }: WorkspacePackage): { readonly specifier: string; readonly file: string }[] {
  return Object.entries(manifest.publishConfig?.exports ?? {}).flatMap(([subpath, target]) => {
    const types = typeof target === 'string' ? undefined : target['types'];
    return types === undefined ? [] : [{ specifier: join(manifest.name, subpath), file: join(path, types) }];
  });
}

/** In the order of the entry's own exports: what belongs together is declared together. */
function itemsOf(program: ts.Program, file: string): readonly ApiItem[] {
  const checker = program.getTypeChecker();
  const entry = program.getSourceFile(file);
  const module = entry && checker.getSymbolAtLocation(entry);
  if (entry === undefined || module === undefined) throw new Error(`${file} exports nothing`);
  const folder = join(file, '..');
  const isOwn = (declaration: ts.Node): boolean => declaration.getSourceFile().fileName.startsWith(`${folder}/`);
  const order = entry.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
    return checker.getSymbolAtLocation(statement.moduleSpecifier)?.declarations ?? [];
  });
  const exported = new Map(
    checker.getExportsOfModule(module).map((symbol) => [originalOf(symbol, checker), symbol.name] as const),
  );
  const found = new Map(exported);
  for (const symbol of found.keys()) {
    for (const named of (symbol.declarations ?? []).filter(isOwn).flatMap((node) => namedIn(node, checker))) {
      if (!found.has(named) && (named.declarations ?? []).some(isOwn)) found.set(named, named.name);
    }
  }
  const placeOf = (node: ts.Node): number => {
    const place = order.indexOf(node.getSourceFile());
    return place === -1 ? order.length : place;
  };
  return [...found]
    .flatMap(([symbol, name]) =>
      byKind(symbol).map((nodes) => ({ nodes, name, isExported: exported.has(symbol), isOwn: nodes.every(isOwn) })),
    )
    .filter((item) => item.isOwn)
    .toSorted(({ nodes: [a] }, { nodes: [b] }) => placeOf(a) - placeOf(b) || compare(a, b))
    .map(({ nodes, name, isExported }) => toItem(nodes, name, isExported));
}

type Declarations = readonly [ts.Declaration, ...ts.Declaration[]];

/** A type and a value may share a name: `type Amount` and `const Amount` are two items. */
function byKind({ declarations = [] }: ts.Symbol): readonly Declarations[] {
  const kinds = Map.groupBy(declarations, kindOf);
  return [...kinds].flatMap(([kind, [first, ...others]]) =>
    kind === undefined || first === undefined ? [] : [[first, ...others] as const],
  );
}

function kindOf(node: ts.Declaration): ApiItem['kind'] | undefined {
  if (ts.isFunctionDeclaration(node)) return 'function';
  if (ts.isClassDeclaration(node)) return 'class';
  if (ts.isInterfaceDeclaration(node)) return 'interface';
  if (ts.isTypeAliasDeclaration(node)) return 'type';
  return ts.isVariableDeclaration(node) ? 'constant' : undefined;
}

function originalOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

/** What a declaration names: the types it is made of. */
function namedIn(node: ts.Node, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && !ts.isMemberName(child.parent)) {
      const symbol = checker.getSymbolAtLocation(child);
      const original = symbol && originalOf(symbol, checker);
      if (original !== undefined && byKind(original).some(([{ parent }]) => isTopLevel(parent))) found.push(original);
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function isTopLevel(parent: ts.Node): boolean {
  return ts.isSourceFile(parent) || ts.isVariableDeclarationList(parent);
}

function compare(a: ts.Node, b: ts.Node): number {
  const [one, other] = [a.getSourceFile().fileName, b.getSourceFile().fileName];
  return one === other ? a.pos - b.pos : one < other ? -1 : 1;
}

function toItem(nodes: Declarations, name: string, isExported: boolean): ApiItem {
  const [first] = nodes;
  const kind = kindOf(first) ?? 'constant';
  const module = basename(first.getSourceFile().fileName, '.d.ts');
  const statements = nodes.map(statementOf);
  const documentation = statements.map(docstringOf).find((text) => text !== '') ?? '';
  const declaration = statements.map((statement) => written(statement.getText())).join('\n');
  const signature = statements.map((statement) => written(withoutComments(statement))).join('\n');
  return { name, kind, isExported, module, documentation, declaration, signature };
}

function statementOf(node: ts.Node): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function withoutComments(statement: ts.Node): string {
  const printer = ts.createPrinter({ removeComments: true });
  return printer.printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile());
}

/** Without what says nothing to a reader: the keywords of a declaration file, and what is private. */
function written(text: string): string {
  return text
    .replace(/^(?:export |declare )+/, '')
    .replaceAll(/^\s*(?:#private|private \w+)(?:\?|!)?;\n/gm, '')
    .replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 2));
}

function docstringOf(statement: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(statement).filter((node) => ts.isJSDoc(node));
  const text = comments.at(-1)?.getText() ?? '';
  return text
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .replaceAll(/^[ \t]*\*? ?/gm, '')
    .trim();
}
