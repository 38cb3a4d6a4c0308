import { describeLaws } from '@bilag/conformance/node-test';
import { faulty } from './subjects.ts';

describeLaws(faulty);
