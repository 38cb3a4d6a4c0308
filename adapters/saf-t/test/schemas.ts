import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, checkSet } from '@bilag/saf-t';
import type { CheckOptions } from '../src/check/check-state.ts';
import type { Version } from '../src/profile.ts';
import type { Finding } from '@bilag/core';
import { sharedPath, testWithShared, testWithTool } from '../../../test/support.ts';
import type { Rendered } from './books.ts';

/** A test that needs the official schemas and xmllint. */
export const testWithSchemas: typeof testWithShared = existsSync(sharedPath('spec/saft-no'))
  ? testWithTool('xmllint')
  : testWithShared;

/** What xmllint says of files against the official schema of a version; empty when they are valid. */
export function schemaErrors(version: Version, files: readonly Rendered[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-saf-t-'));
  try {
    const paths = files.map(({ text }, index) => {
      const path = join(folder, `${index}.xml`);
      writeFileSync(path, text);
      return path;
    });
    const schema = sharedPath(`spec/saft-no/Norwegian_SAF-T_Financial_Schema_v_${version}.xsd`);
    execFileSync('xmllint', ['--noout', '--schema', schema, ...paths], { stdio: ['ignore', 'ignore', 'pipe'] });
    return '';
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr ?? error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Which of some texts xmllint takes by the official schema of a version. */
export function validAmong(version: Version, texts: readonly string[]): ReadonlySet<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-saf-t-'));
  try {
    const names = texts.map((text, index) => {
      writeFileSync(join(folder, `${index}.xml`), text);
      return `${index}.xml`;
    });
    const schema = sharedPath(`spec/saft-no/Norwegian_SAF-T_Financial_Schema_v_${version}.xsd`);
    const { stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, ...names], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    });
    return new Set([...stderr.matchAll(/^(\d+)\.xml validates$/gm)].map(([, index]) => texts[Number(index)] ?? ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function findingsIn(file: Rendered, options?: CheckOptions): Promise<readonly Finding[]> {
  return Array.fromAsync(check(inputOf(file), options));
}

export async function findingsInSet(files: readonly Rendered[]): Promise<readonly Finding[]> {
  return Array.fromAsync(checkSet(files.map(inputOf)));
}

function inputOf({ name, text }: Rendered): { readonly name: string; readonly content: Iterable<Uint8Array> } {
  return { name, content: piecesOf(new TextEncoder().encode(text)) };
}

/** Small odd pieces, so that characters and tags are cut in the middle. */
export function* piecesOf(bytes: Uint8Array, size = 4099): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
