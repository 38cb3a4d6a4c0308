import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { contentSaboteurs } from './saboteurs/service/content.ts';

describeSaboteurs(contentSaboteurs);
