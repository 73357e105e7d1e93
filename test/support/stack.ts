import { CELLS, type LayerCell, OUTPUT_CELL } from '../../generator/network/cells/registry.js';
import type {
  InitialState,
  Model,
  ModelOperand,
  SparseMatrix,
} from '../../generator/network/model.js';
import { stackedPasses } from '../../generator/network/stack.js';

/** What a pass reads. */
export type Read = Pick<ModelOperand, 'vectors' | 'age'>;

/** A recurrent layer as its tests see it. */
export interface LayerView {
  /** The vectors of its operands; `withStack` puts layers on each other whatever they read. */
  readonly reads: { readonly x: Read; readonly h: Read };
  readonly cell: LayerCell;
  readonly inputs: number;
  readonly cells: number;
  readonly x: SparseMatrix;
  readonly h: SparseMatrix;
  readonly bias: Int32Array;
  readonly biasFraction: number;
  /** 0 where the cell has no state. */
  readonly cellFraction: number;
  /** Of a cell that leaves it to each pass. */
  readonly valueFraction?: number | undefined;
  readonly initial?: InitialState | undefined;
}

/** The output layer. */
export interface OutputView {
  readonly reads: Read;
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: SparseMatrix;
  readonly bias: Int32Array;
  readonly biasFraction: number;
}

/** A model as recurrent layers on each other, and the output layer on top of them. */
export interface Stack {
  readonly layers: readonly LayerView[];
  readonly output: OutputView | null;
}

/** The stack that a model is. */
export function stackOf({ passes }: Model): Stack {
  const layers: LayerView[] = [];
  let output: OutputView | null = null;
  for (const { cell, rows, operands, bias, biasFraction, stateFraction, ...rest } of passes) {
    const { initial, valueFraction } = rest;
    const [x, h] = operands.map(({ matrix }) => matrix) as [SparseMatrix, SparseMatrix?];
    const inputs = x.columns;
    const [readX, readH] = operands as unknown as readonly [Read, Read];
    if (h === undefined) {
      output = { reads: readX, inputs, outputs: rows, weights: x, bias, biasFraction };
    } else {
      const cellFraction = stateFraction ?? 0;
      layers.push({
        reads: { x: readX, h: readH },
        cell: cell as LayerCell,
        inputs,
        cells: rows,
        x,
        h,
        bias,
        biasFraction,
        cellFraction,
        ...(valueFraction !== undefined && { valueFraction }),
        ...(initial && { initial }),
      });
    }
  }
  return { layers, output };
}

/** The model with another stack in it. */
export function withStack(
  model: Model,
  {
    layers,
    output,
  }: { readonly layers: readonly LayerView[]; readonly output?: OutputView | null },
): Model {
  const top = output === undefined ? stackOf(model).output : output;
  const passes = stackedPasses([
    ...layers.map(({ cell, cells: rows, x, h, bias, biasFraction, ...rest }) => ({
      ...{ cell, rows, x, h, bias, biasFraction },
      stateFraction: CELLS[cell].state === null ? null : rest.cellFraction,
      ...(rest.valueFraction !== undefined && { valueFraction: rest.valueFraction }),
      ...(rest.initial && { initial: rest.initial }),
    })),
    ...(top === null
      ? []
      : [
          {
            ...{ cell: OUTPUT_CELL, rows: top.outputs, x: top.weights, h: null },
            ...{ bias: top.bias, biasFraction: top.biasFraction, stateFraction: null },
          },
        ]),
  ]);
  return { ...model, passes };
}
