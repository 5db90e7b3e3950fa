// The last minutes on one axis: orders, answer times, and below them every instance with what it did and when it was away,
// so that a gap in a lane can be held against what customers met in that moment.

import { element, millis, number, setAttribute, setText, short, since, svg } from './dom.js';
import { Model, NOTIFICATION, ROLES, SLICE_MS, SLICES, percentile } from './model.js';

const LANE = 20;
const CHART = 64;
const GAP = 0.22;
/** The scale of answer times, logarithmic: 1 ms to 10 s. A failover and a quiet minute are both to be seen. */
const DECADES = 4;

const bar = (x, y, height) => `M${x + GAP / 2} ${y}h${1 - GAP}v${height}h${GAP - 1}z`;
const span = (x, length, y, height) => `M${x} ${y}h${length}v${height}h${-length}z`;

function strip(height, ...classes) {
  const paths = Object.fromEntries(classes.map((name) => [name, svg('path', { class: name })]));
  const picture = svg(
    'svg',
    { class: 'strip', viewBox: `0 0 ${SLICES} ${height}`, preserveAspectRatio: 'none', role: 'img' },
    ...Object.values(paths),
  );
  return { picture, paths };
}

function scaleOf(value) {
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500]) {
    if (value <= step) return step;
  }
  return 1000;
}

export class Timeline {
  #model;
  #lanes = new Map();
  #groups = new Map();
  #orders;
  #answers;

  constructor(model, parent) {
    this.#model = model;
    this.#orders = this.#chart(parent, 'Orders', 'each second', strip(CHART, 'everybody', 'accepted', 'failed'));
    this.#answers = this.#chart(parent, 'Answer time', 'half of them, 95 of 100', strip(CHART, 'grid', 'spread', 'middle'));
    setAttribute(this.#answers.paths.grid, 'd', [1, 2, 3].map((n) => `M0 ${(CHART * n) / DECADES}h${SLICES}`).join(''));
    this.#answers.scale.append(
      ...['10 s', '1 s', '100 ms', '10 ms', '1 ms'].map((text) => element('span', {}, text)),
    );
    this.#answers.scale.classList.add('decades');
    for (const role of ROLES) {
      const list = element('ul', { class: 'lanes', 'aria-label': `Instances of ${role.name}` });
      parent.append(
        element(
          'section',
          { class: 'group', 'data-role': role.name },
          element('h3', {}, role.name, ' ', element('small', {}, role.does)),
          list,
        ),
      );
      this.#groups.set(role.name, list);
    }
    parent.append(
      element(
        'div',
        { class: 'row axis', 'aria-hidden': 'true' },
        element('span', {}),
        element('div', { class: 'ticks' }, ...['5 min ago', '4', '3', '2', '1', 'now'].map((text) => element('span', {}, text))),
        element('span', {}),
      ),
    );
  }

  #chart(parent, title, explanation, made) {
    const scale = element('div', { class: 'scale', 'aria-hidden': 'true' });
    parent.append(
      element(
        'div',
        { class: 'row chart' },
        element('div', { class: 'who' }, element('strong', {}, title), element('small', {}, explanation)),
        made.picture,
        scale,
      ),
    );
    return { ...made, scale };
  }

  render(now) {
    const last = Model.sliceOf(now);
    const first = last - SLICES + 1;
    this.#renderOrders(first, now);
    this.#renderAnswers(first, now);
    for (const role of ROLES) this.#renderRole(role.name, first, now);
  }

  #renderOrders(first, now) {
    let most = 1;
    for (let x = 0; x < SLICES; x++) {
      const slice = this.#model.slice(first + x);
      if (slice) most = Math.max(most, (Math.max(slice.all, slice.ok + slice.failed) * 1000) / SLICE_MS);
    }
    const scale = scaleOf(most);
    let everybody = '';
    let accepted = '';
    let failed = '';
    for (let x = 0; x < SLICES; x++) {
      const slice = this.#model.slice(first + x);
      if (!slice) continue;
      const high = (count) => (CHART * count * 1000) / SLICE_MS / scale;
      // one failure among hundreds must be seen
      const bad = slice.failed > 0 ? Math.max(3, high(slice.failed)) : 0;
      if (slice.all > 0) everybody += bar(x, CHART - high(slice.all), high(slice.all));
      if (slice.ok > 0) accepted += bar(x, CHART - bad - high(slice.ok), high(slice.ok));
      if (bad > 0) failed += bar(x, CHART - bad, bad);
    }
    setAttribute(this.#orders.paths.everybody, 'd', everybody);
    setAttribute(this.#orders.paths.accepted, 'd', accepted);
    setAttribute(this.#orders.paths.failed, 'd', failed);
    if (this.#orders.scale.dataset.scale !== String(scale)) {
      this.#orders.scale.dataset.scale = scale;
      this.#orders.scale.replaceChildren(element('span', {}, `${scale}/s`), element('span', {}, '0'));
    }
    const sum = this.#model.figures(now, SLICES);
    setAttribute(
      this.#orders.picture,
      'aria-label',
      `Orders of the last five minutes: ${number(sum.ok)} accepted and ${number(sum.failed)} failed here, ${number(sum.all)} of everybody`,
    );
  }

  #renderAnswers(first, now) {
    const y = (time) => CHART * (1 - Math.min(1, Math.max(0, Math.log10(Math.max(1, time)) / DECADES)));
    let middle = '';
    let spread = '';
    for (let x = 0; x < SLICES; x++) {
      const slice = this.#model.slice(first + x);
      if (!slice || slice.times.length === 0) continue;
      const times = [...slice.times].sort((a, b) => a - b);
      const half = y(percentile(times, 0.5));
      const most = y(percentile(times, 0.95));
      spread += bar(x, most, Math.max(1.5, half - most));
      middle += bar(x, half - 1, 2.5);
    }
    setAttribute(this.#answers.paths.spread, 'd', spread);
    setAttribute(this.#answers.paths.middle, 'd', middle);
    const sum = this.#model.figures(now, SLICES);
    setAttribute(
      this.#answers.picture,
      'aria-label',
      sum.p50 === undefined
        ? 'Answer times of the last five minutes: none'
        : `Answer times of the last five minutes: half within ${millis(sum.p50)}, 95 of 100 within ${millis(sum.p95)}`,
    );
  }

  #renderRole(role, first, now) {
    const instances = this.#model.of(role);
    const list = this.#groups.get(role);
    let most = 1;
    let sum = 0;
    const done = new Map();
    for (const instance of instances) {
      let own = 0;
      for (let x = 0; x < SLICES; x++) {
        const work = this.#model.slice(first + x)?.work.get(instance.key) ?? 0;
        most = Math.max(most, work);
        own += work;
      }
      done.set(instance.key, own);
      sum += own;
    }
    for (const [key, lane] of this.#lanes) {
      if (lane.role === role && !this.#model.instances.has(key)) {
        lane.item.remove();
        this.#lanes.delete(key);
      }
    }
    instances.forEach((instance, place) => {
      const lane = this.#lane(instance);
      if (list.children[place] !== lane.item) list.insertBefore(lane.item, list.children[place] ?? null);
      this.#renderLane(lane, instance, first, most, now);
      const own = done.get(instance.key);
      setText(lane.count, number(own));
      // every notification instance gets all: a share says nothing there
      setText(lane.share, role === NOTIFICATION || sum === 0 ? '' : `${Math.round((100 * own) / sum)} %`);
    });
  }

  #lane(instance) {
    let lane = this.#lanes.get(instance.key);
    if (!lane) {
      const made = strip(LANE, 'rest', 'work', 'sick', 'down');
      const state = element('span', { class: 'state' });
      const count = element('span', { class: 'count' });
      const share = element('span', { class: 'share' });
      const item = element(
        'li',
        { class: 'row lane', 'data-instance': instance.name, 'data-role': instance.role },
        element(
          'div',
          { class: 'who' },
          element('span', { class: 'dot', 'aria-hidden': 'true' }),
          element('span', { class: 'name', title: instance.name }, short(instance.name)),
          state,
        ),
        made.picture,
        element('div', { class: 'sum' }, count, share),
      );
      lane = { ...made, item, state, count, share, role: instance.role };
      this.#lanes.set(instance.key, lane);
    }
    return lane;
  }

  #renderLane(lane, instance, first, most, now) {
    let rest = '';
    let work = '';
    const spans = { sick: '', down: '' };
    let begun = 0;
    let before;
    let away = 0;
    for (let x = 0; x <= SLICES; x++) {
      const slice = x < SLICES ? this.#model.slice(first + x) : undefined;
      const state = slice?.state.get(instance.key);
      if (state !== before) {
        if (before === 'up' || before === 'sick') rest += span(begun, x - begun, LANE - 1, 1);
        if (before === 'down' || before === 'sick') spans[before] += span(begun, x - begun, 0, LANE);
        if (before === 'down') away++;
        begun = x;
        before = state;
      }
      const count = slice?.work.get(instance.key) ?? 0;
      if (count > 0) {
        const height = Math.max(2, ((LANE - 2) * count) / most);
        work += bar(x, LANE - height, height);
      }
    }
    setAttribute(lane.paths.rest, 'd', rest);
    setAttribute(lane.paths.work, 'd', work);
    setAttribute(lane.paths.sick, 'd', spans.sick);
    setAttribute(lane.paths.down, 'd', spans.down);
    const state = this.#model.hasNews(now) ? instance.state : 'unknown';
    const words = {
      up: 'healthy',
      sick: 'unhealthy',
      down: `away ${since(instance.since, now)}`,
      unknown: 'no news',
    }[state];
    setAttribute(lane.item, 'data-state', state);
    setText(lane.state, words);
    setAttribute(lane.state, 'title', instance.reason);
    const gone = away === 0 ? '' : away === 1 ? ', away once' : `, away ${away} times`;
    setAttribute(lane.picture, 'aria-label', `${instance.name} in the last five minutes: ${lane.count.textContent || 0} done${gone}`);
  }
}
