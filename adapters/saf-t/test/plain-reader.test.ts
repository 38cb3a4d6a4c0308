import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnreadableFile } from '../src/xml/unreadable-file.ts';
import { XmlReader } from '../src/xml/xml-reader.ts';
import { config, renderOne, richBook, richConfig } from './books.ts';

/** Everything a reader tells of a file that comes in pieces; last, why it could not be read on. */
function told(bytes: Uint8Array, pieceLength: number, mayBePlain: boolean): readonly string[] {
  const events: string[] = [];
  const note = (...words: readonly unknown[]): void => void events.push(JSON.stringify(words));
  const reader = new XmlReader(
    {
      open: (name, line) => note('open', name, line),
      close: (name, line) => note('close', name, line),
      field: (parent, name, text, line) => note('field', parent, name, text, line),
      record: (list, node) => note('record', list, node),
    },
    {
      // Between elements only what is no blank is judged.
      open: (name, before, line) => note('element', name, before.trim(), line),
      close: (text, line) => note('end', text.trim(), line),
      foreign: (what, name, line) => note('foreign', what, name, line),
    },
    mayBePlain,
  );
  try {
    for (let at = 0; at < bytes.length; at += pieceLength) reader.write(bytes.subarray(at, at + pieceLength));
    reader.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    note('unreadable', error.rule, error.message, error.line);
  }
  return events;
}

const written = await renderOne(richBook(), config(richConfig));
const small = written.slice(0, written.indexOf('<TaxTable>')) + written.slice(written.indexOf('</MasterFiles>'));

/** What other systems write, what is broken, and what only looks so. */
const disturbances = [
  '<!-- a > b -->',
  '<?stylesheet href="x"?>',
  '<![CDATA[ ]]>',
  '<![CDATA[<Line>]]>',
  ']]>',
  ']',
  '>',
  '&amp;',
  '&lt;&gt;&quot;&apos;',
  '&#230;',
  '&#xE6;',
  '&oslash;',
  '&amp',
  '& ',
  '<',
  '</',
  '<Line>',
  '</Line>',
  '<Line/>',
  '<Line />',
  '<Line\n/>',
  '</Line >',
  '<Line kind="x">',
  '<n1:Line>',
  '<Line xmlns="urn:else"/>',
  '<1>',
  '<æ/>',
  'stray',
  'æøå \u{1F600} – €',
  '\r\n',
  '\r',
  '\n\n',
  '\t',
  '\u0000',
  '\u000b',
  '\u0085',
  '\u2028',
  '\ufffe',
  '\ufeff',
  '</AuditFile>',
  '<AuditFile>',
  '<SourceDocuments><Invoice>1</Invoice></SourceDocuments>',
];

describe('the plain reader tells what the parser tells', () => {
  test('of a whole file, in pieces of any size, with any ends of lines, and with a prefix', () => {
    const prefixed = written.replaceAll(/<(\/?)(\w)/g, '<$1n1:$2').replace('xmlns=', 'xmlns:n1=');
    const windows = `\ufeff${written.replaceAll('\n', '\r\n')}`;
    for (const text of [written, windows, prefixed]) {
      const bytes = Buffer.from(text);
      const wanted = told(bytes, bytes.length, false);
      expect(wanted.length).toBeGreaterThan(500);
      for (const pieceLength of [997, 65_536]) expect(told(bytes, pieceLength, true)).toEqual(wanted);
    }
    const bytes = Buffer.from(small);
    expect(told(bytes, 1, true)).toEqual(told(bytes, bytes.length, false));
  });

  test('of a file that is disturbed anywhere by anything', () => {
    const place = fc.nat({ max: small.length });
    const disturbance = fc.oneof(fc.constantFrom(...disturbances), fc.string({ maxLength: 5 }));
    const length = fc.integer({ min: 1, max: 5000 });
    const run = fc.property(place, disturbance, length, fc.nat({ max: 3 }), (at, inserted, pieceLength, gone) => {
      const bytes = Buffer.from(small.slice(0, at) + inserted + small.slice(at + gone));
      expect(told(bytes, pieceLength, true)).toEqual(told(bytes, pieceLength, false));
    });
    fc.assert(run, { numRuns: 400 });
  });

  test('of text after the root: the line on which the root ended, wherever pieces end', () => {
    const what = 'not well-formed XML: text data outside of root node.';
    const wanted = JSON.stringify(['unreadable', 'XML', what, small.trimEnd().split('\n').length]);
    for (const after of ['stray', '\n\nstray\n', '<!-- end -->\nstray\n\n', '\r\nstr<']) {
      const bytes = Buffer.from(small.trimEnd() + after);
      for (const pieceLength of [1, 7, 1000, bytes.length]) {
        for (const mayBePlain of [true, false]) expect(told(bytes, pieceLength, mayBePlain).at(-1)).toBe(wanted);
      }
    }
  });

  test('of a file that is cut short, or no UTF-8 in one byte', () => {
    const bytes = Buffer.from(small);
    const run = fc.property(fc.nat({ max: bytes.length - 1 }), fc.boolean(), (at, isCut) => {
      const broken = isCut
        ? bytes.subarray(0, at)
        : Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at)]);
      expect(told(broken, 700, true)).toEqual(told(broken, 700, false));
    });
    fc.assert(run, { numRuns: 150 });
  });
});
