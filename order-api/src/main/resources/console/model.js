// What the page knows: no DOM and no network here. Everything is bounded, however long the page stays open.

export const SLICE_MS = 2_000;
export const SLICES = 150;

const ORDERS = 1_000;
const RECEIPTS = 5_000;
const ENTRIES = 100;
const ARRIVALS = 8;
/** An answer about the instances says nothing about a later time than this. */
const NEWS_MS = 6_000;
/** After that an instance that went away is no longer expected back. */
const FORGOTTEN_MS = 10 * 60_000;

export const NOTIFICATION = 'notification-service';
export const ROLES = [
  { name: 'order-api', does: 'takes the request' },
  { name: 'order-service', does: 'handles the command' },
  { name: NOTIFICATION, does: 'receives the event' },
];

const WORST = { unknown: 0, up: 1, sick: 2, down: 3 };

/** The value that `share` of them do not exceed; the values must be in order. */
export function percentile(ordered, share) {
  return ordered.length === 0 ? undefined : ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)];
}

/** Keeps a map small: what came first goes first. */
function put(map, key, value, most) {
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value);
  return value;
}

export class Model {
  orders = new Map();
  failures = [];
  /** Of instances. */
  changes = [];
  instances = new Map();
  accepted = 0;
  failed = 0;
  everywhere = 0;

  #slices = new Map();
  /** By order, of anybody: when each instance received it. */
  #receipts = new Map();
  #newsAt = -Infinity;

  static sliceOf(now) {
    return Math.floor(now / SLICE_MS);
  }

  slice(index) {
    return this.#slices.get(index);
  }

  #sliceAt(now) {
    const index = Model.sliceOf(now);
    return (
      this.#slices.get(index) ??
      put(this.#slices, index, { all: 0, ok: 0, failed: 0, times: [], work: new Map(), state: new Map() }, SLICES + 1)
    );
  }

  /** Notes how the instances are. */
  tick(now) {
    const slice = this.#sliceAt(now);
    for (const [key, instance] of this.instances) {
      const state = this.hasNews(now) ? instance.state : 'unknown';
      const before = slice.state.get(key);
      if (before === undefined || WORST[state] > WORST[before]) slice.state.set(key, state);
      if (instance.state === 'down' && now - instance.since > FORGOTTEN_MS) this.instances.delete(key);
    }
  }

  // --- instances ---

  of(role) {
    return [...this.instances.values()]
      .filter((instance) => instance.role === role)
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  #instance(role, name, state, now) {
    const key = `${role}/${name}`;
    if (!this.instances.has(key)) {
      // awaySince: until it is well again, also while it already answers
      this.instances.set(key, { key, role, name, state, since: now, reason: '', arrivals: [], awaySince: state === 'down' ? now : undefined });
    }
    return this.instances.get(key);
  }

  hasNews(now) {
    return now - this.#newsAt < NEWS_MS;
  }

  /** What the cluster says about its instances. Those that it no longer names are away. */
  heardOfInstances(list, now) {
    const first = this.#newsAt === -Infinity;
    this.#newsAt = now;
    const named = new Set();
    for (const { service, name, status, checks } of list) {
      const state = { Healthy: 'up', Unhealthy: 'sick' }[status] ?? 'down';
      const isNew = !this.instances.has(`${service}/${name}`);
      const instance = this.#instance(service, name, state, now);
      named.add(instance.key);
      instance.reason = Object.keys(checks).filter((check) => checks[check] !== 'Healthy').join(', ');
      if (isNew && !first && state !== 'down') this.#changed(instance, 'appeared', now);
      this.#turn(instance, state, now);
    }
    for (const instance of this.instances.values()) {
      if (!named.has(instance.key)) this.#turn(instance, 'down', now);
    }
  }

  #turn(instance, state, now) {
    if (instance.state === state) return;
    const seconds = Math.max(1, Math.round((now - (instance.awaySince ?? instance.since)) / 1000));
    const what = {
      up: instance.awaySince ? `is back after ${seconds} s` : `is healthy again after ${seconds} s`,
      sick: `${instance.awaySince ? 'answers again, but' : ''} is unhealthy: ${instance.reason}`.trim(),
      down: 'went away',
    }[state];
    if (state === 'down') instance.awaySince = now;
    if (state === 'up') instance.awaySince = undefined;
    instance.state = state;
    instance.since = now;
    this.#changed(instance, what, now);
  }

  #changed(instance, what, now) {
    this.changes = [{ at: now, name: instance.name, state: instance.state, what }, ...this.changes].slice(0, ENTRIES);
  }

  #worked(role, name, now) {
    if (!name) return undefined;
    const instance = this.#instance(role, name, 'up', now);
    const work = this.#sliceAt(now).work;
    work.set(instance.key, (work.get(instance.key) ?? 0) + 1);
    return instance;
  }

  // --- orders ---

  /** What became of an order. */
  answered(outcome, now) {
    const slice = this.#sliceAt(now);
    slice.times.push(outcome.millis);
    this.#worked('order-api', outcome.servedBy, now);
    this.#worked('order-service', outcome.handledBy, now);
    if (outcome.problem) {
      this.failed++;
      slice.failed++;
      this.failures = [{ at: now, ...outcome }, ...this.failures].slice(0, ENTRIES);
      return;
    }
    this.accepted++;
    slice.ok++;
    const { orderId, createdAt } = outcome.order;
    const order = { ...outcome, id: orderId, at: now, createdAt: Date.parse(createdAt), received: this.#receiptsOf(orderId) };
    put(this.orders, orderId, order, ORDERS);
    this.#complete(orderId);
  }

  /** That one instance has received one event; whether that is news. */
  received({ type, orderId, instance: name, receivedAt }, now) {
    const receipts = this.#receiptsOf(orderId);
    const event = `${type}@${name}`;
    if (receipts.has(event)) return false;
    const at = Date.parse(receivedAt);
    if (type === 'OrderCreatedEvent' && receipts.size === 0) this.#sliceAt(now).all++;
    receipts.set(event, at);
    const instance = this.#worked(NOTIFICATION, name, now);
    instance.arrivals = [{ at, type, orderId }, ...instance.arrivals].sort((a, b) => b.at - a.at).slice(0, ARRIVALS);
    this.#complete(orderId);
    return true;
  }

  #receiptsOf(orderId) {
    return this.#receipts.get(orderId) ?? put(this.#receipts, orderId, new Map(), RECEIPTS);
  }

  /** Milliseconds from the order to its notification at that instance, or undefined while it has none. */
  static delay(order, name) {
    const at = order.received.get(`OrderCreatedEvent@${name}`);
    return at === undefined ? undefined : Math.max(0, at - order.createdAt);
  }

  /** Whether every notification instance that is known has received the order. */
  isEverywhere(orderId) {
    const all = this.of(NOTIFICATION);
    const receipts = this.#receiptsOf(orderId);
    return all.length > 0 && all.every(({ name }) => receipts.has(`OrderCreatedEvent@${name}`));
  }

  #complete(orderId) {
    const order = this.orders.get(orderId);
    if (!order || order.complete || !this.isEverywhere(orderId)) return;
    order.complete = true;
    this.everywhere++;
  }

  // --- figures ---

  /** Of the last `count` slices, this one included. */
  figures(now, count) {
    const last = Model.sliceOf(now);
    const sum = { all: 0, ok: 0, failed: 0 };
    const times = [];
    for (let index = last - count + 1; index <= last; index++) {
      const slice = this.#slices.get(index);
      if (!slice) continue;
      for (const name of Object.keys(sum)) sum[name] += slice[name];
      times.push(...slice.times);
    }
    times.sort((a, b) => a - b);
    return { ...sum, p50: percentile(times, 0.5), p95: percentile(times, 0.95), most: times.at(-1) };
  }
}
