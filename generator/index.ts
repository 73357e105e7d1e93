/** Types for `--config` files and for programs that read what hcgs writes. */
export type { DesignConfig } from './design/manifest/config.js';
export type { CompressConfig } from './network/compress/config.js';
export type { FormatChoices, LayerFormats, OutputFormats } from './network/compress/formats.js';
