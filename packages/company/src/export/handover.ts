/** One block at a time from a writer to a reader: neither runs ahead, so memory stays flat. */
export class Handover<Block> implements AsyncIterable<Block> {
  #block: Block | undefined;
  #isEnded = false;
  #isStopped = false;
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  async give(block: Block): Promise<void> {
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

  async *[Symbol.asyncIterator](): AsyncGenerator<Block, void, undefined> {
    try {
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
    } finally {
      // A reader that has seen enough must not leave the writer waiting.
      this.stop();
    }
  }
}
