export * from '@bilag/simulator-bank';
export * from '@bilag/simulator-economic';
export * from '@bilag/simulator-fiken';
export * from '@bilag/simulator-fortnox';
export * from '@bilag/simulator-poweroffice';
export * from '@bilag/simulator-tripletex';
export * from '@bilag/simulator-unimicro';
export * from '@bilag/simulator-vipps';
