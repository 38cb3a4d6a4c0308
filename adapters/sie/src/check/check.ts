import type { Finding, InputFile } from '@bilag/core';
import { CharacterCheck } from './check-characters.ts';
import { LabelCheck } from './check-labels.ts';
import { VoucherCheck } from './check-vouchers.ts';
import { Findings } from './findings.ts';
import { ForeignFile } from './foreign-file.ts';
import { rawRows, rowOf } from '../rows.ts';

/** Checks any SIE 4 file, 4I or 4E, also those of other systems. Streams; what it keeps is the chart and the objects. */
export async function* check(file: InputFile): AsyncGenerator<Finding> {
  const findings = new Findings();
  const characters = new CharacterCheck(findings);
  const labels = new LabelCheck(findings, file.name);
  const vouchers = new VoucherCheck(findings);
  let foreign: ForeignFile | undefined;
  for await (const raw of rawRows(file.content)) {
    if (raw === undefined) {
      findings.add('sie-unreadable', 'error', file.name, 'it has no rows', 'get the file again; SIE 4 is plain text');
      break;
    }
    const where = `row ${raw.number}`;
    if (foreign !== undefined) {
      foreign.add(raw.bytes);
      if (foreign.isKnown) break;
      continue;
    }
    const row = rowOf(characters.row(raw, where));
    if (row === null && labels.isFirst) {
      foreign = new ForeignFile(where);
      labels.isForeign = true;
      foreign.add(raw.bytes);
      if (foreign.isKnown) break;
      continue;
    } else if (row === null) {
      const action = 'look for a quotation mark or brace without its other half, or get the file again';
      findings.add('sie-row', 'error', where, 'the row is not a label and its fields', action);
      vouchers.lost();
    } else if (row !== undefined) {
      labels.row(row, where);
      vouchers.row(row, where);
    }
    yield* findings.take();
    if (labels.isForeign) break;
  }
  foreign?.tell(findings);
  if (!labels.isForeign) {
    characters.end();
    labels.end();
    vouchers.end();
  }
  yield* findings.take();
  yield* findings.rest();
}
