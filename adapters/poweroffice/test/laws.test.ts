import { describeLaws } from '@bilag/conformance/vitest';
import { subject } from './subject.ts';

describeLaws(subject);
