import { describeLaws } from '../src/vitest.ts';
import { sampleFileSubject } from './sample/sample-file-subject.ts';

describeLaws(sampleFileSubject('gross'), sampleFileSubject('net'), sampleFileSubject('explicit'));
