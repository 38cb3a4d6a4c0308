import { execFileSync } from 'node:child_process';

/** Who made the file. */
export const version: string = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' });
