export { demoMerchants } from './merchant/demo-merchants.ts';
export * from './merchant/example-days.ts';
export { generateMerchant, summarise, summariseV1, toV1Rows, type Merchant } from './merchant/merchant.ts';
export { uneventful, type MerchantOptions } from './merchant/merchant-options.ts';
export { namedVippsFaults } from './server/vipps-faults.ts';
export { startVippsSimulator, type VippsSimulator, type VippsSimulatorOptions } from './server/vipps-simulator.ts';
export { vippsSimulation } from './simulation.ts';
export { portalReport, portalWorkbook, resavedReport } from './files/portal-report.ts';
export { settlementCsv, settlementWorkbook, settlementXml } from './files/settlement-files.ts';
