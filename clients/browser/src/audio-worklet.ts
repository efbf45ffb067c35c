/**
 * Both processors in one module, which the browser loads once. The page imports it as `?worker&url`: what it gets as the
 * default is then the address of the bundled file.
 */
import './capture-worklet.ts';
import './playback-worklet.ts';

export default undefined;
