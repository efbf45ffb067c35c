const { resolve } = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');

const repository = resolve(__dirname, '../..');
const config = getDefaultConfig(__dirname);

// The protocol, core and parts of the browser client are read where they are; nothing is copied.
config.watchFolders = ['protocol', 'clients/core', 'clients/browser/src'].map((folder) => resolve(repository, folder));

// A package that they import is this app's, whatever lies beside them: one copy of each, and no install of the root.
const origin = resolve(__dirname, 'package.json');
config.resolver.resolveRequest = (context, name, platform) => {
  const isOurs = context.originModulePath.startsWith(__dirname) || /^[./]/.test(name);
  return context.resolveRequest(isOurs ? context : { ...context, originModulePath: origin }, name, platform);
};

module.exports = config;
