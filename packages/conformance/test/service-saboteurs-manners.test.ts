import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { mannersSaboteurs } from './saboteurs/service/manners.ts';

describeSaboteurs(mannersSaboteurs);
