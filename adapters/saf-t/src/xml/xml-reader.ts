import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { namespace } from '../profile.ts';

/** A small part of a file, read whole: the header, an account, a line. */
export interface Node {
  readonly name: string;
  readonly line: number;
  readonly children: readonly Node[];
  readonly text: string;
}

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
class ForeignFile extends UnreadableFile {}

function foreignKindOf(name: string, uri: string): string | undefined {
  if (name === 'Sie' || name === 'SieEntry') return 'a SIE 5 file';
  if (name !== 'AuditFile' && name !== 'Auditfile' && name !== 'auditfile') return undefined;
  return uri === '' || uri === namespace ? undefined : 'a SAF-T file of another country or kind';
}

interface GrowingNode extends Node {
  readonly children: GrowingNode[];
  text: string;
}

/** Deeper, longer and more than any file that somebody meant: what is beyond is not read. */
const bounds = { depth: 64, textBytes: 16_000_000, recordElements: 1_000_000 };

/** Feeds a SAF-T file, any prefix, with or without a byte order mark, to the events. Memory is that of one record. */
export class XmlReader {
  readonly #decoder: TextDecoder = new TextDecoder('utf-8', { fatal: true });
  readonly #events: ReaderEvents;
  readonly #elements: ElementEvents;
  readonly #parser: SaxesParser<{ xmlns: true }> = new SaxesParser({ xmlns: true });
  /** The names of the open elements, those inside a record excepted. */
  readonly #path: string[] = [];
  /** The open elements of the record that is being read. */
  readonly #record: GrowingNode[] = [];
  #text = '';
  #isLeaf = false;
  /** Depth inside what is skipped: SourceDocuments are defined and not in use. */
  #skipped = 0;

  /** Bytes since the last tag. */
  #untagged = 0;
  #otherEncoding: string | undefined;
  /** Whether a tag may have attributes: few have, and to look for them in every tag costs more than all else here. */
  #mayHaveAttributes = false;
  /** The root's own string of the namespace: the parser gives the same one again, which is quick to compare. */
  #namespace = namespace;
  /** Whether the text has a CDATA section: between elements even a blank one is too much. */
  #hasSection = false;
  #recordElements = 0;

  constructor(events: ReaderEvents, elements: ElementEvents) {
    this.#events = events;
    this.#elements = elements;
    const parser = this.#parser;
    parser.on('xmldecl', ({ encoding }) => this.#declared(encoding));
    parser.on('opentag', (tag) => this.#open(tag.local, tag.uri, tag.attributes));
    parser.on('text', (text) => (this.#text += text));
    parser.on('cdata', (text) => {
      this.#text += text;
      this.#hasSection = true;
    });
    parser.on('closetag', (tag) => this.#close(tag.local));
    parser.on('error', (error) => {
      throw this.#malformed(error.message);
    });
  }

  write(bytes: Uint8Array): void {
    // In pieces, so that a text without an end is left before it fills the memory.
    for (let start = 0; start < bytes.length; start += pieceBytes)
      this.#write(bytes.subarray(start, start + pieceBytes));
  }

  #write(piece: Uint8Array): void {
    this.#untagged += piece.length;
    const text = this.#decode(piece);
    const hasEquals = text.includes('=');
    this.#mayHaveAttributes ||= hasEquals;
    this.#parser.write(text);
    // A tag that is not read to its end may have had its attribute in this piece.
    if (this.#untagged === 0) this.#mayHaveAttributes = hasEquals;
    if (this.#untagged > bounds.textBytes) throw this.#tooMuch(`${bounds.textBytes} bytes without an element`);
  }

  #tooMuch(what: string): UnreadableFile {
    return new UnreadableFile('XML', `this is not a SAF-T file that somebody meant: ${what}`, this.#parser.line);
  }

  end(): void {
    this.#parser.write(this.#decode(undefined));
    this.#parser.close();
  }

  #decode(bytes: Uint8Array | undefined): string {
    try {
      return bytes === undefined ? this.#decoder.decode() : this.#decoder.decode(bytes, { stream: true });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (bytes !== undefined && this.#path.length === 0) this.#refuseForeign(bytes);
      throw new UnreadableFile(15, this.#otherEncoding ?? 'the file is not UTF-8', this.#parser.line);
    }
  }

  /** What is of another kind or country is called so, rather than by its encoding. */
  #refuseForeign(bytes: Uint8Array): void {
    const start = Buffer.from(bytes.subarray(0, pieceBytes)).toString('latin1');
    if (start.startsWith('PK\u0003\u0004')) throw this.#archive('zip');
    if (start.startsWith('\u001f\u008b')) throw this.#archive('gzip');
    try {
      this.#parser.write(start);
    } catch (error) {
      if (error instanceof ForeignFile) throw error;
    }
  }

  #archive(kind: string): UnreadableFile {
    return new UnreadableFile('XML', `this is a ${kind} file: unpack it, and check what is in it`, 1);
  }

  /** Said when the root is known: a file of another country has another encoding too. */
  #declared(encoding: string | undefined): void {
    if (encoding === undefined || encoding.toUpperCase() === 'UTF-8') return;
    this.#otherEncoding = `the file declares the encoding ${encoding.slice(0, 40)}, not UTF-8`;
  }

  #malformed(message: string): UnreadableFile {
    return new UnreadableFile('XML', `not well-formed XML: ${message.replace(/^\d+:\d+: /, '')}`, this.#parser.line);
  }

  #open(
    name: string,
    uri: string,
    attributes: Readonly<Record<string, { readonly uri: string; readonly local: string }>>,
  ): void {
    const { line } = this.#parser;
    this.#untagged = 0;
    if (this.#path.length === 0) this.#refuseRoot(name, uri);
    if (this.#path.length + this.#record.length + this.#skipped >= bounds.depth) {
      throw this.#tooMuch(`elements are more than ${bounds.depth} deep`);
    }
    this.#judge(name, uri, attributes, line);
    this.#text = '';
    this.#hasSection = false;
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
        throw this.#tooMuch(`one ${this.#record[0]?.name} has more than ${bounds.recordElements} elements`);
      }
    } else {
      this.#path.push(name);
      this.#events.open(name, line);
    }
  }

  /** Any attribute but a declaration of a namespace, or where a schema lies. */
  #judge(
    name: string,
    uri: string,
    attributes: Readonly<Record<string, { readonly uri: string; readonly local: string }>>,
    line: number,
  ): void {
    this.#elements.open(name, this.#between(), line);
    if (this.#skipped > 0) return;
    if (uri !== this.#namespace) this.#elements.foreign(`is in the namespace "${uri.slice(0, 80)}"`, name, line);
    if (!this.#mayHaveAttributes) return;
    for (const [key, { uri: place, local }] of Object.entries(attributes)) {
      if (place === declarations || (place === instances && /^(?:noNamespaceS|s)chemaLocation$/.test(local))) continue;
      this.#elements.foreign(`has the attribute ${key.slice(0, 40)}`, name, line);
    }
  }

  #refuseRoot(name: string, uri: string): void {
    if (name === 'AuditFile' && uri === namespace) {
      this.#namespace = uri;
      if (this.#otherEncoding !== undefined) throw new UnreadableFile(15, this.#otherEncoding, 1);
      return;
    }
    const found = `the root is ${name.slice(0, 40)} in "${uri.slice(0, 80)}"`;
    const kind = foreignKindOf(name, uri);
    const what = `this is ${kind === undefined ? '' : `${kind}, `}not a Norwegian SAF-T Financial file`;
    throw new ForeignFile('XML', `${what}: ${found}, not AuditFile in "${namespace}"`, this.#parser.line);
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

  #close(name: string): void {
    this.#untagged = 0;
    this.#elements.close(this.#isLeaf ? this.#text : this.#between(), this.#parser.line);
    if (this.#skipped > 0) {
      this.#skipped -= 1;
    } else if (this.#record.length > 0) {
      const node = this.#record.pop();
      if (node !== undefined) this.#closeNode(node);
    } else {
      this.#path.pop();
      const { line } = this.#parser;
      // A field without children: the events get it as one; the containers are told apart by having had some.
      if (this.#isLeaf) this.#events.field(this.#path.at(-1) ?? '', name, this.#text, line);
      this.#events.close(name, line);
    }
    this.#text = '';
    this.#hasSection = false;
    this.#isLeaf = false;
  }

  #between(): string {
    return this.#hasSection ? `<![CDATA[${this.#text}` : this.#text;
  }

  #closeNode(node: GrowingNode): void {
    if (this.#isLeaf) node.text = this.#text;
    if (this.#record.length === 0) this.#events.record(this.#path.at(-1) ?? '', node);
  }
}

const pieceBytes = 256 * 1024;
const declarations = 'http://www.w3.org/2000/xmlns/';
const instances = 'http://www.w3.org/2001/XMLSchema-instance';

/** The text of a node's child, or undefined. */
export function textOf(node: Node | undefined, name: string): string | undefined {
  return childOf(node, name)?.text;
}

/** A node's first child of a name. */
export function childOf(node: Node | undefined, name: string): Node | undefined {
  if (node === undefined) return undefined;
  for (const child of node.children) if (child.name === name) return child;
  return undefined;
}

/** A node's children of a name. */
export function childrenOf(node: Node | undefined, name: string): readonly Node[] {
  return node === undefined ? [] : node.children.filter((child) => child.name === name);
}
