// The console: asks the cluster, keeps what it hears in the model, and shows the model. Begin reading at the end.

import { Lookup, Stream, instances, place } from './cluster.js';
import { arrange, byId, clock, element, millis, number, setAttribute, setText, short, tail } from './dom.js';
import { Model, NOTIFICATION } from './model.js';
import { Timeline } from './timeline.js';

const TICK_MS = 500;
const INSTANCES_MS = 2_000;
/** A page that nobody looks at for so long asks for nothing until somebody does. */
const UNWATCHED_MS = 10 * 60_000;
/** A browser has six connections to one address: these leave one for the stream and one for questions. */
const ORDERS_AT_ONCE = 4;
const DRAW_MS = 200;

const ROWS = 30;
const ROWS_OF_A_PHONE = 8;
const phone = matchMedia('(max-width: 640px)');
const FAILURES = 20;
const CHANGES = 12;
/** An event is everywhere within this time, or it is worth saying that it is not. */
const USUAL_MS = 1_000;

const model = new Model();
const lookup = new Lookup((orderId) => model.isEverywhere(orderId), received);
const stream = new Stream((notification) => {
  if (received(notification)) lookup.follow(notification.orderId, false, Date.now());
}, changed);
const timeline = new Timeline(model, byId('timeline'));

function received(notification) {
  const news = model.received(notification, Date.now());
  if (news) changed();
  return news;
}

// --- placing orders ---

/** As it stands in the form: what is wrong with it is for the server to say. */
function request() {
  const form = new FormData(byId('order'));
  const amount = (name) => {
    const text = form.get(name).trim();
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  };
  return {
    customerId: form.get('customerId'),
    items: [{ productId: 'p-1', quantity: amount('quantity'), price: amount('price') }],
  };
}

/** Whether it was accepted. */
async function placeOne(body) {
  const outcome = await place(body);
  model.answered(outcome, Date.now());
  if (outcome.order) lookup.follow(outcome.order.orderId, true, Date.now());
  changed();
  return outcome.order !== undefined;
}

byId('order').addEventListener('submit', async (event) => {
  event.preventDefault();
  say((await placeOne(request())) ? 'Order accepted' : 'Order failed');
});

let bursting = false;

/** The same button stops it, so that it keeps the focus. */
byId('burst').addEventListener('submit', (event) => {
  event.preventDefault();
  if (bursting) {
    bursting = false;
    return;
  }
  const form = new FormData(event.target);
  burst(Number(form.get('size')), Number(form.get('pace')));
});

async function burst(size, pace) {
  const body = request();
  const begun = performance.now();
  let sent = 0;
  let accepted = 0;
  let failed = 0;
  bursting = true;
  setText(byId('start'), 'Stop burst');
  byId('progress').hidden = false;
  const show = () => {
    byId('progress-bar').value = (accepted + failed) / size;
    setText(byId('progress-text'), `${number(accepted)} of ${number(size)} accepted${failed > 0 ? `, ${number(failed)} failed` : ''}`);
  };
  show();
  say('Burst started');
  const customer = async () => {
    while (bursting && sent < size) {
      const due = begun + (1000 * sent++) / pace;
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      if (!bursting) return;
      if (await placeOne(body)) accepted++;
      else failed++;
      show();
    }
  };
  await Promise.all(Array.from({ length: ORDERS_AT_ONCE }, customer));
  bursting = false;
  setText(byId('start'), 'Start burst');
  say(`Burst ended: ${byId('progress-text').textContent}`);
}

/** For those who hear the page. */
function say(text) {
  setText(byId('said'), text);
}

// --- instances ---

let asking = false;
let askedAt = -Infinity;

async function askForInstances(now) {
  if (asking || now - askedAt < INSTANCES_MS) return;
  asking = true;
  askedAt = now;
  try {
    const list = await instances();
    model.heardOfInstances(list, Date.now());
    const watched = model.instances.get(`${NOTIFICATION}/${stream.instance}`);
    // one that hangs keeps its streams open
    if (watched?.state === 'down') stream.restart(Date.now());
  } catch {
    // shown as soon as it is too long ago
  }
  asking = false;
  changed();
}

// --- showing ---

let drawing = false;

function changed() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    if (!document.hidden) draw(Date.now());
  }, DRAW_MS);
}

function draw(now) {
  drawLink(now);
  drawFigures(now);
  timeline.render(now);
  drawOrders(now);
  drawFailures();
  drawChanges();
  drawArrivals();
}

const opened = Date.now();

function drawLink(now) {
  const live = model.hasNews(now);
  const state = live ? 'live' : now - opened < INSTANCES_MS * 2 ? 'waiting' : 'lost';
  setAttribute(byId('link'), 'data-state', state);
  setText(byId('link'), { live: 'Live', waiting: 'Connecting', lost: 'No order-api answers. Trying again.' }[state]);
  const through = stream.instance ? ` from ${short(stream.instance)}` : '';
  setText(byId('watching'), stream.open ? `Notifications${through}` : 'Notifications: connecting');
}

function drawFigures(now) {
  const last = model.failures[0];
  setText(byId('accepted'), number(model.accepted));
  setText(byId('accepted-of'), `of ${number(model.accepted + model.failed)} placed here`);
  setText(byId('failed'), number(model.failed));
  byId('failed').classList.toggle('bad', model.failed > 0);
  setText(byId('failed-last'), last ? `last at ${clock(last.at)}` : 'none so far');
  const rate = model.figures(now, 5).all / 10;
  setText(byId('rate'), rate === 0 || rate >= 10 ? number(rate) : rate.toFixed(1));
  const { p50, p95, most } = model.figures(now, 30);
  setText(byId('p50'), p50 === undefined ? '–' : number(p50));
  setText(byId('p95'), p50 === undefined ? 'last minute' : `95 of 100 within ${millis(p95)}, slowest ${millis(most)}`);
  setText(byId('notified'), number(model.everywhere));
  const waiting = model.accepted - model.everywhere;
  setText(byId('waiting'), waiting > 0 ? `${number(waiting)} on their way` : 'nothing to wait for');
}

const rows = new Map();
let columns = '';

function drawOrders(now) {
  const table = byId('orders-table');
  const newest = [...model.orders.values()].slice(-(phone.matches ? ROWS_OF_A_PHONE : ROWS)).reverse();
  const notified = model.of(NOTIFICATION);
  const names = notified.map((instance) => instance.name).join(' ');
  if (names !== columns || !table.tHead.firstElementChild) {
    columns = names;
    rows.clear();
    const title = (text, tooltip) => element('th', { scope: 'col', role: 'columnheader', title: tooltip }, text);
    table.tHead.replaceChildren(
      element(
        'tr',
        { role: 'row' },
        ...['Time', 'Order', 'Taken by', 'Handled by', 'Answer'].map((text) => title(text)),
        ...notified.map(({ name }) => title(columnOf(name), name)),
      ),
    );
  }
  arrange(table.tBodies[0], newest.map((order) => orderRow(order, notified, now)));
  const shown = new Set(newest.map((order) => order.id));
  for (const id of rows.keys()) {
    if (!shown.has(id)) rows.delete(id);
  }
  table.hidden = newest.length === 0;
  byId('orders-empty').hidden = newest.length > 0;
  setText(byId('orders-note'), model.orders.size > newest.length ? `the newest ${newest.length}` : 'newest first');
}

/** A short title: its service is clear from where it stands. */
function columnOf(name) {
  const place = /notification-service-(\d+)$/.exec(name);
  return place ? `Notified ${place[1]}` : `Notified ${short(name)}`;
}

function orderRow(order, notified, now) {
  let row = rows.get(order.id);
  if (!row) {
    const cell = (label, text, kind, title) => element('td', { role: 'cell', 'data-label': label, class: kind, title }, text);
    row = element(
      'tr',
      { role: 'row', 'data-order': order.id },
      cell('Time', clock(order.at), 'time'),
      cell('Order', tail(order.id), 'id', order.id),
      cell('Taken by', short(order.servedBy), 'api', order.servedBy),
      cell('Handled by', short(order.handledBy), 'service', order.handledBy),
      cell('Answer', millis(order.millis), 'millis', `trace ${order.traceId}`),
      ...notified.map(({ name }) => cell(columnOf(name), '', 'receipt', name)),
    );
    rows.set(order.id, row);
  }
  const receipts = row.querySelectorAll('.receipt');
  notified.forEach((instance, place) => {
    const delay = Model.delay(order, instance.name);
    const late = now - order.at > USUAL_MS;
    const missing = !late ? '·' : instance.state === 'down' ? 'when it is back' : 'not yet';
    setText(receipts[place], delay === undefined ? missing : `after ${millis(delay)}`);
    setAttribute(receipts[place], 'data-received', delay !== undefined ? 'yes' : late ? 'late' : 'no');
  });
  return row;
}

const items = new WeakMap();

/** An item is made once for each entry, so that nobody hears twice what has changed. */
function drawList(list, shown, item) {
  for (const entry of shown) {
    if (!items.has(entry)) items.set(entry, item(entry));
  }
  arrange(list, shown.map((entry) => items.get(entry)));
}

function drawFailures() {
  drawList(byId('failures'), model.failures.slice(0, FAILURES), failureItem);
  byId('failures-empty').hidden = model.failures.length > 0;
  setText(byId('failures-note'), model.failed > FAILURES ? `the latest ${FAILURES} of ${number(model.failed)}` : '');
}

function failureItem({ at, problem, servedBy, handledBy, millis: time, traceId }) {
  const facts = [
    servedBy && `taken by ${short(servedBy)}`,
    handledBy && `handled by ${short(handledBy)}`,
    `after ${millis(time)}`,
  ].filter(Boolean);
  return element(
    'li',
    { 'data-code': problem.code },
    element('p', {}, element('time', {}, clock(at)), ' ', element('strong', {}, `${problem.status || ''} ${problem.code}`.trim())),
    element('p', {}, problem.detail ?? ''),
    ...(problem.violations ?? []).map(({ field, problem: what }) => element('p', {}, element('code', {}, field), ` ${what}`)),
    element('p', { class: 'aside' }, facts.join(', ')),
    ...(traceId ? [element('p', { class: 'aside' }, 'trace ', element('code', {}, traceId))] : []),
  );
}

function drawChanges() {
  drawList(byId('changes'), model.changes.slice(0, CHANGES), ({ at, name, state, what }) =>
    element(
      'li',
      { 'data-state': state, 'data-instance': name },
      element('time', {}, clock(at)),
      element('span', { class: 'dot', 'aria-hidden': 'true' }),
      element('span', {}, element('b', {}, short(name)), ` ${what}`),
    ),
  );
  byId('changes-empty').hidden = model.changes.length > 0;
}

function drawArrivals() {
  const boxes = model.of(NOTIFICATION).map((instance) => {
    const id = `arrivals-${instance.name}`;
    const box =
      byId(id) ??
      element(
        'div',
        { id, 'data-instance': instance.name },
        element('h3', {}, short(instance.name), element('small', {})),
        element('ol', {}),
      );
    const source = instance.name === stream.instance ? 'live' : 'looked up';
    setText(box.querySelector('small'), instance.state === 'down' ? 'away' : source);
    drawList(box.querySelector('ol'), instance.arrivals, ({ at, type, orderId }) =>
      element(
        'li',
        {},
        element('time', {}, clock(at)),
        element('code', { title: orderId }, tail(orderId)),
        element('span', {}, type.replace(/^Order(.*)Event$/, '$1').toLowerCase()),
      ),
    );
    return box;
  });
  arrange(byId('arrivals'), boxes);
}

// --- time ---

let hiddenAt = Infinity;
document.addEventListener('visibilitychange', () => {
  hiddenAt = document.hidden ? Date.now() : Infinity;
  tick();
});

function tick() {
  const now = Date.now();
  if (now - hiddenAt > UNWATCHED_MS && !bursting) {
    stream.stop();
    return;
  }
  stream.tick(now);
  askForInstances(now);
  lookup.tick(now);
  model.tick(now);
  changed();
}

setInterval(tick, TICK_MS);
tick();
