export { firstTripletexId } from '../../../office/test/office-bench.ts';
export { companyOf } from '../many-companies.ts';
