import { SaxesParser } from 'saxes';
import { namespace } from '../profile.ts';
import { PlainReader } from './plain-reader.ts';
import { RecordReader, type ElementEvents, type ReaderEvents } from './record-reader.ts';
import { bounds, ForeignFile, tooMuch, UnreadableFile } from './unreadable-file.ts';
import { Utf8Reader } from './utf8-reader.ts';

/**
 * Feeds a SAF-T file, any prefix, with or without a byte order mark, to the events. Memory is that of one record. The parser
 * reads up to the root, then the {@link PlainReader} as far as it goes, and the parser the rest.
 */
export class XmlReader {
  readonly #decoder: Utf8Reader = new Utf8Reader();
  readonly #records: RecordReader;
  readonly #parser: SaxesParser<{ xmlns: true }> = new SaxesParser({ xmlns: true });
  readonly #mayBePlain: boolean;
  #plain: PlainReader | undefined;
  /** What the plain reader has not read. */
  #rest = '';
  #root = '';
  /** The line on which the root ended. */
  #rootEnd: number | undefined;
  /** Whether the parser is being told of tags that were read without it. */
  #isToldAgain = false;
  #text = '';
  /** Bytes since the last tag. */
  #untagged = 0;
  #otherEncoding: string | undefined;
  /** Whether a tag may have attributes: few have, and to look for them in every tag costs more than all else here. */
  #mayHaveAttributes = false;
  /** The root's own string of the namespace: the parser gives the same one again, which is quick to compare. */
  #namespace = namespace;
  /** Whether the text has a CDATA section: between elements even a blank one is too much. */
  #hasSection = false;

  /** Without `mayBePlain` the parser reads all of it; what is told is the same. */
  constructor(events: ReaderEvents, elements: ElementEvents, mayBePlain: boolean = true) {
    this.#records = new RecordReader(events, elements);
    this.#mayBePlain = mayBePlain;
    const parser = this.#parser;
    parser.on('xmldecl', ({ encoding }) => this.#declared(encoding));
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('text', (text) => (this.#text += text));
    parser.on('cdata', (text) => {
      this.#text += text;
      this.#hasSection = true;
    });
    parser.on('closetag', () => this.#close());
    parser.on('error', (error) => {
      throw this.#malformed(error.message);
    });
  }

  write(bytes: Uint8Array): void {
    // In pieces, so that a text without an end is left before it fills the memory.
    for (let start = 0; start < bytes.length; start += pieceBytes)
      this.#write(bytes.subarray(start, start + pieceBytes));
  }

  end(): void {
    if (!this.#decoder.isWhole) throw this.#notUtf8();
    this.#leavePlain();
    this.#parser.close();
  }

  #write(piece: Uint8Array): void {
    const text = this.#decode(piece);
    if (this.#plain !== undefined) this.#readPlain(this.#plain, text);
    else if (this.#root === '') this.#readToRoot(text, piece.length);
    else this.#parse(text, piece.length);
  }

  /** Tag by tag, so that nothing after the root's tag has been read when it comes. */
  #readToRoot(text: string, bytes: number): void {
    let from = 0;
    for (let end = text.indexOf('>') + 1; end > 0; end = text.indexOf('>', from) + 1) {
      this.#parse(text.slice(from, end), bytes);
      from = end;
      if (this.#root === '') continue;
      // A parser of XML 1.1 takes other characters for ends of lines.
      const isPlain = this.#mayBePlain && this.#records.depth === 1 && this.#parser.xmlDecl.version !== '1.1';
      if (!isPlain) break;
      this.#plain = new PlainReader(this.#records, this.#root, this.#parser.line);
      return this.#readPlain(this.#plain, text.slice(from));
    }
    this.#parse(text.slice(from), bytes);
  }

  #readPlain(plain: PlainReader, text: string): void {
    this.#rest = plain.read(this.#rest + text);
    if (plain.isStuck || this.#rest.length > pieceBytes) this.#leavePlain();
  }

  /** Brings the parser to where the plain reader is, by the tags that are open. */
  #leavePlain(): void {
    const plain = this.#plain;
    if (plain === undefined) return;
    this.#plain = undefined;
    const [root, ...tags] = plain.openTags;
    this.#isToldAgain = true;
    this.#parser.write(root === undefined ? `</${this.#root}>` : tags.map((tag) => `<${tag}>`).join(''));
    this.#isToldAgain = false;
    this.#parser.line = plain.line;
    if (root === undefined) this.#rootEnd = plain.line;
    this.#untagged = 0;
    this.#parse(this.#rest, Buffer.byteLength(this.#rest));
    this.#rest = '';
  }

  #parse(text: string, bytes: number): void {
    this.#untagged += bytes;
    const hasEquals = text.includes('=');
    this.#mayHaveAttributes ||= hasEquals;
    this.#parser.write(text);
    // A tag that is not read to its end may have had its attribute in this piece.
    if (this.#untagged === 0) this.#mayHaveAttributes = hasEquals;
    if (this.#untagged > bounds.textBytes) {
      throw tooMuch(`${bounds.textBytes} bytes without an element`, this.#parser.line);
    }
  }

  #decode(bytes: Uint8Array): string {
    const text = this.#decoder.read(bytes);
    if (text !== undefined) return text;
    if (this.#records.depth === 0) this.#refuseForeign(bytes);
    throw this.#notUtf8();
  }

  #notUtf8(): UnreadableFile {
    this.#leavePlain();
    return new UnreadableFile(15, this.#otherEncoding ?? 'the file is not UTF-8', this.#parser.line);
  }

  /** What is of another kind or country is called so, rather than by its encoding. */
  #refuseForeign(bytes: Uint8Array): void {
    const start = Buffer.from(bytes.subarray(0, pieceBytes)).toString('latin1');
    if (start.startsWith('PK\u0003\u0004')) throw archive('zip');
    if (start.startsWith('\u001f\u008b')) throw archive('gzip');
    try {
      this.#parser.write(start);
    } catch (error) {
      if (error instanceof ForeignFile) throw error;
    }
  }

  /** Said when the root is known: a file of another country has another encoding too. */
  #declared(encoding: string | undefined): void {
    if (encoding === undefined || encoding.toUpperCase() === 'UTF-8') return;
    this.#otherEncoding = `the file declares the encoding ${encoding.slice(0, 40)}, not UTF-8`;
  }

  #malformed(message: string): UnreadableFile {
    // Where text after the root ends, the parser may not know yet: that is where its piece ends.
    const line = message.endsWith('outside of root node.') ? (this.#rootEnd ?? this.#parser.line) : this.#parser.line;
    return new UnreadableFile('XML', `not well-formed XML: ${message.replace(/^\d+:\d+: /, '')}`, line);
  }

  #open({ name, local, uri, attributes }: OpenedTag): void {
    const { line } = this.#parser;
    if (this.#isToldAgain) return;
    this.#untagged = 0;
    if (this.#records.depth === 0) this.#refuseRoot(name, local, uri);
    const isSkipping = this.#records.isSkipping;
    this.#records.open(local, this.#between(), line);
    if (!isSkipping) this.#judge(local, uri, attributes, line);
    this.#text = '';
    this.#hasSection = false;
  }

  /** Any attribute but a declaration of a namespace, or where a schema lies. */
  #judge(name: string, uri: string, attributes: OpenedTag['attributes'], line: number): void {
    if (uri !== this.#namespace) this.#records.foreign(`is in the namespace "${uri.slice(0, 80)}"`, name, line);
    if (!this.#mayHaveAttributes) return;
    for (const [key, { uri: place, local }] of Object.entries(attributes)) {
      if (place === declarations || (place === instances && /^(?:noNamespaceS|s)chemaLocation$/.test(local))) continue;
      this.#records.foreign(`has the attribute ${key.slice(0, 40)}`, name, line);
    }
  }

  #refuseRoot(name: string, local: string, uri: string): void {
    if (local !== 'AuditFile' || uri !== namespace) throw new ForeignFile(local, uri, this.#parser.line);
    this.#root = name;
    this.#namespace = uri;
    if (this.#otherEncoding !== undefined) throw new UnreadableFile(15, this.#otherEncoding, 1);
  }

  #close(): void {
    if (this.#isToldAgain) return;
    this.#untagged = 0;
    this.#records.close(this.#records.isLeaf ? this.#text : this.#between(), this.#parser.line);
    if (this.#records.depth === 0) this.#rootEnd = this.#parser.line;
    this.#text = '';
    this.#hasSection = false;
  }

  #between(): string {
    return this.#hasSection ? `<![CDATA[${this.#text}` : this.#text;
  }
}

interface OpenedTag {
  readonly name: string;
  readonly local: string;
  readonly uri: string;
  readonly attributes: Readonly<Record<string, { readonly uri: string; readonly local: string }>>;
}

function archive(kind: string): UnreadableFile {
  return new UnreadableFile('XML', `this is a ${kind} file: unpack it, and check what is in it`, 1);
}

const pieceBytes = 256 * 1024;
const declarations = 'http://www.w3.org/2000/xmlns/';
const instances = 'http://www.w3.org/2001/XMLSchema-instance';
