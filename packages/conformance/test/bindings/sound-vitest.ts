import { describeLaws } from '@bilag/conformance/vitest';
import { sound } from './subjects.ts';

describeLaws(sound);
