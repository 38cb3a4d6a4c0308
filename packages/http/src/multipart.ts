import { createHash } from 'node:crypto';

/** One part of a form: a text, or a file with its name. */
export interface FormPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Of a file: what people see. */
  readonly fileName?: string;
  readonly mediaType?: string;
}

/**
 * A multipart form (RFC 7578) as header and body of a request. Pure. The boundary is made of the content, so it is not in it.
 *
 * @example
 * ```ts
 * import { toMultipart } from '@bilag/http';
 *
 * const { headers } = toMultipart([{ name: 'file', fileName: 'a.pdf', mediaType: 'application/pdf', content: '%PDF-' }]);
 * headers['content-type']?.startsWith('multipart/form-data; boundary=bilag-'); // => true
 * ```
 */
export function toMultipart(parts: readonly FormPart[]): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
} {
  const hash = createHash('sha256');
  for (const { content } of parts) hash.update(content);
  const boundary = `bilag-${hash.digest('hex').slice(0, 32)}`;
  const pieces = parts.flatMap(({ name, content, fileName, mediaType }) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${plain(name)}"`,
    fileName === undefined ? '' : `; filename="${plain(fileName)}"`,
    mediaType === undefined ? '' : `\r\ncontent-type: ${mediaType.replaceAll(/[\r\n]/g, '')}`,
    '\r\n\r\n',
    content,
    '\r\n',
  ]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as string))),
  };
}

/** A quote or the end of a line would end the name. */
function plain(text: string): string {
  return text.replaceAll(/["\r\n]/g, '_');
}
