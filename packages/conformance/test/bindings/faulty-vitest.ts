import { describeLaws } from '@bilag/conformance/vitest';
import { faulty } from './subjects.ts';

describeLaws(faulty);
