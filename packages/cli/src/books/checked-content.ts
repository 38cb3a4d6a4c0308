import type { FileAdapter, Finding, OutputFile } from '@bilag/core';

/**
 * The same files, each read by the adapter's own checker while it is written: the bytes are looked at once on their way.
 * What a file's check found is handed over before the next file begins, and before the set can be put in place.
 */
export async function* checkedWhileWritten(
  files: AsyncIterable<OutputFile>,
  adapter: FileAdapter,
  onFindings: (findings: readonly Finding[], file: string) => void,
): AsyncGenerator<OutputFile, void, undefined> {
  for await (const file of files) {
    yield adapter.check === undefined ? file : { ...file, content: checked(file, adapter, onFindings) };
  }
}

async function* checked(
  file: OutputFile,
  adapter: FileAdapter,
  onFindings: (findings: readonly Finding[], file: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const copy = new Handover();
  const findings = collect(adapter.check?.({ name: file.name, content: copy }));
  // A check that ends early, by an error too, must not leave the writer waiting.
  const ended = findings.then(
    () => copy.stop(),
    () => copy.stop(),
  );
  try {
    for await (const block of bytesOf(file.content)) {
      await copy.give(block);
      yield block;
    }
  } finally {
    copy.end();
    await ended;
  }
  onFindings(await findings, file.name);
}

async function collect(findings: AsyncIterable<Finding> | undefined): Promise<Finding[]> {
  return findings === undefined ? [] : Array.fromAsync(findings);
}

/** One block at a time from a writer to a reader: neither runs ahead, so memory stays flat. */
class Handover implements AsyncIterable<Uint8Array> {
  #block: Uint8Array | undefined;
  #isEnded = false;
  #isStopped = false;
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  async give(block: Uint8Array): Promise<void> {
    while (this.#block !== undefined && !this.#isStopped) {
      await new Promise<void>((resolve) => (this.#wakeWriter = resolve));
    }
    if (this.#isStopped) return;
    this.#block = block;
    this.#wakeReader();
  }

  end(): void {
    this.#isEnded = true;
    this.#wakeReader();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wakeWriter();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      while (this.#block === undefined && !this.#isEnded) {
        await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
      const block = this.#block;
      if (block === undefined) return;
      this.#block = undefined;
      this.#wakeWriter();
      yield block;
    }
  }
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
