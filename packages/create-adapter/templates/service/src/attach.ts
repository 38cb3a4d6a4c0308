import type { Attachment } from '@bilag/core';
import type { ServiceWrite } from '@bilag/http';

/** The request that adds a file to a voucher: its bytes as they are, its name in a header. Pure. */
export function toUpload(url: string, { name, mediaType, content }: Attachment): ServiceWrite {
  const headers = { 'content-type': mediaType, 'x-file-name': encodeURIComponent(name) };
  return { method: 'POST', url, headers, body: content };
}
