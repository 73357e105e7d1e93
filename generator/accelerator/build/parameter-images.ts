/** What parameters must match in the memory images: by the end of `module.parameter`, the first that fits. */
const MATCHES: readonly (readonly [RegExp, string])[] = [
  [/_FILE(_\d+)*$/, 'is an image'],
  [/\.MEM_DIR$/, 'folder of all images'],
  [/_r[oa]m\.(WIDTH|DEPTH)$/, 'given by each instance'],
  [/_weight_banks\.(BANK_BITS|DEPTH)$/, 'bits and number of the words of `*_weights_*.mem`'],
  [/\.WEIGHT_BITS$/, 'bits of a weight in `*_weights_*.mem`'],
  [/\.TILE_(ROWS|COLS)$|\.ROW_GROUPS$/, 'words and order of `*_weights_*.mem` and `*_index_*.mem`'],
  [/\.(STREAMS|STREAM_SHARE|GATE_STREAMS)$/, 'block numbers side by side in `*_index_*.mem`'],
  [/\.INDEX_(BITS|COPIES)_\d+$/, 'word of `*_index_*.mem` of the level'],
  [/\.INDEX_DEPTH_\d+$/, 'words of `*_index_*.mem` of the level; fields of `*_layers.mem`'],
  [/_(sequencer|hcgs_decoder)\.\w+_BITS(_\d+)?$/, 'fields of `*_layers.mem`'],
  [/_(sequencer|hcgs_decoder)\.SUM_SLOTS$/, 'a field of `*_layers.mem`'],
  [/\.LAYERS$/, 'words of `*_layers.mem` and `*_cells.mem`'],
  [/\.(BIAS_BITS|BIAS_DEPTH)$/, 'bits of a bias, and words, of `*_bias.mem`'],
  [/\.CELL_LANES$/, 'biases side by side in `*_bias.mem`; addresses in `*_layers.mem`'],
  [/\.(SHIFT_\w+|ROUND|CELL_SHIFT)_BITS$/, 'fields of `*_cells.mem`'],
  [/\.(ROUND_MOST|CELL_POINT|CELL_SHIFT_MOST)$/, 'shifts in `*_cells.mem` count from here'],
  [/\.ACT_BITS$/, 'shifts in `*_cells.mem`: h has ACT_BITS - 1 fraction bits'],
  [/\.STREAM_LANES$/, 'lanes and beats in `*_shape.mem`'],
  [/\.BEATS$/, 'fields of `*_shape.mem`'],
  [/\.(ACC_BITS|SUM_BITS|SUM_SLOTS|CELL_BITS|CELL_DEPTH)$/, 'nothing; room for the model'],
  [
    /\.([XH]_)?(ROWS|BUFFER_WORDS|ALIGN_MASK)$|\.(WRITE|READ)_WORDS$/,
    'nothing; room for the model',
  ],
  [/\.(VALUE|LANE|([XH]_)?(WRITE|READ)(_ADDRESS)?|(H_)?ADDRESS)_BITS$/, 'nothing'],
  [
    /\.(TRACE|HOLD_PRODUCTS|LANE_GAP|LAST_STEP|STEP_CYCLES|CELLS|WRITE_LANES|READ_LANES)$/,
    'nothing',
  ],
];

/** What the memory images must have in common with a parameter of a module. */
export function imageMatch(module: string, parameter: string): string {
  const match = MATCHES.find(([ending]) => ending.test(`${module}.${parameter}`));
  if (match === undefined) throw new Error(`no word on ${module}.${parameter} and the images`);
  return match[1];
}
