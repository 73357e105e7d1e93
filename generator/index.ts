/** Types for `--config` files and for programs that read what hcgs writes. */
export type { DesignConfig } from './design/config.js';
