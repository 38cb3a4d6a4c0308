import { BilagError, plainTextPdf, type Attachment } from '@bilag/core';

/** A file as Fiken takes it. It knows pictures and PDF alone, so text is set as a plain page. */
export function pictureOf(file: Attachment): Attachment {
  if (/\.(?:png|jpe?g|gif|pdf)$/i.test(file.name)) return file;
  if (!file.mediaType.startsWith('text/')) {
    throw new BilagError('unsupported', {
      what: `Fiken takes no file of type ${file.mediaType}`,
      where: file.name,
      now: 'give a PDF, a PNG, a JPEG, or text',
    });
  }
  return {
    name: `${file.name.replace(/\.[A-Za-z0-9]+$/, '')}.pdf`,
    mediaType: 'application/pdf',
    content: plainTextPdf(new TextDecoder().decode(file.content), { title: file.name }),
  };
}

/** A multipart form (RFC 7578) of the file's name and content. */
export function toMultipart({ name, mediaType, content }: Attachment): { contentType: string; bytes: Uint8Array } {
  const plainName = name.replaceAll(/["\r\n]/g, '_');
  const boundary = unusedBoundary(content);
  const head = [
    `--${boundary}\r\ncontent-disposition: form-data; name="filename"\r\n\r\n${plainName}\r\n`,
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${plainName}"\r\n`,
    `content-type: ${mediaType}\r\n\r\n`,
  ].join('');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** A line that the content does not hold. */
function unusedBoundary(content: Uint8Array): string {
  const bytes = Buffer.from(content);
  for (let number = 0; ; number += 1) {
    const boundary = `bilag-boundary-${number}`;
    if (!bytes.includes(boundary)) return boundary;
  }
}
