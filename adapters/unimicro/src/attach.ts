import type { Attachment } from '@bilag/core';
import { toMultipart } from '@bilag/http';

/** The form of `POST /api/file`: a file that belongs to a journal entry. */
export function formOf({ name, mediaType, content }: Attachment, entryId: string): ReturnType<typeof toMultipart> {
  return toMultipart([
    { name: 'EntityType', content: 'JournalEntry' },
    { name: 'EntityID', content: entryId },
    { name: 'File', fileName: name, mediaType, content },
  ]);
}
