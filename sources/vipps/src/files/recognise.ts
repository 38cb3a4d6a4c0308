import type { FileHead } from '@bilag/core';
import { delimiterOf } from './table/row.ts';
import { type OwnWords, portalLanguageOf } from './portal/portal-words.ts';

/** The kinds of files, those that tell most first: of two that tell the same, the first is kept. */
export const fileKinds = [
  'portal report, CSV',
  'settlement report 3.0, XML',
  'settlement report 2.0, XML',
  'portal report or settlement report of 2018 and 2019, XLSX',
  'settlement report of 2021, CSV',
] as const;

export type FileKind = (typeof fileKinds)[number];

/** The namespaces of the two versions of settlement reports (the vendor's schemas). */
export const settlementNamespaces: ReadonlyMap<string, '3.0' | '2.0'> = new Map([
  ['http://vipps.no/xmlschema/SettlementReport-3.0.xsd', '3.0'],
  ['http://vipps.dnb.no/XMLSchema/SettlementReport.xsd', '2.0'],
]);

/** Tells a file by what it begins with; `own` are headings that the config gives. */
export function fileKindOf({ bytes }: Pick<FileHead, 'bytes'>, own?: OwnWords): FileKind | undefined {
  if (isWorkbook(bytes)) return 'portal report or settlement report of 2018 and 2019, XLSX';
  // What is in UTF-16 is told apart too, so that its reader can say why it takes none.
  const encoding = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  if (/^\s*</.test(text)) {
    const version = [...settlementNamespaces].find(([namespace]) => text.includes(namespace))?.[1];
    return version === undefined || !text.includes('SettlementReport')
      ? undefined
      : `settlement report ${version}, XML`;
  }
  if (/^"?OrganizationNumber"?[,;\t]"?MerchantName/.test(text)) return 'settlement report of 2021, CSV';
  const [line = ''] = text.trimStart().split(/\r\n|\r|\n/, 1);
  const headings = line.split(delimiterOf(line)).map((cell) => cell.replace(/^"(.*)"$/, '$1'));
  return portalLanguageOf(headings, own) === undefined ? undefined : 'portal report, CSV';
}

/** A zip archive whose first file is a part of a workbook; one that does not pack has the parts of a workbook in it, too. */
function isWorkbook(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  return (
    text.startsWith('PK\u0003\u0004') && /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/.test(text.slice(30))
  );
}
