import { describeLaws } from '@bilag/conformance/vitest';
import { subjects } from './conformance.ts';

for (const subject of subjects) describeLaws(subject);
