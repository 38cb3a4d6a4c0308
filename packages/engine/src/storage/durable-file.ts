import { constants, open, rename, rm } from 'node:fs/promises';
import { privateFileMode } from './private-files.ts';

/** Writes a file so that it is there whole or not at all, also after a crash: elsewhere first, then moved. Others cannot read it. */
export async function writeDurably(path: string, temporaryPath: string, content: Uint8Array): Promise<void> {
  try {
    // Made anew: what lies there may be a link, and lead anywhere.
    await rm(temporaryPath, { force: true });
    const file = await open(temporaryPath, 'wx', privateFileMode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw error;
  }
}

/** Makes the names in a folder durable. Where the system cannot (Windows), its own journal does. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
