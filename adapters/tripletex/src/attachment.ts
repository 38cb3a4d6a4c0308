import { createHash } from 'node:crypto';
import { BilagError, plainTextPdf, type Attachment } from '@bilag/core';

/** A file as Tripletex takes it: PDF, PNG, JPEG or TIFF. Text is laid out as a PDF; anything else is `unsupported`. */
export function attachmentOf(file: Attachment): { name: string; form: MultipartForm } {
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
    now: 'give it as PDF, PNG, JPEG, TIFF, or as plain text or CSV, which become a PDF',
  });
}

interface MultipartForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const documentTypes = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/tiff']);
const textTypes = new Set(['text/csv', 'text/plain']);

/** The name people see is the one of the part. The boundary is made of the content, so it cannot be in it. */
function formOf(name: string, mediaType: string, content: Uint8Array): MultipartForm {
  const boundary = `bilag-${createHash('sha256').update(content).digest('hex').slice(0, 32)}`;
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n` +
    `content-type: ${mediaType}\r\n\r\n`;
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
