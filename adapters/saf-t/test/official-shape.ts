import type { Version } from '../src/profile.ts';
import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';
import type { Part } from '../src/shape/content-model.ts';
import { sharedPath } from '../../../test/support.ts';
import { rowsOf, type Described } from './described-shape.ts';

/** The path of the official schema of a version. */
export function schemaPath(version: Version): string {
  return sharedPath(`spec/saft-no/Norwegian_SAF-T_Financial_Schema_v_${version}.xsd`);
}

/** The official schema of a version in the rows of {@link rowsOf}. */
export function officialRows(version: Version): readonly string[] {
  return new Schema(treeOf(readFileSync(schemaPath(version), 'utf8'))).rows();
}

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Tag[];
}

function treeOf(xml: string): Tag {
  const root: Tag = { name: '', attributes: {}, children: [] };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const tag = { name: name.replace(/^xs:/, ''), attributes, children: [] };
    open.at(-1)?.children.push(tag);
    open.push(tag);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return root.children[0] as Tag;
}

class Schema {
  readonly #root: Tag;
  readonly #types: ReadonlyMap<string, Tag>;

  constructor(root: Tag) {
    this.#root = root;
    this.#types = new Map(root.children.map((tag) => [`${tag.name} ${tag.attributes['name']}`, tag]));
  }

  rows(): readonly string[] {
    const element = this.#root.children.find(({ name }) => name === 'element') as Tag;
    return rowsOf(this.#element(element));
  }

  #element(tag: Tag): Described {
    const name = tag.attributes['name'] ?? '';
    const type = tag.attributes['type'] ?? '';
    const complex = only(tag, 'complexType') ?? this.#types.get(`complexType ${type}`);
    if (complex === undefined) return { name, field: this.#field(only(tag, 'simpleType'), type) };
    const elements = new Map<string, Tag>();
    const content = this.#content(complex, elements);
    return { name, content, elementOf: (child) => this.#element(elements.get(child) as Tag) };
  }

  /** An extension goes on after its base; a restriction stands in its place. */
  #content(tag: Tag, elements: Map<string, Tag>): Part {
    const derived = only(tag, 'complexContent')?.children[0] ?? tag;
    const base =
      derived.name === 'extension' ? this.#types.get(`complexType ${derived.attributes['base']}`) : undefined;
    const own = (only(derived, 'sequence') ?? only(derived, 'choice')) as Tag;
    const parts = [...(base === undefined ? [] : [this.#content(base, elements)]), this.#particle(own, elements)];
    return { kind: 'all', parts };
  }

  #particle(tag: Tag, elements: Map<string, Tag>): Part {
    const { minOccurs = '1', maxOccurs = '1', name = '' } = tag.attributes;
    const isMany = maxOccurs === 'unbounded';
    if (tag.name === 'element') elements.set(name, tag);
    const part: Part =
      tag.name === 'element'
        ? { kind: 'element', name, structure: name }
        : {
            kind: tag.name === 'choice' ? 'choice' : 'all',
            parts: tag.children
              .filter((child) => child.name !== 'annotation')
              .map((child) => this.#particle(child, elements)),
          };
    if (minOccurs === '0') return { kind: isMany ? 'many' : 'optional', part };
    return isMany ? { kind: 'repeated', part } : part;
  }

  /** A simple type by the facets of all it is derived from. */
  #field(type: Tag | undefined, name: string): string {
    const facets = new Map<string, string[]>();
    let base = name;
    for (let at = type ?? this.#types.get(`simpleType ${base}`); at !== undefined;) {
      const restriction = only(at, 'restriction') as Tag;
      for (const { name: facet, attributes } of restriction.children) {
        facets.set(facet, [...(facets.get(facet) ?? []), attributes['value'] ?? '']);
      }
      base = restriction.attributes['base'] ?? '';
      at = this.#types.get(`simpleType ${base}`);
    }
    return kindOf(base, (facet) => facets.get(facet)?.join(' '));
  }
}

function kindOf(base: string, facet: (name: string) => string | undefined): string {
  const values = facet('enumeration');
  if (values !== undefined) return `one of ${values}`;
  if (facet('pattern') === '[0-9anAN]{1,2}') return 'standard tax code';
  if (facet('length') !== undefined) return `letters ${facet('length')}`;
  if (facet('totalDigits') !== undefined) return `decimal ${facet('totalDigits')}.${facet('fractionDigits')}`;
  const range = `${base} ${Number(facet('minInclusive'))} ${Number(facet('maxInclusive'))}`;
  if (range === 'xs:decimal 0 100') return 'percentage';
  if (range === 'xs:nonNegativeInteger 1970 2100') return 'year';
  if (base === 'xs:string') return `text ${facet('maxLength') ?? ''}`.trim();
  return plain[base] ?? base;
}

const plain: Readonly<Record<string, string>> = {
  'xs:date': 'date',
  'xs:dateTime': 'moment',
  'xs:nonNegativeInteger': 'count',
  'xs:decimal': 'decimal',
  'xs:boolean': 'boolean',
  'xs:anyURI': 'address',
};

function only(tag: Tag, name: string): Tag | undefined {
  return tag.children.find((child) => child.name === name);
}
