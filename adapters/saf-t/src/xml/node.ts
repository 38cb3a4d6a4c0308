/** A small part of a file, read whole: the header, an account, a line. */
export interface Node {
  readonly name: string;
  readonly line: number;
  readonly children: readonly Node[];
  readonly text: string;
}

/** The text of a node's child, or undefined. */
export function textOf(node: Node | undefined, name: string): string | undefined {
  return childOf(node, name)?.text;
}

/** A node's first child of a name. */
export function childOf(node: Node | undefined, name: string): Node | undefined {
  if (node === undefined) return undefined;
  for (const child of node.children) if (child.name === name) return child;
  return undefined;
}

/** A node's children of a name. */
export function childrenOf(node: Node | undefined, name: string): readonly Node[] {
  return node === undefined ? [] : node.children.filter((child) => child.name === name);
}
