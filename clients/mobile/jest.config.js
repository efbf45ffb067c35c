const { resolve } = require('node:path');

/** Sources of the whole repository are read where they are; packages are those of this app. */
module.exports = {
  preset: 'jest-expo/ios',
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  moduleNameMapper: {
    '^@preact/signals-core$': resolve(__dirname, 'node_modules/@preact/signals-core'),
    '^chrono-node/en$': resolve(__dirname, 'node_modules/chrono-node/dist/cjs/locales/en/index.js'),
    // Its preset maps paths into react-native by hand, and does not know this one of its package's exports.
    '^react-native/unstable-internals-do-not-use$': resolve(
      __dirname,
      'node_modules/react-native/src/unstable-internals-do-not-use.js',
    ),
  },
  modulePaths: [resolve(__dirname, 'node_modules')],
  testTimeout: 60_000,
};
