import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { rarerReadingSaboteurs } from './saboteurs/service/rarer-readings.ts';
import { rarerSaboteurs } from './saboteurs/service/rarer.ts';
import { describeOwnLaws } from './tried-laws.ts';

describeSaboteurs(rarerSaboteurs);
// Other mistakes of their laws are held against all laws; of these, only their own is tried.
describeOwnLaws(rarerReadingSaboteurs);
