/**
 * Leaves the wording of messages out of mutation testing. What an error says, where, and what to do now is written for
 * people; a test that repeats the sentence proves nothing. Codes, kinds, severities and the texts of vouchers stay in.
 */

/** A place in the syntax tree, as far as it is read here. */
interface Place {
  readonly node: SyntaxNode;
  readonly key: string | number | null;
  readonly parentPath: Place | null;
}

interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  readonly key?: SyntaxNode;
  readonly id?: SyntaxNode;
  readonly name?: string;
}

export const strykerPlugins: readonly unknown[] = [
  {
    kind: 'Ignore',
    name: 'texts-for-people',
    value: {
      shouldIgnore: (place: Place): string | undefined =>
        isProse(place.node) || isPartOfMessage(place) ? 'the wording of a message' : undefined,
    },
  },
];

/** Three words in a row, blanks counted: a sentence. Codes and keys have none; what vouchers say has a place in braces. */
function isProse(node: SyntaxNode): boolean {
  const text = textOf(node) ?? '';
  return /(?:[\p{L}…'’"(),;:-]+ ){2}[\p{L}…"(]/u.test(text) && !/\{\w+\}/.test(text);
}

const parts = new Set(['what', 'where', 'now', 'message', 'action']);

/** Shorter texts, where the name of what they are given to says what they are. */
function isPartOfMessage({ node, key, parentPath }: Place): boolean {
  if (textOf(node) === undefined || parentPath === null) return false;
  const { node: parent } = parentPath;
  if (parent.type === 'ObjectProperty') return key === 'value' && parts.has(parent.key?.name ?? '');
  if (parent.type === 'VariableDeclarator') return parts.has(parent.id?.name ?? '');
  return parent.type === 'ConditionalExpression' && parentPath.parentPath !== null && isPartOfChoice(parentPath);
}

function isPartOfChoice({ parentPath, key }: Place): boolean {
  const name = parentPath?.node.key?.name ?? parentPath?.node.id?.name ?? '';
  return (key === 'value' || key === 'init') && parts.has(name);
}

/** The text of a literal, with `…` for what is put into it. */
function textOf({ type, value, quasis = [] }: SyntaxNode): string | undefined {
  if (type === 'StringLiteral') return String(value);
  return type === 'TemplateLiteral' ? quasis.map((part) => part.value.raw).join('…') : undefined;
}
