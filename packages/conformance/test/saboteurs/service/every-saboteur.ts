import { contentSaboteurs } from './content.ts';
import { fenceSaboteurs } from './fences.ts';
import { mannersSaboteurs } from './manners.ts';
import { rarerReadingSaboteurs } from './rarer-readings.ts';
import { rarerSaboteurs } from './rarer.ts';
import { readingSaboteurs } from './readings.ts';
import type { ServiceSaboteur } from './saboteur.ts';
import { togetherSaboteurs } from './together.ts';
import { troubleSaboteurs } from './trouble.ts';

/** Every adapter with a mistake. */
export const serviceSaboteurs: readonly ServiceSaboteur[] = [
  ...contentSaboteurs,
  ...readingSaboteurs,
  ...troubleSaboteurs,
  ...fenceSaboteurs,
  ...mannersSaboteurs,
  ...rarerSaboteurs,
  ...rarerReadingSaboteurs,
  ...togetherSaboteurs,
];
