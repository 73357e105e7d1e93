import { allOf, literal, uint } from '../../hdl/index.js';
import { blocksOf } from '../build/blocks.js';
import { defineBlock } from '../build/define-block.js';
import { streamsText } from '../build/ports.js';
import { recordLayout } from '../build/record.js';
import { traceOption } from '../build/trace.js';
import { shapeFields, shapeWidths } from '../control/frame-shape.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Configuration } from '../plan/configuration.js';
import { stagesOf } from '../schedule/stages.js';
import { shapeStore } from '../stream/stream-stores.js';
import { cells, outputStream } from './back.js';
import { datapath } from './datapath.js';
import { control, inputStream } from './front.js';
import { type CoreKit, corePorts } from './kit.js';
import { stateInstance, stateNets } from './states.js';
import { carried } from './tile.js';

/** The accelerator with its trace port: streams, sequencer, decoder, memories, MAC array, cell update. */
export function core(c: Configuration) {
  const blocks = blocksOf(c);
  const cycles = stagesOf(c);
  const leafRom = blocks.rom;
  return defineBlock({
    name: `${c.name}_core`,
    doc: `Sparse recurrent accelerator, with a trace port for co-simulation. ${streamsText(c)}`,
    parameters: {
      TRACE: traceOption(),
      MEM_DIR: folderParameter(),
      SHAPE_FILE: imageParameter(c.name, shapeStore(c).name, 'Image of the frame lengths'),
    },
    ports: () => corePorts(c),
    body: (m, p, io) => {
      const shape = recordLayout(shapeFields(shapeWidths(c)));
      const shapeWord = m.net('shape', uint(shape.width), 'frame lengths of the model');
      const lengths = shape.unpack(m, 'shape', shapeWord);
      m.instance(
        'u_shape',
        leafRom,
        { clk: io.clk, enable: literal(1, 1), address: literal(0, 1), data: shapeWord },
        { WIDTH: shape.width, DEPTH: 1, MEM_DIR, INIT_FILE: { parameter: 'SHAPE_FILE' } },
      );

      m.comment('Stages, in cycles after the issue of a tile.');
      const stage = {
        read: m.local('READ_STAGE', cycles.read, 'its addresses are at the activation memories'),
        operands: m.local('OPERAND_STAGE', cycles.operands, 'its operands are at the array'),
        sums: m.local('SUM_STAGE', cycles.sums, 'its sums are finished'),
        pair: m.local('PAIR_STAGE', cycles.pair, 'both halves are side by side'),
      };

      const states = stateNets({ c, m });
      const kit: CoreKit = { c, m, io, blocks, stage, lengths, states };
      const x = inputStream(kit);
      const controls = control(kit, x);
      const tile = carried(kit, controls);
      const path = datapath(kit, x, controls, tile);
      const o = cells(kit, p, controls, tile, path);
      stateInstance(kit, controls);
      const dropped = outputStream(kit, controls, path, o);

      m.instance('u_busy', blocks.busy, {
        clk: io.clk,
        rst: io.rst,
        receiving: x.receiving,
        committed: x.committed,
        sent:
          io.m_axis_tuser && c.order
            ? m.wire('utterance_sent', allOf(controls.s.output_taken, io.m_axis_tuser.bit(1)))
            : controls.s.output_taken,
        ...(dropped === null ? {} : { dropped }),
        busy: io.busy,
        cycles: io.cycles,
      });
    },
  });
}

export type Core = ReturnType<typeof core>;
