import type { CheckState } from '../check/check-state.ts';
import { auditFileModel, type Model, type Place, type Step } from './content-model.ts';
import type { FieldRule } from './field-rule.ts';
import type { Violation } from '../check/findings.ts';
import type { Version } from '../profile.ts';

/** An open element, and how far its content has come. */
interface Frame {
  model: Model;
  place: Place;
  line: number;
}

/** Judges order, presence and values of elements as they are read, by the version the file names. */
export class ShapeCheck {
  readonly #state: CheckState;
  /** Frames are used again: a file has millions of elements. */
  readonly #frames: Frame[] = [];
  #depth = 0;
  /** Depth inside what is not judged, or not known. */
  #skipped = 0;
  readonly #unjudged: Set<string> = new Set();

  constructor(state: CheckState) {
    this.#state = state;
  }

  /** An element begins. `before` is the text between it and the tag before. */
  open(name: string, before: string, line: number): void {
    if (this.#skipped > 0) {
      this.#skipped += 1;
      return;
    }
    if (this.#depth === 0) {
      const model = auditFileModel('1.40');
      if (name === model.name) this.#push(model, line);
      else this.#skipped = 1;
      return;
    }
    const frame = this.#frames[this.#depth - 1] as Frame;
    if (!isBlank(before)) this.#strayText(before, line);
    const step = frame.place.next.get(name) ?? this.#misplaced(frame, name, line);
    if (step === undefined) {
      this.#skipped = 1;
      return;
    }
    frame.place = step.after;
    if (step.model.isJudged) this.#push(step.model, line);
    else this.#leave(name, line);
  }

  /** An element ends, after a text. */
  close(text: string, line: number): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1;
      return;
    }
    const { model, place, line: begun } = this.#frames[this.#depth - 1] as Frame;
    if (model.field !== undefined) this.#field(model.field, text, begun);
    else {
      if (!isBlank(text)) this.#strayText(text, line);
      if (!place.mayEnd) this.#incomplete(place, begun);
    }
    if (model.name === 'AuditFileVersion' && this.#depth === 3) this.#chooseVersion(text);
    this.#depth -= 1;
  }

  /** An element that has another namespace, or attributes: the schema has neither. */
  foreign(what: string, name: string, line: number): void {
    const action = 'leave it out: the schema has one namespace and no attributes';
    this.#report(17, `${name} ${what}`, line, action);
  }

  #push(model: Model, line: number): void {
    const frame = this.#frames[this.#depth];
    if (frame === undefined) this.#frames.push({ model, place: model.start, line });
    else {
      frame.model = model;
      frame.place = model.start;
      frame.line = line;
    }
    this.#depth += 1;
  }

  #leave(name: string, line: number): void {
    this.#skipped = 1;
    if (this.#unjudged.has(name)) return;
    this.#unjudged.add(name);
    const action = 'hold it against the official schema, if it matters';
    this.#state.report(17, 'info', `${name}, line ${line}`, `what stands in ${name} is not judged`, action);
  }

  #field({ maxLength, faultOf }: FieldRule, text: string, line: number): void {
    if (maxLength !== undefined && text.length > maxLength) {
      const { name } = (this.#frames[this.#depth - 1] as Frame).model;
      const action = 'shorten it by a rule you can explain, and never in the middle of a reference';
      this.#report(8, `${name} has ${text.length} characters and may have ${maxLength}`, line, action);
      return;
    }
    const fault = faultOf?.(text);
    if (fault === undefined) return;
    const { name } = (this.#frames[this.#depth - 1] as Frame).model;
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    this.#report(ruleOf(name), `"${shown}" in ${name} ${fault}`, line, 'write what the schema of the version takes');
  }

  /** Says what is wrong with an element that may not come now, and where to go on; undefined: it is passed over. */
  #misplaced({ model, place }: Frame, name: string, line: number): Step | undefined {
    const step = model.steps.get(name);
    const wanted = [...place.next.keys()];
    const order = 'write the elements in the order of the schema, each as often as it allows';
    if (step === undefined) {
      const what =
        model.field === undefined
          ? `${name} is not an element of ${model.name}`
          : `${name} stands in ${model.name}, which is a field`;
      this.#report(ruleOf(name), `${what} in this version`, line, 'leave it out, or write the version that has it');
    } else if (place.mayEnd || wanted.length === 0) {
      this.#report(ruleOf(name), `${name} may not stand here: it comes too late, or once too often`, line, order);
    } else {
      this.#report(ruleOf(wanted[0] ?? name), `${name} comes where ${wanted.join(' or ')} should be`, line, order);
    }
    return step;
  }

  #incomplete(place: Place, line: number): void {
    const [first = '', ...others] = place.next.keys();
    const { name } = (this.#frames[this.#depth - 1] as Frame).model;
    const wanted = [first, ...others].join(' or ');
    this.#report(ruleOf(first), `${name} ends where ${wanted} should be`, line, 'write what is missing');
  }

  #strayText(text: string, line: number): void {
    const { name } = (this.#frames[this.#depth - 1] as Frame).model;
    this.#report(
      17,
      `there is text between the elements of ${name}: "${text.trim().slice(0, 40)}"`,
      line,
      'leave it out',
    );
  }

  /** From here on the file is judged as what it says it is. */
  #chooseVersion(text: string): void {
    const version = judgedVersionOf(text);
    const where = 'Header/AuditFileVersion';
    if (version === undefined) {
      const message = `"${text.slice(0, 20)}" is no version of Norwegian SAF-T Financial; the file is judged as 1.40`;
      this.#state.report(12, 'error', where, message, 'write 1.20, 1.30 or 1.40');
      return;
    }
    if (version !== text && Number(version) !== Number(text)) {
      const message = `the shape of version ${text} is not known here: it is judged as ${version}, which takes more`;
      this.#state.report(17, 'info', where, message, 'hold it against the schema of its version, if it matters');
    }
    let step: Step | undefined;
    let model: Model | undefined = auditFileModel(version);
    for (const [depth, next] of [[0, 'Header'] as const, [1, 'AuditFileVersion'] as const]) {
      const frame = this.#frames[depth];
      step = model?.steps.get(next);
      if (frame === undefined || model === undefined || step === undefined) return;
      frame.model = model;
      frame.place = step.after;
      model = step.model;
    }
  }

  #report(rule: Violation['rule'], message: string, line: number, action: string): void {
    const names = this.#frames.slice(1, this.#depth).map(({ model }) => model.name);
    this.#state.report(rule, 'error', `${names.join('/') || 'AuditFile'}, line ${line}`, message, action);
  }
}

/** The version whose shape a file is held against; undefined where the text is no version. */
export function judgedVersionOf(text: string): Version | undefined {
  switch (/^\d\.\d\d?$/.test(text) ? Number(text) : 0) {
    case 1:
    case 1.1:
    case 1.2:
      return '1.20';
    case 1.3:
      return '1.30';
    case 1.4:
      return '1.40';
    default:
      return undefined;
  }
}

/** A rule of its own names what it is about: groupings, the period, amounts. All else is the shape, rule 17. */
function ruleOf(name: string): number {
  if (/^(?:Grouping|StandardAccount)/.test(name)) return 14;
  if (/^(?:Selection|Period(?:Start|End))/.test(name)) return 9;
  if (name === 'StandardTaxCode') return 11;
  return /^(?:Amount|CurrencyAmount|NOKAmount|Opening.*|Closing.*|(?:Debit|Credit|Tax).*Amount|AnalysisAmount)$/.test(
    name,
  )
    ? 10
    : 17;
}

function isBlank(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false;
  }
  return true;
}
