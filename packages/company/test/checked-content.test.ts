import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { defineAdapter, type FileAdapter, type Finding, type OutputFile } from '@bilag/core';
import { checkedWhileWritten } from '../src/export/checked-content.ts';

describe('a file that is checked while it is written', () => {
  const adapter = (check: (bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => AsyncIterable<Finding>) =>
    defineAdapter({
      contract: 1,
      kind: 'file',
      id: 'any',
      title: 'Any',
      vat: 'gross',
      config: { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } },
      async *render() {},
      check: ({ content }) => check(content),
    });

  async function written(
    pieces: readonly (string | Uint8Array)[],
    check: Parameters<typeof adapter>[0],
  ): Promise<{ bytes: Buffer; findings: readonly Finding[] }> {
    const files = Readable.from([{ name: 'a', mediaType: 'b', content: pieces }]) as AsyncIterable<OutputFile>;
    let findings: readonly Finding[] = [];
    const blocks: Uint8Array[] = [];
    for await (const file of checkedWhileWritten(files, adapter(check), (found) => (findings = found))) {
      for await (const block of file.content) blocks.push(typeof block === 'string' ? Buffer.from(block) : block);
    }
    return { bytes: Buffer.concat(blocks), findings };
  }

  test('the checker sees the very bytes, also where a character is cut in two', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 5 }),
        async (text, cuts) => {
          const ends = [...cuts, text.length].toSorted((a, b) => a - b);
          const pieces = ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
          let seen = '';
          const { bytes, findings } = await written(pieces, async function* (content) {
            seen = Buffer.concat(await Array.fromAsync(content)).toString();
            yield remark;
          });
          expect(findings).toEqual([remark]);
          expect(bytes.toString()).toBe(Buffer.from(text).toString());
          expect(seen).toBe(bytes.toString());
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a checker that has seen enough does not hold the writer up', async () => {
    const { bytes, findings } = await written(['one', 'two', 'three'], async function* () {
      yield remark;
    });
    expect(bytes.toString()).toBe('onetwothree');
    expect(findings).toEqual([remark]);
  });

  test('a checker that breaks breaks the export', async () => {
    const broken = written(['one', 'two'], () => Readable.from(breaking()) as AsyncIterable<Finding>);
    await expect(broken).rejects.toThrow('the checker broke');
  });
});

describe('the files of a set are checked together while they are written', () => {
  async function writtenSet(
    checkSet: NonNullable<FileAdapter['checkSet']>,
  ): Promise<{ text: string; findings: readonly Finding[] }> {
    const set = ['a', 'b', 'c'].map((name) => ({ name, mediaType: 'text/plain', content: [name, name, name] }));
    let findings: readonly Finding[] = [];
    let text = '';
    const files = checkedWhileWritten(
      Readable.from(set) as AsyncIterable<OutputFile>,
      { checkSet } as unknown as FileAdapter,
      (found) => (findings = found),
    );
    for await (const { content } of files) for await (const block of content) text += String(block);
    return { text, findings };
  }
  const told = (message: string): Finding => ({ code: 'x', severity: 'info', message, where: 'x', action: 'x' });

  test('the checker reads each file to its end, in their order', async () => {
    const { text, findings } = await writtenSet(async function* (files) {
      for await (const { name, content } of files) {
        yield told(`${name} ${Buffer.concat(await Array.fromAsync(content)).toString()}`);
      }
    });
    expect(text).toBe('aaabbbccc');
    expect(findings.map(({ message }) => message)).toEqual(['a aaa', 'b bbb', 'c ccc']);
  });

  test('one that leaves files unread does not hold the writer up', async () => {
    const { text, findings } = await writtenSet(async function* (files) {
      for await (const { name, content } of files) {
        for await (const block of content) {
          yield told(`${name} ${String(block)}`);
          break;
        }
        if (name === 'b') return;
      }
    });
    expect(text).toBe('aaabbbccc');
    expect(findings.map(({ message }) => message)).toEqual(['a a', 'b b']);
  });

  test('one that breaks breaks the export', async () => {
    const broken = writtenSet(async function* (files) {
      for await (const { name } of files) if (name === 'b') throw new Error('the checker broke');
      yield told('never');
    });
    await expect(broken).rejects.toThrow('the checker broke');
  });
});

const remark: Finding = { code: 'c', severity: 'warning', message: 'm', where: 'w', action: 'a' };

function* breaking(): Generator<Finding> {
  yield remark;
  throw new Error('the checker broke');
}
