export { formatOf, type Format } from './format.ts';
