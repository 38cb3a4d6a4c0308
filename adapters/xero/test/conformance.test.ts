import { describeLaws } from '@bilag/conformance/vitest';
import { subjects } from './conformance.ts';

describeLaws(...subjects);
