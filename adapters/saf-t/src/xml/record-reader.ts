import type { Node } from './node.ts';
import { bounds, tooMuch } from './unreadable-file.ts';

/** What a reader of the file is told of every element, in the order of the file. */
export interface ElementEvents {
  /** `before` is the text between the element and the tag before it. */
  open(name: string, before: string, line: number): void;
  close(text: string, line: number): void;
  /** An element of another namespace, or with attributes. */
  foreign(what: string, name: string, line: number): void;
}

/** What a reader of the file is told, in the order of the file. */
export interface ReaderEvents {
  /** An element that holds more than is kept in memory: AuditFile, MasterFiles, a Journal, a Transaction. */
  open(name: string, line: number): void;
  close(name: string, line: number): void;
  /** A field of such an element. */
  field(parent: string, name: string, text: string, line: number): void;
  /** The Header, an entry of a master file, a Line. `list` is the element it stands in. */
  record(list: string, node: Node): void;
}

interface GrowingNode extends Node {
  readonly children: GrowingNode[];
  text: string;
}

/** Makes records of elements as they come. Memory is that of one record. */
export class RecordReader {
  readonly #events: ReaderEvents;
  readonly #elements: ElementEvents;
  /** The names of the open elements, those inside a record excepted. */
  readonly #path: string[] = [];
  /** The open elements of the record that is being read. */
  readonly #record: GrowingNode[] = [];
  #recordElements = 0;
  #isLeaf = false;
  /** Depth inside what is skipped: SourceDocuments are defined and not in use. */
  #skipped = 0;

  constructor(events: ReaderEvents, elements: ElementEvents) {
    this.#events = events;
    this.#elements = elements;
  }

  /** How many elements are open. */
  get depth(): number {
    return this.#path.length + this.#record.length + this.#skipped;
  }

  get isSkipping(): boolean {
    return this.#skipped > 0;
  }

  /** Whether the open element has had no element so far. */
  get isLeaf(): boolean {
    return this.#isLeaf;
  }

  /** An element begins. `before` is the text between it and the tag before. */
  open(name: string, before: string, line: number): void {
    if (this.depth >= bounds.depth) throw tooMuch(`elements are more than ${bounds.depth} deep`, line);
    this.#elements.open(name, before, line);
    this.#isLeaf = true;
    const parent = this.#record.at(-1);
    if (this.#skipped > 0 || (this.#path.length === 1 && name === 'SourceDocuments')) {
      this.#skipped += 1;
    } else if (parent !== undefined || this.#startsRecord(name)) {
      const node = { name, line, children: [], text: '' };
      parent?.children.push(node);
      this.#record.push(node);
      this.#recordElements = parent === undefined ? 1 : this.#recordElements + 1;
      if (this.#recordElements > bounds.recordElements) {
        throw tooMuch(`one ${this.#record[0]?.name} has more than ${bounds.recordElements} elements`, line);
      }
    } else {
      this.#path.push(name);
      this.#events.open(name, line);
    }
  }

  /** The open element ends, after a text: a leaf's own, or what stands after its last element. */
  close(text: string, line: number): void {
    this.#elements.close(text, line);
    if (this.#skipped > 0) {
      this.#skipped -= 1;
    } else if (this.#record.length > 0) {
      const node = this.#record.pop();
      if (node !== undefined) this.#closeNode(node, text);
    } else {
      const name = this.#path.pop() ?? '';
      // A field without children: the events get it as one; the containers are told apart by having had some.
      if (this.#isLeaf) this.#events.field(this.#path.at(-1) ?? '', name, text, line);
      this.#events.close(name, line);
    }
    this.#isLeaf = false;
  }

  foreign(what: string, name: string, line: number): void {
    this.#elements.foreign(what, name, line);
  }

  #closeNode(node: GrowingNode, text: string): void {
    if (this.#isLeaf) node.text = text;
    if (this.#record.length === 0) this.#events.record(this.#path.at(-1) ?? '', node);
  }

  #startsRecord(name: string): boolean {
    switch (this.#path.length) {
      case 1:
        return name === 'Header';
      case 3:
        return this.#path[1] === 'MasterFiles';
      case 4:
        return name === 'Line' && this.#path[3] === 'Transaction';
      default:
        return false;
    }
  }
}
