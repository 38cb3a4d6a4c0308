import type { DeliveryResult } from '@bilag/engine';
import { exitCodeOfEnd } from './exit-code-of.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** The exit code of a run of apply or undo. Nothing to do is done: `--json` tells them apart. */
export function codeOfEnd(end: DeliveryResult['end']): ExitCode {
  return end === 'nothing' ? exitCodes.done : exitCodeOfEnd(end);
}

/** The end in words. */
export function wordOfEnd(end: DeliveryResult['end']): string {
  return words[end];
}

const words: Readonly<Record<DeliveryResult['end'], string>> = {
  done: 'done',
  nothing: 'nothing to do',
  data: 'not all: the target refused content; mend the data and apply again',
  usage: 'not all: mend the config or the policy and apply again',
  person: 'not all: a person has to decide, see above',
  retry: 'not all: run it again later; what is posted stays posted, and nothing is posted twice',
};
