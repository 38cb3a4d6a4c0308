import { amountSaboteurs } from './amounts.ts';
import { checkSaboteurs } from './checks.ts';
import { lineSaboteurs } from './lines.ts';
import { rarerSaboteurs } from './rarer.ts';
import { readingSaboteurs } from './readings.ts';
import type { FileSaboteur } from './saboteur.ts';
import { textSaboteurs } from './texts.ts';

export const fileSaboteurs: readonly FileSaboteur[] = [
  ...amountSaboteurs,
  ...lineSaboteurs,
  ...textSaboteurs,
  ...readingSaboteurs,
  ...checkSaboteurs,
  ...rarerSaboteurs,
];
