import { parseContent, type Part } from '../src/shape/content-model.ts';
import { maxLengthOf, profileOf, type Version } from '../src/profile.ts';
import { contentsOf, kindOf, unjudged } from '../src/shape/shape.ts';

/** An element: a field of a kind, or a structure and how to find what its elements are. */
export type Described =
  | { readonly name: string; readonly field: string }
  | { readonly name: string; readonly content: Part; readonly elementOf: (name: string) => Described };

/** A row for each element with its path, and what it holds; two shapes are the same when their rows are. */
export function rowsOf(element: Described, path = ''): readonly string[] {
  const here = `${path}/${element.name}`;
  if (unjudged.has(element.name)) return [];
  if ('field' in element) return [`${here}: ${element.field}`];
  const inner = namesIn(element.content).flatMap((name) => rowsOf(element.elementOf(name), here));
  return [`${here}: ${written(element.content)}`, ...inner];
}

/** Our own shape of a version in rows. */
export function ownRows(version: Version): readonly string[] {
  const contents = contentsOf(version);
  const describe = (parent: string, name: string, structure: string): Described => {
    const content = contents[structure];
    if (content === undefined) {
      const kind = kindOf(version, parent, name);
      const length = maxLengthOf(profileOf(version).lengths, parent, name);
      return { name, field: kind === 'text' ? `text ${length ?? ''}`.trim() : kind };
    }
    const part = parseContent(content);
    const structures = new Map(elementsIn(part).map((element) => [element.name, element.structure]));
    return { name, content: part, elementOf: (child) => describe(name, child, structures.get(child) ?? child) };
  };
  return rowsOf(describe('', 'AuditFile', 'AuditFile'));
}

function elementsIn(part: Part): readonly Extract<Part, { kind: 'element' }>[] {
  if (part.kind === 'element') return [part];
  return 'parts' in part ? part.parts.flatMap(elementsIn) : elementsIn(part.part);
}

function namesIn(part: Part): readonly string[] {
  return [...new Set(elementsIn(part).map(({ name }) => name))];
}

/** The content written in one way: what needs no brackets has none. */
function written(part: Part): string {
  switch (part.kind) {
    case 'element':
      return part.name;
    case 'all':
      return part.parts.map((one) => (one.kind === 'choice' ? `(${written(one)})` : written(one))).join(' ');
    case 'choice':
      return part.parts.map(written).join(' | ');
    default: {
      const mark = { optional: '?', many: '*', repeated: '+' }[part.kind];
      return part.part.kind === 'element' ? `${part.part.name}${mark}` : `(${written(part.part)})${mark}`;
    }
  }
}
