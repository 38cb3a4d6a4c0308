import { join } from 'node:path';
import ts from '@typescript/typescript6';
import { expect, test } from 'vitest';
import { filesUnder, shown, workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

/**
 * `record[name]` finds `constructor` and `__proto__` in every object. A name that is any text, from a config, a file or a reply,
 * is looked up with `named()` of core, in a `Map`, or behind `Object.hasOwn`.
 */
test('what is looked up by any name is found only where it was put', { timeout: 120_000 }, () => {
  const roots = workspacePackages
    .filter(({ path }) => !/examples|templates|simulator|conformance/.test(path))
    .flatMap(({ path }) => filesUnder(join(path, 'src'), '.ts'));
  const { config } = ts.readConfigFile(join(repositoryRoot, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, repositoryRoot);
  const program = ts.createProgram(roots, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const places = roots.flatMap((root) => {
    const file = program.getSourceFile(root);
    return file === undefined ? [] : looseLookUps(file, checker);
  });
  expect(places).toEqual([]);
});

function looseLookUps(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const places: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node) && isLoose(node, checker)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      places.push(`${shown(file.fileName)}:${line + 1} ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return places;
}

function isLoose(
  { expression, argumentExpression, parent }: ts.ElementAccessExpression,
  checker: ts.TypeChecker,
): boolean {
  const name = checker.getTypeAtLocation(argumentExpression);
  const held = checker.getNonNullableType(checker.getTypeAtLocation(expression));
  if (held.getStringIndexType() === undefined || (name.flags & ts.TypeFlags.String) === 0) return false;
  const isGuarded =
    ts.isConditionalExpression(parent) &&
    parent.condition.getText() === `Object.hasOwn(${expression.getText()}, ${argumentExpression.getText()})`;
  return !isGuarded;
}
