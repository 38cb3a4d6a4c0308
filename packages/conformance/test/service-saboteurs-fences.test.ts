import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { fenceSaboteurs } from './saboteurs/service/fences.ts';

describeSaboteurs(fenceSaboteurs);
