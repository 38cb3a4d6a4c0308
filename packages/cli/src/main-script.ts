import { fileURLToPath } from 'node:url';

/** Whether the sources run, and not what was built of them. */
export const isSource: boolean = import.meta.url.endsWith('.ts');

/** The program itself, for a process of its own. It lies beside this file, in the sources as in the build. */
export const mainScript: string = fileURLToPath(new URL(isSource ? './main.ts' : './main.js', import.meta.url));
