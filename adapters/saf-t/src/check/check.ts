import type { Finding, InputFile } from '@bilag/core';
import { FileCheck } from './check-file.ts';
import { ShapeCheck } from '../shape/check-shape.ts';
import { checkWhole } from './check-whole.ts';
import { CheckState, type CheckOptions } from './check-state.ts';
import { positionOf } from '../file-name.ts';
import { Findings } from './findings.ts';
import { UnreadableFile } from '../xml/unreadable-file.ts';
import { XmlReader } from '../xml/xml-reader.ts';

/**
 * Checks a SAF-T Financial file, also one that another system wrote (1.10 to 1.40, any prefix, with or without a byte
 * order mark): its shape, by the version it names, and the rules that no schema can hold: balances, totals, references,
 * uniqueness and so on. Finding codes are `SAFT-01` to `SAFT-17`, `SAFT-XML` for a file that cannot be read, and
 * `SAFT-SET` where a file of a set cannot be judged alone. At most 20 findings of a rule, and a count of the rest.
 *
 * @example
 * ```ts
 * import { check } from '@bilag/saf-t';
 *
 * const codes: string[] = [];
 * const content = [new TextEncoder().encode('<AuditFile xmlns="urn:somewhere:else"/>')];
 * for await (const finding of check({ name: 'else.xml', content })) codes.push(finding.code);
 * codes; // => ['SAFT-XML']
 * ```
 */
export async function* check(file: InputFile, options: CheckOptions = {}): AsyncGenerator<Finding> {
  const state = new CheckState(new Findings(), options);
  const readable = yield* checkOne(file, state);
  if (readable) checkWhole(state, isPartOfSet(file, state));
  yield* state.findings.take();
  yield* state.findings.rest();
}

/**
 * Checks the files of a set together, in their order: master data from the first, and sums over all. Totals stay per
 * file. Where the names say how many files there are, one that is missing is told. See {@link check}.
 */
export async function* checkSet(
  files: AsyncIterable<InputFile> | Iterable<InputFile>,
  options: CheckOptions = {},
): AsyncGenerator<Finding> {
  const findings = new Findings();
  const state = new CheckState(findings, options);
  const given = new GivenParts();
  let readable = true;
  for await (const file of files) {
    given.add(file.name);
    findings.file = file.name;
    readable = (yield* checkOne(file, state)) && readable;
  }
  findings.file = undefined;
  given.tell(state);
  if (readable) checkWhole(state, false);
  yield* findings.take();
  yield* findings.rest();
}

/** Whether the files of a set are all there, as far as their names tell. */
class GivenParts {
  readonly #positions: Set<number> = new Set();
  #total = 0;

  add(name: string): void {
    const position = positionOf(name);
    if (position === undefined) return;
    this.#positions.add(position.index);
    this.#total = Math.max(this.#total, position.total);
  }

  tell(state: CheckState): void {
    for (let index = 1; index <= this.#total && this.#positions.size < this.#total; index += 1) {
      if (this.#positions.has(index)) continue;
      const message = `file ${index} of ${this.#total} is not among those that were given`;
      state.report('SET', 'error', 'the set', message, 'give all files of the set together');
    }
  }
}

/** Reads one file; says whether it could be read to its end. */
async function* checkOne(file: InputFile, state: CheckState): AsyncGenerator<Finding, boolean> {
  const reader = new XmlReader(new FileCheck(state), new ShapeCheck(state));
  try {
    for await (const bytes of file.content) {
      reader.write(bytes);
      yield* state.findings.take();
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const action =
      error.rule === 15 ? 'write the file again as UTF-8' : 'get the file again from the system that wrote it';
    const where = state.findings.file === undefined ? `${file.name}, line ${error.line}` : `line ${error.line}`;
    state.report(error.rule, 'error', where, error.message, action);
    return false;
  }
  yield* state.findings.take();
  return true;
}

/** A file whose name says it is one of several, or that has only master files or only entries. */
function isPartOfSet(file: InputFile, state: CheckState): boolean {
  return (positionOf(file.name)?.total ?? 1) > 1 || state.hasMasterFiles !== state.hasEntries;
}
