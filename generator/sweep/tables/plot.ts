import type { Spec } from 'vega';
import type { Ended } from '../sweep.js';
import { type Objectives, paretoSet } from './pareto.js';

const SIZE = { width: 560, height: 400 } as const;

/**
 * The points of a sweep by its first two objectives as a Vega specification: all that are done, and, larger, those of the Pareto
 * set of all objectives. Null with fewer than two objectives, or where no point has both.
 */
export function sweepPlot(ended: readonly Ended[], objectives: Objectives): Spec | null {
  const [x, y] = Object.keys(objectives);
  if (x === undefined || y === undefined) return null;
  const best = new Set(paretoSet(ended, objectives).map(({ point }) => point.id));
  const values = ended.flatMap(({ point, state }) => {
    const [a, b] = [state.figures[x], state.figures[y]];
    const known = state.state === 'done' && typeof a === 'number' && typeof b === 'number';
    return known ? [{ x: a, y: b, best: best.has(point.id) }] : [];
  });
  if (values.length === 0) return null;
  // the Pareto set lies above the others
  values.sort((a, b) => Number(a.best) - Number(b.best));
  return {
    ...SIZE,
    padding: 12,
    background: 'white',
    autosize: 'pad',
    data: [{ name: 'points', values }],
    scales: [scale('x', 'width'), scale('y', 'height')],
    axes: [axis('x', 'bottom', titleOf(x, objectives)), axis('y', 'left', titleOf(y, objectives))],
    marks: [
      {
        type: 'symbol',
        from: { data: 'points' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'x' },
            y: { scale: 'y', field: 'y' },
            size: [{ test: 'datum.best', value: 70 }, { value: 25 }],
            fill: [{ test: 'datum.best', value: '#c44e00' }, { value: '#7f9db9' }],
            fillOpacity: [{ test: 'datum.best', value: 1 }, { value: 0.6 }],
          },
        },
      },
    ],
  };
}

const titleOf = (name: string, objectives: Objectives): string =>
  `${name} (${objectives[name] === 'min' ? 'less' : 'more'} is better)`;

function scale(name: 'x' | 'y', range: 'width' | 'height') {
  const domain = { data: 'points', field: name };
  return { name, type: 'linear', domain, range, nice: true, zero: false } as const;
}

function axis(name: 'x' | 'y', orient: 'bottom' | 'left', title: string) {
  return { scale: name, orient, title, grid: true, titlePadding: 8 } as const;
}
