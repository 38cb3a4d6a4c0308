import type { FileAdapter } from '@bilag/core';
import type { FileWorld } from './file-world.ts';
import type { Law } from '../law.ts';

/** A law of adapters that write files. */
export type FileLaw = Law<FileWorld, FileAdapter>;
