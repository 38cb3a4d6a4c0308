import { named, plainTextPdf, type Attachment } from '@bilag/core';
import { cannotHold } from './voucher-refusals.ts';

const kept: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** What a target takes. */
export interface DocumentRules {
  /** What people call the target. */
  readonly title: string;
  /** Where it says how large a file may be: in mebibytes. */
  readonly largestMebibytes?: number;
}

/**
 * A file as targets take it that know documents and pictures alone: PDF, JPEG and PNG as they are, text set as a PDF, under a name of
 * plain letters. Throws `unsupported` for any other, and for one that is too large.
 *
 * @example
 * ```ts
 * import { toDocument } from '@bilag/http';
 *
 * const file = { name: 'vipps mars.csv', mediaType: 'text/csv', content: new TextEncoder().encode('dato;beløp\n') };
 * toDocument(file, { title: 'Acme Books' }).name; // => 'vipps_mars.pdf'
 * ```
 */
export function toDocument(file: Attachment, { title, largestMebibytes = Infinity }: DocumentRules): Attachment {
  const { name } = file;
  const isText = file.mediaType.startsWith('text/');
  const mediaType = isText ? 'application/pdf' : file.mediaType;
  const content = isText ? plainTextPdf(new TextDecoder().decode(file.content), { title: name }) : file.content;
  const extension = named(kept, mediaType);
  if (extension === undefined) {
    const what = `${title} takes a PDF, a JPEG or a PNG with a voucher, and nothing else`;
    throw cannotHold('unsupported', what, name, 'make a PDF of it');
  }
  if (content.length > largestMebibytes * 1024 * 1024) {
    const what = `${title} takes at most ${largestMebibytes} MB with a voucher`;
    throw cannotHold('unsupported', what, name, 'make it smaller');
  }
  return { name: `${name.replaceAll(/[^\w.-]/g, '_').replace(/\.\w{1,5}$/, '')}.${extension}`, mediaType, content };
}
