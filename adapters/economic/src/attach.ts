import { named, plainTextPdf, type Attachment } from '@bilag/core';
import { toMultipart } from '@bilag/http';
import { cannotHold } from './errors.ts';

/** e-conomic takes 9 MB with a voucher. */
const largestBytes = 9_437_184;

const kept: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** The form of `POST /AttachedDocuments`. Text is set as a PDF; its note is the file's name, by which it is known again. */
export function toDocument(
  file: Attachment,
  place: { readonly voucherNumber: string; readonly accountingYear: string },
): ReturnType<typeof toMultipart> {
  const { name } = file;
  const isText = file.mediaType.startsWith('text/');
  const mediaType = isText ? 'application/pdf' : file.mediaType;
  const content = isText ? plainTextPdf(new TextDecoder().decode(file.content), { title: name }) : file.content;
  const extension = named(kept, mediaType);
  if (extension === undefined) {
    const what = 'e-conomic takes a PDF, a JPEG or a PNG with a voucher, and nothing else';
    throw cannotHold('unsupported', what, name, 'make a PDF of it');
  }
  if (content.length > largestBytes) {
    throw cannotHold('unsupported', 'e-conomic takes at most 9 MB with a voucher', name, 'make it smaller');
  }
  const fileName = `${name.replaceAll(/[^\w.-]/g, '_').replace(/\.\w{1,5}$/, '')}.${extension}`;
  return toMultipart([
    { name: 'File', fileName, mediaType, content },
    { name: 'VoucherNumber', content: place.voucherNumber },
    { name: 'AccountingYear', content: place.accountingYear },
    { name: 'Note', content: noteOf(file) },
    // 1 refuses where a document is there already, of whoever it is; 0 would add our pages to it.
    { name: 'OnConflict', content: '1' },
  ]);
}

/** What a document of ours is known by. */
export function noteOf({ name }: Pick<Attachment, 'name'>): string {
  return name.slice(0, 250);
}
