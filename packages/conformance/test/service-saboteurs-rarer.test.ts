import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { rarerSaboteurs } from './saboteurs/service/rarer.ts';

describeSaboteurs(rarerSaboteurs);
