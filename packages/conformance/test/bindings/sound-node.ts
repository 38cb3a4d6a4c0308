import { describeLaws } from '@bilag/conformance/node-test';
import { sound } from './subjects.ts';

describeLaws(sound);
