// Draws the pictures of a report in its own page: charts by Vega where they come into view, maps by `attachMap`.
(() => {
  const report = JSON.parse(document.getElementById('hcgs-report').textContent);
  const pictures = new Map(
    report.sections.flatMap((section) => section.pictures.map((one) => [one.id, one])),
  );
  const maps = report.sections.flatMap((section) => section.maps);
  /** Views by the element that they are drawn in. */
  const views = new Map();

  const widthOf = (element) => Math.max(200, Math.floor(element.clientWidth));

  /** Draws a chart as wide as its place, once. */
  async function draw(element) {
    if (views.has(element)) return views.get(element);
    const { spec, title, label } = pictures.get(element.id);
    const view = new vega.View(vega.parse(spec), {
      container: element,
      renderer: 'svg',
      hover: false,
    });
    if (spec.autosize.type === 'fit-x') view.width(widthOf(element));
    view.description(label);
    const drawn = view.runAsync().then(() => {
      element.style.minHeight = '';
      // Vega calls it a document of marks, which nobody could walk through
      element.setAttribute('role', 'img');
      element.setAttribute('aria-label', `${title}: ${label}`);
      element.querySelector('svg')?.setAttribute('aria-hidden', 'true');
      if (spec.signals?.some(({ name }) => name === 'window')) addWindow(element, view);
      addValues(element, spec);
    });
    views.set(
      element,
      drawn.then(() => view),
    );
    return views.get(element);
  }

  /** Buttons that narrow, move and widen what a chart shows of its first axis. */
  function addWindow(element, view) {
    const [first, end] = view.signal('window');
    const show = (from, to) => {
      const width = Math.min(Math.max(to - from, 8), end - first);
      const start = Math.min(Math.max(from, first), end - width);
      view.signal('window', [start, start + width]).run();
    };
    const zoom = (factor) => {
      const [from, to] = view.signal('window');
      const middle = (from + to) / 2;
      show(middle - ((to - from) * factor) / 2, middle + ((to - from) * factor) / 2);
    };
    const move = (share) => {
      const [from, to] = view.signal('window');
      show(from + (to - from) * share, to + (to - from) * share);
    };
    const bar = document.createElement('div');
    bar.className = 'tools';
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', 'Cycles that are shown');
    for (const [text, name, act] of [
      ['+', 'Fewer cycles', () => zoom(0.5)],
      ['−', 'More cycles', () => zoom(2)],
      ['←', 'Earlier cycles', () => move(-0.5)],
      ['→', 'Later cycles', () => move(0.5)],
      ['all', 'All cycles', () => show(first, end)],
    ]) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      button.setAttribute('aria-label', name);
      button.addEventListener('click', act);
      bar.append(button);
    }
    element.before(bar);
  }

  /** The texts that a pointer shows, as a list for those who have none. */
  function addValues(element, spec) {
    const texts = spec.data.flatMap(({ values = [] }) =>
      values.flatMap(({ text }) => (typeof text === 'string' && text.includes(' ') ? [text] : [])),
    );
    if (texts.length === 0 || texts.length > 400) return;
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = `${texts.length} values`;
    details.append(summary);
    details.addEventListener(
      'toggle',
      () => {
        const list = document.createElement('ul');
        list.className = 'values';
        list.tabIndex = 0;
        list.append(
          ...texts.map((text) => {
            const item = document.createElement('li');
            item.textContent = text;
            return item;
          }),
        );
        details.append(list);
      },
      { once: true },
    );
    element.closest('figure').append(details);
  }

  const charts = [...document.querySelectorAll('.chart')];
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: '400px' },
  );
  for (const element of charts) near.observe(element);

  let width = document.documentElement.clientWidth;
  addEventListener('resize', async () => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    for (const [element, drawn] of views) {
      const view = await drawn;
      if (pictures.get(element.id).spec.autosize.type !== 'fit-x') continue;
      view.width(widthOf(element)).run();
    }
  });
  addEventListener('beforeprint', () => {
    for (const element of charts) draw(element);
  });
  for (const element of document.querySelectorAll('[data-map]')) {
    attachMap(element, maps[Number(element.dataset.map)]);
  }
  /** For whoever waits until all is drawn. */
  window.hcgsReport = {
    drawAll: () => Promise.all(charts.map(draw)),
  };
})();
