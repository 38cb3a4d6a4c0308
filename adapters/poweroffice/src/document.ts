import { plainTextPdf, type Attachment } from '@bilag/core';
import { cannotHold } from './errors.ts';

/** PowerOffice takes a PDF of at most 30 MB. */
const largestBytes = 30 * 1024 * 1024;

/** The form of `PUT /VoucherDocumentation`: a PDF as it is, text set as a PDF. Throws `unsupported` for anything else. */
export function toDocument(file: Attachment): { readonly contentType: string; readonly bytes: Uint8Array } {
  const { name, mediaType } = file;
  const bytes = mediaType.startsWith('text/')
    ? plainTextPdf(new TextDecoder().decode(file.content), { title: name })
    : file.content;
  if (!isPdf(bytes)) {
    throw cannotHold(
      'unsupported',
      'PowerOffice takes a PDF with a voucher, and nothing else',
      name,
      'make a PDF of it',
    );
  }
  if (bytes.length > largestBytes) {
    throw cannotHold('unsupported', 'PowerOffice takes at most 30 MB with a voucher', name, 'make it smaller');
  }
  const fileName = `${name.replaceAll(/[^\w.-]/g, '_').replace(/(?:\.pdf)?$/i, '')}.pdf`;
  // No PDF can hold this line, since it would end the form there: the bytes are looked through for it.
  const boundary = freeBoundary(bytes);
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${fileName}"`,
    'Content-Type: application/pdf',
    '',
    '',
  ].join('\r\n');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
}

function freeBoundary(bytes: Uint8Array): string {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let count = 0; ; count += 1) {
    const boundary = `bilag-document-${count}`;
    if (!content.includes(`--${boundary}`)) return boundary;
  }
}
