import { BilagError, plainTextPdf, type Attachment } from '@bilag/core';
import { toMultipart } from '@bilag/http';

/** A file as Fiken takes it. It knows pictures and PDF alone, so text is set as a plain page. */
export function pictureOf(file: Attachment): Attachment {
  if (/\.(?:png|jpe?g|gif|pdf)$/i.test(file.name)) return file;
  if (!file.mediaType.startsWith('text/')) {
    throw new BilagError('unsupported', {
      what: `Fiken takes no file of type ${file.mediaType}`,
      where: file.name,
      action: 'give a PDF, a PNG, a JPEG, or text',
    });
  }
  return {
    name: `${file.name.replace(/\.[A-Za-z0-9]+$/, '')}.pdf`,
    mediaType: 'application/pdf',
    content: plainTextPdf(new TextDecoder().decode(file.content), { title: file.name }),
  };
}

/** The form of an attachment: the name stands in it twice. */
export function formOf({ name, mediaType, content }: Attachment): ReturnType<typeof toMultipart> {
  return toMultipart([
    { name: 'filename', content: name },
    { name: 'file', fileName: name, mediaType, content },
  ]);
}
