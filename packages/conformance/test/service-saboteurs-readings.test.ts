import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { readingSaboteurs } from './saboteurs/service/readings.ts';

describeSaboteurs(readingSaboteurs);
