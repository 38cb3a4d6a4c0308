import type { FileAdapter, Finding, InputFile, OutputFile } from '@bilag/core';
import { Handover } from './handover.ts';

/** Given what was found: in one file, or in a set, whose findings name their files. */
export type OnFindings = (findings: readonly Finding[], file: string | undefined) => void;

/**
 * The same files, each read by the adapter's own checker while it is written: the bytes are looked at once on their way.
 * What was found is handed over before the set can be put in place: of each file before the next begins, or of the whole
 * set at its end where the checker judges sets.
 */
export async function* checkedWhileWritten(
  files: AsyncIterable<OutputFile>,
  adapter: FileAdapter,
  onFindings: OnFindings,
): AsyncGenerator<OutputFile, void, undefined> {
  if (adapter.checkSet !== undefined) {
    yield* checkedTogether(files, adapter.checkSet.bind(adapter), onFindings);
    return;
  }
  for await (const file of files) {
    yield adapter.check === undefined ? file : { ...file, content: checked(file, adapter, onFindings) };
  }
}

async function* checkedTogether(
  files: AsyncIterable<OutputFile>,
  checkSet: NonNullable<FileAdapter['checkSet']>,
  onFindings: OnFindings,
): AsyncGenerator<OutputFile, void, undefined> {
  const set = new Handover<CopiedFile>();
  const findings = Array.fromAsync(checkSet(inputsOf(set)));
  const ended = settled(findings);
  void ended.then(() => set.stop());
  try {
    for await (const file of files) {
      const copy = new Handover<Uint8Array>();
      void ended.then(() => copy.stop());
      await set.give({ name: file.name, copy });
      yield { ...file, content: copied(file, copy) };
    }
  } finally {
    set.end();
    await ended;
  }
  onFindings(await findings, undefined);
}

interface CopiedFile {
  readonly name: string;
  readonly copy: Handover<Uint8Array>;
}

/** What a checker does not read of a file must not leave the writer waiting once it asks for the next. */
async function* inputsOf(set: Handover<CopiedFile>): AsyncGenerator<InputFile, void, undefined> {
  for await (const { name, copy } of set) {
    yield { name, content: copy };
    copy.stop();
  }
}

async function* checked(
  file: OutputFile,
  adapter: FileAdapter,
  onFindings: OnFindings,
): AsyncGenerator<Uint8Array, void, undefined> {
  const copy = new Handover<Uint8Array>();
  const findings = collect(adapter.check?.({ name: file.name, content: copy }));
  // A check that ends early, by an error too, must not leave the writer waiting.
  const ended = settled(findings).then(() => copy.stop());
  try {
    yield* copied(file, copy);
  } finally {
    await ended;
  }
  onFindings(await findings, file.name);
}

async function* copied(file: OutputFile, copy: Handover<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const block of bytesOf(file.content)) {
      await copy.give(block);
      yield block;
    }
  } finally {
    copy.end();
  }
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => undefined);
}

async function collect(findings: AsyncIterable<Finding> | undefined): Promise<Finding[]> {
  return findings === undefined ? [] : Array.fromAsync(findings);
}

/** Text as UTF-8. A character whose halves come in two strings is kept whole. */
async function* bytesOf(content: OutputFile['content']): AsyncGenerator<Uint8Array, void, undefined> {
  let half = '';
  for await (const piece of content) {
    if (typeof piece !== 'string') {
      if (half !== '') yield Buffer.from(half);
      half = '';
      yield piece;
      continue;
    }
    const text = half + piece;
    half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
    if (text.length > half.length) yield Buffer.from(half === '' ? text : text.slice(0, -1));
  }
  if (half !== '') yield Buffer.from(half);
}
