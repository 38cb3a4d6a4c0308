import { namespace } from '../profile.ts';

/** Why a file cannot be read on, and where. */
export class UnreadableFile extends Error {
  readonly rule: 'XML' | 15;
  readonly line: number;

  constructor(rule: 'XML' | 15, message: string, line: number) {
    super(message);
    this.rule = rule;
    this.line = line;
  }
}

/** A file of another kind. */
export class ForeignFile extends UnreadableFile {
  /** Told by its root. */
  constructor(name: string, uri: string, line: number) {
    const found = `the root is ${name.slice(0, 40)} in "${uri.slice(0, 80)}"`;
    const kind = foreignKindOf(name, uri);
    const what = `this is ${kind === undefined ? '' : `${kind}, `}not a Norwegian SAF-T Financial file`;
    super('XML', `${what}: ${found}, not AuditFile in "${namespace}"`, line);
  }
}

function foreignKindOf(name: string, uri: string): string | undefined {
  if (name === 'Sie' || name === 'SieEntry') return 'a SIE 5 file';
  if (name !== 'AuditFile' && name !== 'Auditfile' && name !== 'auditfile') return undefined;
  return uri === '' || uri === namespace ? undefined : 'a SAF-T file of another country or kind';
}

/** Deeper, longer and more than any file that somebody meant: what is beyond is not read. */
export const bounds = { depth: 64, textBytes: 16_000_000, recordElements: 1_000_000 };

export function tooMuch(what: string, line: number): UnreadableFile {
  return new UnreadableFile('XML', `this is not a SAF-T file that somebody meant: ${what}`, line);
}
