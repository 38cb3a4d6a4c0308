import { BilagError, plainTextPdf, type Attachment } from '@bilag/core';
import { toMultipart } from '@bilag/http';

/** A file as Tripletex takes it: PDF, PNG, JPEG or TIFF. Text is laid out as a PDF; anything else is `unsupported`. */
export function attachmentOf(file: Attachment): { name: string; form: ReturnType<typeof toMultipart> } {
  const { mediaType } = file;
  const safeName = file.name.replaceAll(/[^\w.-]/g, '_');
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (documentTypes.has(type)) return { name: safeName, form: formOf(safeName, type, file.content) };
  if (textTypes.has(type)) {
    const name = `${safeName.replace(/\.[A-Za-z0-9]{1,5}$/, '')}.pdf`;
    const text = new TextDecoder().decode(file.content);
    return { name, form: formOf(name, 'application/pdf', plainTextPdf(text, { title: file.name })) };
  }
  throw new BilagError('unsupported', {
    what: `Tripletex takes no attachments of type ${mediaType}`,
    where: `attachment ${file.name}`,
    action: 'give it as PDF, PNG, JPEG, TIFF, or as plain text or CSV, which become a PDF',
  });
}

const documentTypes = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/tiff']);
const textTypes = new Set(['text/csv', 'text/plain']);

/** The name people see is the one of the part. */
function formOf(fileName: string, mediaType: string, content: Uint8Array): ReturnType<typeof toMultipart> {
  return toMultipart([{ name: 'file', fileName, mediaType, content }]);
}
