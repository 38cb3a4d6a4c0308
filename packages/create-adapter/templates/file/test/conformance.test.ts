import { describeLaws } from '@bilag/conformance/vitest';
import { subject } from './conformance.ts';

describeLaws(subject);
