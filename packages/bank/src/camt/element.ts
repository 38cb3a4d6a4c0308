/** An element that was read whole. */
export interface Element {
  readonly name: string;
  readonly text: string;
  /** The currency beside an amount: the only attribute that camt has. */
  readonly currency?: string | undefined;
  readonly children: readonly Element[];
}

/** The first element below another along a path of names. */
export function elementAt(element: Element, ...path: readonly string[]): Element | undefined {
  let found: Element | undefined = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

export function childrenOf(element: Element, name: string): readonly Element[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of an element along a path; undefined where it is not there or empty. */
export function textAt(element: Element, ...path: readonly string[]): string | undefined {
  const text = elementAt(element, ...path)?.text.trim();
  return text === '' ? undefined : text;
}

/** Every element of a name below another, at any depth. */
export function* everyElement(element: Element, name: string): Generator<Element> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* everyElement(child, name);
  }
}
