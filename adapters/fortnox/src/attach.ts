import { named, plainTextPdf, type Attachment } from '@bilag/core';
import { toMultipart } from '@bilag/http';
import { cannotHold } from './errors.ts';

const kept: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** A file as Fortnox takes it: text is set as a PDF. */
export interface Document {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** Throws `unsupported` for what is neither text, PDF, JPEG nor PNG. */
export function toDocument(file: Attachment): Document {
  const { name } = file;
  const isText = file.mediaType.startsWith('text/');
  const mediaType = isText ? 'application/pdf' : file.mediaType;
  const content = isText ? plainTextPdf(new TextDecoder().decode(file.content), { title: name }) : file.content;
  const extension = named(kept, mediaType);
  if (extension === undefined) {
    throw cannotHold('unsupported', 'Fortnox takes a PDF, a JPEG or a PNG with a voucher', name, 'make a PDF of it');
  }
  return { name: `${name.replaceAll(/[^\w.-]/g, '_').replace(/\.\w{1,5}$/, '')}.${extension}`, mediaType, content };
}

/** The form of `POST /inbox`. */
export function formOf({ name, mediaType, content }: Document): ReturnType<typeof toMultipart> {
  return toMultipart([{ name: 'file', fileName: name, mediaType, content }]);
}
