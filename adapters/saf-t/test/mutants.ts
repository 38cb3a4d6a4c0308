import { SaxesParser } from 'saxes';

/** A small tree of a file, to be changed in one place. */
interface Branch {
  name: string;
  text: string;
  children: Branch[];
}

/** A file with one thing changed, and what that is. */
export interface Mutant {
  readonly change: string;
  readonly text: string;
}

/** Values that fit one kind of field or none: the schema takes some where it refuses others. */
const values = [
  '',
  ' ',
  'x',
  '0',
  '1',
  '-1',
  '+1',
  '01',
  '1.',
  '.5',
  '-0',
  '1e3',
  '1,5',
  '1.234',
  '1.00000000000',
  '123456789012345678',
  '1234567890123456789',
  '0.0000000001',
  '100',
  '100.01',
  '2025',
  '1969',
  '2101',
  '2025-02-28',
  '2025-02-29',
  '2025-13-01',
  '2025-01-01Z',
  '2025-01-01+01:00',
  '2025-01-01+15:00',
  '25-01-01',
  '2025-01-01T10:00:00',
  '2025-01-01T24:00:00',
  'true',
  'TRUE',
  'NO',
  'NOK',
  'NOKK',
  'A',
  'GL',
  'gl',
  ' GL',
  'MVA',
  'NA',
  'na',
  'N',
  '999',
  'Active',
  'Closed',
  'http://a b',
  'http://a.no',
  '%zz',
  '\u00a05',
  'x'.repeat(10),
  'x'.repeat(19),
  'x'.repeat(36),
  'x'.repeat(71),
  'x'.repeat(257),
  '\u{1F600}'.repeat(9),
];

/** Changes a file in one place, by a number: the same number gives the same mutant. */
export function mutantOf(xml: string, seed: number): Mutant {
  const root = treeOf(xml);
  const random = generator(seed);
  const nodes = allOf(root);
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)] as Value;
  const parent = pick(nodes.filter(({ children }) => children.length > 0));
  const index = Math.floor(random() * parent.children.length);
  const child = parent.children[index] as Branch;
  const leaf = pick(nodes.filter(({ children }) => children.length === 0));
  const changes: readonly (() => string)[] = [
    () => (parent.children.splice(index, 1), `${child.name} dropped from ${parent.name}`),
    () => (parent.children.splice(index, 0, child), `${child.name} doubled in ${parent.name}`),
    () => {
      const other = Math.floor(random() * parent.children.length);
      parent.children.splice(index, 1);
      parent.children.splice(other, 0, child);
      return `${child.name} moved in ${parent.name}`;
    },
    () => {
      const moved = pick(nodes);
      parent.children.splice(index, 0, moved === root ? child : structuredClone(moved));
      return `${moved.name} put before ${child.name} in ${parent.name}`;
    },
    () => {
      const name = pick(nodes).name;
      const change = `${child.name} renamed ${name} in ${parent.name}`;
      child.name = name;
      return change;
    },
    () => ((parent.text = 'x'), `text in ${parent.name}`),
    ...Array.from({ length: 4 }, () => () => {
      leaf.text = pick(values);
      return `${leaf.name} says "${leaf.text}"`;
    }),
  ];
  return { change: pick(changes)(), text: `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, true)}` };
}

function treeOf(xml: string): Branch {
  const top: Branch = { name: '', text: '', children: [] };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ local }) => {
    const node = { name: local, text: '', children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (text) => {
    const node = open.at(-1);
    if (node !== undefined) node.text += text;
  });
  parser.on('closetag', () => {
    const node = open.pop();
    if (node !== undefined && node.children.length > 0) node.text = '';
  });
  parser.write(xml.replace(/^\uFEFF/, '')).close();
  return top.children[0] as Branch;
}

function allOf(node: Branch): readonly Branch[] {
  return [node, ...node.children.flatMap(allOf)];
}

function written({ name, text, children }: Branch, isRoot = false): string {
  const start = isRoot ? `${name} xmlns="urn:StandardAuditFile-Taxation-Financial:NO"` : name;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${start}>${escaped}${children.map((child) => written(child)).join('\n')}</${name}>`;
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
