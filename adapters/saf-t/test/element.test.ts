import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fragment } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { profileOf } from '../src/profile.ts';
import { branch, leaf, toXml, type Element } from '../src/xml/element.ts';

/** The same tree as xmlbuilder2 writes it. */
function twinOf(element: Element, depth: number): string {
  const build = (parent: XMLBuilder, { name, content }: Element): void => {
    const node = parent.ele(name);
    // xmlbuilder2 leaves what looks like an entity alone, so ampersands are escaped before it sees them.
    if (typeof content === 'string') node.txt(content.replaceAll('&', '&amp;'));
    else for (const child of content) build(node, child);
  };
  const root = fragment();
  build(root, element);
  return `${root.toString({ prettyPrint: true, indent: '  ', offset: depth })}\n`;
}

const name = fc.constantFrom('Header', 'Company', 'OtherField', 'Line');
const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('a & b', '<i>', '&lt;', ']]>', ' x '),
);

const { tree } = fc.letrec<{ tree: Element | undefined }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(name, text).map(([own, value]) => leaf(own, value)),
    fc.tuple(name, fc.array(tie('tree'), { maxLength: 4 })).map(([own, children]) => branch(own, children)),
  ),
}));

test('a tree of elements is written as xmlbuilder2 writes it, to the byte', () => {
  const run = fc.property(tree, fc.integer({ min: 0, max: 4 }), (element, depth) => {
    const wanted = element === undefined ? '' : twinOf(element, depth);
    expect(toXml(element, profileOf('1.30'), depth)).toBe(wanted);
  });
  fc.assert(run, { numRuns: 300 });
});
