import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { togetherSaboteurs } from './saboteurs/service/together.ts';

describeSaboteurs(togetherSaboteurs);
