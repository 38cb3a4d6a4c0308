import type { World } from '../world.ts';
import { createInterview } from './ask.ts';

/** Asks once; anything but yes is no. */
export async function confirm(world: World, question: string): Promise<boolean> {
  const interview = createInterview(world);
  try {
    return /^(?:y|yes|j|ja)$/i.test(await interview.ask(`${question} (yes/no) `));
  } finally {
    interview.close();
  }
}
