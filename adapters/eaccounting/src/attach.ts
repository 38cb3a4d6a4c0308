import type { Attachment } from '@bilag/core';
import { toDocument } from '@bilag/http';

/** A file as `POST /attachments` takes it. */
export interface Upload {
  readonly ContentType: string;
  readonly FileName: string;
  /** Base64. */
  readonly Data: string;
}

/** Names have letters, digits, hyphens and underscores alone. With the reference in it a name is of one voucher. */
export function toUpload(file: Attachment, reference: string): Upload {
  // 10 MB, and 20 in Sweden.
  const { name, mediaType, content } = toDocument(file, { title: 'eAccounting', largestMebibytes: 10 });
  const plain = name.replace(/\.\w+$/, '').replaceAll(/[^\w()-]/g, '_');
  return {
    ContentType: mediaType,
    FileName: `${reference.replaceAll(/[^\w-]/g, '_')}_${plain}`.slice(0, 200),
    Data: Buffer.from(content).toString('base64'),
  };
}
