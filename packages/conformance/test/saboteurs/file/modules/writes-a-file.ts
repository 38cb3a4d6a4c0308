import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Room for parts of files.
rmSync(mkdtempSync(join(tmpdir(), 'bilag-sample-')), { recursive: true });
