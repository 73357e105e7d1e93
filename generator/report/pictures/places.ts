import { chart, numberAxis, type Palette, type Picture } from './picture.js';

const HEIGHT = 200;

/** Where the hidden units of a layer stand in the hardware: a point for each. */
export function orderPicture(order: readonly number[], layer: number, palette: Palette): Picture {
  const moved = order.filter((unit, place) => unit !== place).length;
  const spec = chart(palette, HEIGHT, {
    data: [{ name: 'units', values: order.map((unit, place) => ({ unit, place })) }],
    scales: [
      { name: 'x', type: 'linear', domain: [0, order.length], range: 'width', nice: false },
      { name: 'y', type: 'linear', domain: [0, order.length], range: 'height', nice: false },
    ],
    axes: [
      numberAxis('x', 'bottom', 'place in the hardware'),
      numberAxis('y', 'left', 'unit of the network'),
    ],
    marks: [
      {
        type: 'symbol',
        aria: false,
        from: { data: 'units' },
        encode: {
          enter: { size: { value: 6 }, fill: { value: palette.accent } },
          update: { x: { scale: 'x', field: 'place' }, y: { scale: 'y', field: 'unit' } },
        },
      },
    ],
  });
  return {
    ...{ id: `order-${layer}`, title: `Order of the units of layer ${layer}` },
    label: `${moved} of ${order.length} units stand elsewhere than in the network, so that rows of like length share a set`,
    spec,
  };
}
