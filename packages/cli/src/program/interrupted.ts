/** Thrown where a person stops an answer or a run, with Ctrl-C or Ctrl-D at a question. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
}
