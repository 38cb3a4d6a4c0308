import { isPlainDate, parseAmount, type PlainDate, type PostedLine } from '@bilag/core';

/** A voucher in a SIE file. */
export interface SieVoucher {
  readonly series: string;
  readonly number: string;
  readonly date: PlainDate;
  readonly text: string;
  readonly lines: readonly PostedLine[];
}

/**
 * The vouchers of a SIE 4 file, as Fortnox exports it. Rows that were struck out or added later are told twice, as `#BTRANS` and
 * `#RTRANS`, and count as `#TRANS` alone. Pure. Throws `SyntaxError` where a voucher is not as the specification has it (SIE 4B, 2008).
 */
export function readSieVouchers(bytes: Uint8Array): SieVoucher[] {
  const vouchers: SieVoucher[] = [];
  let lines: PostedLine[] = [];
  for (const row of textOf(bytes).split(/\r?\n/)) {
    const [label = '', ...fields] = fieldsOf(row);
    if (label === '#VER') {
      const [series = '', number = '', digits = '', text = ''] = fields;
      const date = digits.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
      if (!isPlainDate(date)) throw new SyntaxError(`voucher ${series}${number} has no date`);
      lines = [];
      vouchers.push({ series, number, date, text, lines });
    } else if (label === '#TRANS') {
      const [account = '', objects = '', amount = ''] = fields;
      lines.push({ account, amount: parseAmount(amount), ...dimensionsIn(objects) });
    }
  }
  return vouchers;
}

/** Fields stand between blanks; a quoted one may hold some, and an object list stands in braces. */
function fieldsOf(row: string): string[] {
  return [...row.matchAll(/\{([^}]*)\}|"((?:[^"\\]|\\.)*)"|([^\s{}"]+)/g)].map(
    ([, list, quoted, plain]) => list ?? (quoted === undefined ? (plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1')),
  );
}

/** Pairs of a dimension's number and a code: 1 is the cost centre, 6 the project (SIE 4B, #DIM). */
function dimensionsIn(objects: string): Pick<PostedLine, 'dimensions'> {
  const parts = fieldsOf(objects);
  const entries = parts.flatMap((part, index) => {
    const type = index % 2 === 0 ? ({ '1': 'department', '6': 'project' }[part] ?? `dimension ${part}`) : '';
    return type === '' ? [] : [[type, parts[index + 1] ?? ''] as const];
  });
  return entries.length === 0 ? {} : { dimensions: Object.fromEntries(entries) };
}

/** Code page 437 (#FORMAT PC8). Of what lies beyond ASCII the Swedish letters alone are kept: references have none. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\u0080-\u00FF]/g, (character) => letters.get(character.charCodeAt(0)) ?? '?');
}

const letters: ReadonlyMap<number, string> = new Map([
  [0x86, 'å'],
  [0x84, 'ä'],
  [0x94, 'ö'],
  [0x8f, 'Å'],
  [0x8e, 'Ä'],
  [0x99, 'Ö'],
  [0x82, 'é'],
  [0x81, 'ü'],
]);
