import type { Attachment } from '@bilag/core';
import { toDocument, toMultipart } from '@bilag/http';

/** The form of `POST /AttachedDocuments`. Its note is the file's name, by which it is known again. */
export function formOf(
  file: Attachment,
  place: { readonly voucherNumber: string; readonly accountingYear: string },
): ReturnType<typeof toMultipart> {
  const { name: fileName, mediaType, content } = toDocument(file, { title: 'e-conomic', largestMebibytes: 9 });
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
