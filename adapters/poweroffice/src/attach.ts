import { plainTextPdf, type Attachment } from '@bilag/core';
import { cannotHold, toMultipart } from '@bilag/http';

/** PowerOffice takes a PDF of at most 30 MB. */
const largestBytes = 30 * 1024 * 1024;

/** The form of `PUT /VoucherDocumentation`: a PDF as it is, text set as a PDF. Throws `unsupported` for anything else. */
export function toDocument(file: Attachment): ReturnType<typeof toMultipart> {
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
  return toMultipart([{ name: 'file', fileName, mediaType: 'application/pdf', content: bytes }]);
}

function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
}
