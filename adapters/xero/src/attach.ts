import type { Attachment } from '@bilag/core';
import { cannotHold } from '@bilag/http';

/** Xero takes 10 MB at a time. */
const largestBytes = 10 * 1024 * 1024;

/** What a file of ours is known by: its name, made of characters that an address has everywhere. */
export function fileNameOf({ name, content }: Attachment): string {
  if (content.length > largestBytes) {
    throw cannotHold('unsupported', 'Xero takes at most 10 MB with a journal', name, 'make it smaller');
  }
  return name.replaceAll(/[^\w.-]/g, '_').slice(-100);
}
