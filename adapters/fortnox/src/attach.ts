import type { Attachment } from '@bilag/core';
import { toMultipart } from '@bilag/http';

/** The form of `POST /inbox`. */
export function formOf({ name, mediaType, content }: Attachment): ReturnType<typeof toMultipart> {
  return toMultipart([{ name: 'file', fileName: name, mediaType, content }]);
}
