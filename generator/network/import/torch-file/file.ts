import type { PyValue } from '../../formats/pickle/values.js';
import type { ValueReader } from './values.js';

/** A file of torch.save or torch.jit.save, its tensors not yet read. */
export interface TorchFile {
  readonly root: PyValue;
  readonly values: ValueReader;
  /** Texts of TorchScript by their path, `code/__torch__.py`; null for what torch.save has written. */
  readonly code: ReadonlyMap<string, string> | null;
}
