import { readdir } from 'node:fs/promises';

/** The templates there are. */
export const templates: readonly string[] = await readdir(new URL('.', import.meta.url));
