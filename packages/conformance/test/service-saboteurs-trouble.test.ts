import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { troubleSaboteurs } from './saboteurs/service/trouble.ts';

describeSaboteurs(troubleSaboteurs);
