import type { RecordReader } from './record-reader.ts';

/**
 * Reads the plain part of XML, which is nearly all of most files: tags without attributes, texts without anything but the
 * five named references, blanks. It judges nothing: where anything else comes it is {@link isStuck}, and the parser reads on.
 */
export class PlainReader {
  /** The names of the open tags as they are written, the root's first. */
  readonly openTags: string[];
  /** The line of the last tag. */
  line: number;
  isStuck = false;
  readonly #records: RecordReader;
  /** What stands before every name: nothing, or the root's prefix and a colon. */
  readonly #prefix: string;
  /** Tags as they are written, by some of their characters: most come again and again. */
  readonly #known: (Tag | undefined)[] = Array.from<Tag | undefined>({ length: 1024 });
  /** Of the text that was passed last. */
  #newLines = 0;
  #isBlank = true;
  #hasReference = false;

  constructor(records: RecordReader, rootTag: string, line: number) {
    this.#records = records;
    this.openTags = [rootTag];
    this.#prefix = rootTag.slice(0, rootTag.indexOf(':') + 1);
    this.line = line;
  }

  /** Reads on, and returns what is left: a tag that has not come to its end, or what is not plain. */
  read(text: string): string {
    let at = 0;
    for (;;) {
      const start = this.#passText(text, at);
      const end = start === -1 ? -1 : text.indexOf('>', start);
      if (end === -1) return text.slice(at);
      const isClosing = text.charCodeAt(start + 1) === slash;
      this.isStuck = isClosing ? !this.#close(text, at, start, end) : !this.#open(text, start, end);
      if (this.isStuck) return text.slice(at);
      at = end + 1;
    }
  }

  /** The place of the next tag; −1 where there is none, or where the text is not plain. */
  #passText(text: string, from: number): number {
    this.#newLines = 0;
    this.#isBlank = true;
    this.#hasReference = false;
    for (let index = from; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code === lessThan) return index;
      if (code > blank) {
        this.#isBlank = false;
        if (code === ampersand) this.#hasReference = true;
        else if (code >= 0xfffe || (code === greaterThan && text.endsWith(']]', index))) return this.#stop();
      } else if (code === lineFeed) this.#newLines += 1;
      else if (code !== blank && code !== tab) {
        // A carriage return is a blank before a line feed; the parser knows what others are.
        if (code !== carriageReturn || !this.#isBlank) return this.#stop();
        if (index + 1 < text.length && text.charCodeAt(index + 1) !== lineFeed) return this.#stop();
      }
    }
    return -1;
  }

  #stop(): -1 {
    this.isStuck = true;
    return -1;
  }

  #open(text: string, start: number, end: number): boolean {
    const tag = this.#tagOf(text, start + 1, end);
    if (tag === undefined || !this.#isBlank || this.openTags.length === 0) return false;
    this.line += this.#newLines;
    this.#records.open(tag.name, '', this.line);
    if (tag.isEmpty) this.#records.close('', this.line);
    else this.openTags.push(tag.written);
    return true;
  }

  #close(text: string, at: number, start: number, end: number): boolean {
    const tag = this.openTags.at(-1);
    if (tag === undefined || end - start - 2 !== tag.length || !text.startsWith(tag, start + 2)) return false;
    const isLeaf = this.#records.isLeaf;
    if (!isLeaf && !this.#isBlank) return false;
    const content = isLeaf ? this.#contentOf(text, at, start) : '';
    if (content === undefined) return false;
    this.line += this.#newLines;
    this.openTags.pop();
    this.#records.close(content, this.line);
    return true;
  }

  #contentOf(text: string, from: number, to: number): string | undefined {
    const content = text.slice(from, to);
    if (content.includes('\r')) return undefined;
    if (!this.#hasReference) return content;
    if (unknownReference.test(content)) return undefined;
    return content.replace(namedReference, (_, name: keyof typeof references) => references[name]);
  }

  #tagOf(text: string, from: number, to: number): Tag | undefined {
    const length = to - from;
    const place =
      (text.charCodeAt(from) * 31 + text.charCodeAt(to - 1) * 7 + text.charCodeAt(to - 4) + length * 67) & 1023;
    const known = this.#known[place];
    if (known?.text.length === length && text.startsWith(known.text, from)) return known;
    const tag = tagFrom(text.slice(from, to), this.#prefix);
    this.#known[place] = tag;
    return tag;
  }
}

/** What stands between the brackets of a tag, and what it says. */
interface Tag {
  readonly text: string;
  /** The name with its prefix. */
  readonly written: string;
  readonly name: string;
  readonly isEmpty: boolean;
}

function tagFrom(text: string, prefix: string): Tag | undefined {
  if (text.length > 100 || !text.startsWith(prefix)) return undefined;
  const [, name, end] = /^([A-Za-z_][\w.-]*) *(\/?)$/.exec(text.slice(prefix.length)) ?? [];
  return name === undefined ? undefined : { text, written: prefix + name, name, isEmpty: end === '/' };
}

const references = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const namedReference = /&(amp|lt|gt|quot|apos);/g;
const unknownReference = /&(?!(?:amp|lt|gt|quot|apos);)/;

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const ampersand = 0x26;
const slash = 0x2f;
const lessThan = 0x3c;
const greaterThan = 0x3e;
