/** How a page is told from others of its kind. */
export interface PdfOptions {
  /** In the document's properties; a file name will do. */
  readonly title: string;
}

/**
 * Sets plain text as a PDF, for targets that take no text as attachment: fixed-width letters on A4 across, so that columns
 * stay columns, long lines broken. Pure: the same text gives the same bytes. It knows the letters of Western Europe
 * (Windows-1252); any other becomes a question mark.
 *
 * @example
 * ```ts
 * import { plainTextPdf } from '@bilag/core';
 *
 * const pdf = plainTextPdf('date;amount\n2026-01-31;7.89\n', { title: 'entries.csv' });
 * new TextDecoder('latin1').decode(pdf.subarray(0, 8)); // => '%PDF-1.4'
 * ```
 */
export function plainTextPdf(text: string, options: PdfOptions): Uint8Array {
  const pages = pagesOf(text);
  const kids = pages.map((_, index) => `${pageNumber(index)} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
    `<< /Title ${pdfString(options.title)} /Producer (Bilag) >>`,
    ...pages.flatMap((lines, index) => {
      const content = contentOf(lines);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] ` +
          `/Resources << /Font << /F1 3 0 R >> >> /Contents ${pageNumber(index) + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return bytesOf(fileOf(objects));
}

/** Points: A4 across. */
const width = 842;
const height = 595;
const margin = 36;
const fontSize = 8;
const lineHeight = 10;
/** Courier's letters are 0.6 of their size wide. */
const columns: number = Math.floor((width - 2 * margin) / (fontSize * 0.6));
const rows: number = Math.floor((height - 2 * margin) / lineHeight);
const firstPage = 5;

/** Each page is followed by its content. */
function pageNumber(index: number): number {
  return firstPage + 2 * index;
}

function pagesOf(text: string): string[][] {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = winAnsi(whole.normalize('NFC'))
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .flatMap((line) => (line === '' ? [''] : (line.match(new RegExp(`.{1,${columns}}`, 'gs')) ?? [])));
  const pages: string[][] = [];
  for (let start = 0; start < lines.length; start += rows) pages.push(lines.slice(start, start + rows));
  return pages;
}

function contentOf(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${escaped(line)}) Tj T*`).join('\n');
  const top = height - margin - fontSize;
  return `BT\n/F1 ${fontSize} Tf\n${lineHeight} TL\n${margin} ${top} Td\n${shown}\nET`;
}

/** Header, objects and the table of where each begins (ISO 32000-1, 7.5). Every character is one byte. */
function fileOf(objects: readonly string[]): string {
  // Four letters beyond ASCII say that the file is binary.
  let file = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = file.length;
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  return `${file}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${start}\n%%EOF\n`;
}

function pdfString(text: string): string {
  return `(${escaped(winAnsi(text))})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\()]/g, String.raw`\$&`);
}

/** One character per byte of Windows-1252: Latin 1, and what Windows put between. Tabs become spaces. */
function winAnsi(text: string): string {
  let result = '';
  for (const character of text.replaceAll('\t', '    ')) {
    const code = character.codePointAt(0) ?? 0;
    const special = windowsOnly.indexOf(character);
    if (character === '\n' || character === '\r') result += character;
    else if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)) result += character;
    else result += special === -1 ? '?' : String.fromCharCode(0x80 + special);
  }
  return result;
}

/** 0x80 to 0x9f; a space where Windows-1252 has nothing. */
const windowsOnly = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
