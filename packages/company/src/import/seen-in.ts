/** What a file is by its first bytes, in words, for somebody who thought that it was a report. Nothing of its content is told. */
export function seenIn(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  const [, name] = signatures.find(([signature]) => start.startsWith(signature)) ?? [];
  if (name !== undefined) return name;
  if (bytes.subarray(0, 4096).includes(0)) return 'data that is no text';
  const text = new TextDecoder().decode(bytes).trimStart();
  const [, root] = /^(?:<\?[^>]*\?>|<!--[\s\S]*?-->|<![^>]*>|\s)*<([\w:.-]+)/.exec(text) ?? [];
  if (root !== undefined) return `XML with the root <${root.slice(0, 40)}>`;
  if (/^[[{]/.test(text)) return 'JSON';
  const [line = ''] = text.split(/\r\n|\r|\n/, 1);
  const cells = Math.max(...[',', ';', '\t'].map((delimiter) => line.split(delimiter).length));
  return cells === 1 ? 'text' : `a table of ${cells} columns, whose headings are not known`;
}

const signatures: readonly (readonly [signature: string, name: string])[] = [
  ['PK\u0003\u0004', 'a zip archive'],
  ['PK\u0005\u0006', 'an empty zip archive'],
  ['%PDF', 'a PDF, which is for people'],
  ['\u001f\u008b', 'a gzip file'],
  ['\u00d0\u00cf\u0011\u00e0', 'an Excel workbook of the old kind (XLS)'],
  ['\u0089PNG', 'a picture'],
  ['\u00ff\u00d8\u00ff', 'a picture'],
  ['\u00ff\u00fe', 'text in UTF-16'],
  ['\u00fe\u00ff', 'text in UTF-16'],
];
