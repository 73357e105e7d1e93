/** Types of `--config` files: all of this package that such a file is checked with. */
export type { DesignConfig } from './design/manifest/config.js';
export type { CompressConfig } from './network/compress/config.js';
export type { FormatChoices, LayerFormats, OutputFormats } from './network/compress/formats.js';
export type { SweepSpace } from './sweep/space/space.js';
