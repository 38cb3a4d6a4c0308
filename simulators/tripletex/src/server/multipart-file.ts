import type { ServerRequest } from '@bilag/fault-server';
import { invalid } from '../tripletex-replies.ts';

/** A file as it came in a multipart form. */
export interface UploadedFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** The part called `file`. What is not PDF, PNG, JPEG or TIFF by its first bytes is refused, whatever it is called. */
export function uploadedFile({ headers, body }: ServerRequest): UploadedFile {
  const [, boundary] = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '') ?? [];
  if (boundary === undefined) throw invalid('file', 'Kan ikke være null.');
  const text = Buffer.from(body);
  const start = text.indexOf(`--${boundary}\r\n`);
  const headEnd = text.indexOf('\r\n\r\n', start);
  const end = text.indexOf(`\r\n--${boundary}--`, headEnd);
  if (start === -1 || headEnd === -1 || end === -1) throw invalid('file', 'Kan ikke være null.');
  const head = text.subarray(start, headEnd).toString();
  const [, fileName] = /;\s*filename="([^"]*)"/i.exec(head) ?? [];
  if (!/;\s*name="file"/i.test(head) || fileName === undefined) throw invalid('file', 'Kan ikke være null.');
  const content = new Uint8Array(text.subarray(headEnd + 4, end));
  const mediaType = mediaTypeOf(content);
  if (mediaType === undefined) throw invalid('file', 'Ugyldig filformat.');
  return { fileName, mediaType, content };
}

function mediaTypeOf(content: Uint8Array): string | undefined {
  const start = Buffer.from(content.subarray(0, 8)).toString('latin1');
  return beginnings.find(([beginning]) => start.startsWith(beginning))?.[1];
}

const beginnings: readonly (readonly [string, string])[] = [
  ['%PDF-', 'application/pdf'],
  ['\u0089PNG', 'image/png'],
  ['\u00ff\u00d8\u00ff', 'image/jpeg'],
  ['II*\u0000', 'image/tiff'],
  ['MM\u0000*', 'image/tiff'],
];
