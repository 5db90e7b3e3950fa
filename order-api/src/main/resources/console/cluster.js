// What the page asks of the cluster. Everything goes to the address that the page came from: the load balancer.

/** An order may wait for the edge's deadline of 5 s, and for one instance that hung before. */
const ORDER_MS = 15_000;
/** A question of the page itself is asked again soon. */
const QUESTION_MS = 4_000;
const STREAM_MS = 4_000;

function hex(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');
}

/** Places an order and gives what became of it, never throws: `order` where it was accepted, otherwise `problem`. */
export async function place(body) {
  const begun = performance.now();
  const outcome = { servedBy: '', handledBy: '', traceId: '' };
  try {
    const response = await fetch('/api/orders', {
      method: 'POST',
      // not randomUUID, which only secure contexts have
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `console-${hex(16)}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ORDER_MS),
    });
    outcome.servedBy = response.headers.get('X-Served-By') ?? '';
    outcome.handledBy = response.headers.get('X-Handled-By') ?? '';
    outcome.traceId = response.headers.get('X-Trace-Id') ?? '';
    const answer = await response.json();
    if (response.status === 201) {
      outcome.order = answer;
    } else {
      outcome.problem = { status: response.status, code: answer.code, detail: answer.detail, violations: answer.violations };
      outcome.traceId ||= answer.traceId ?? '';
    }
  } catch (e) {
    const code = e.name === 'TimeoutError' ? 'NO ANSWER' : 'NO CONNECTION';
    outcome.problem = { status: 0, code, detail: 'Whether the order was placed is not known.' };
  }
  return { ...outcome, millis: performance.now() - begun };
}

/** The page's own questions are in no trace that is kept: they would hide those of orders. */
async function question(path) {
  const response = await fetch(path, {
    headers: { traceparent: `00-${hex(16)}-${hex(8)}-00` },
    signal: AbortSignal.timeout(QUESTION_MS),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

/** Every instance, as it is now. */
export async function instances() {
  return (await question('/api/instances')).instances;
}

/** What every notification instance has received about these orders, whichever of them answers. */
export async function notifications(orderIds) {
  const query = orderIds.map((id) => `orderId=${encodeURIComponent(id)}`).join('&');
  return (await question(`/api/notifications?${query}`)).notifications;
}

/**
 * The live notifications of one instance, the one that the load balancer chose. An EventSource comes back by itself when its
 * connection ends, but not after an answer that is no stream, such as the load balancer's 503, and it waits for ever for an
 * instance that hangs.
 */
export class Stream {
  #received;
  #changed;
  #source;
  #lostAt = 0;
  /** The instance, as soon as it has sent anything. */
  instance = '';

  constructor(received, changed) {
    this.#received = received;
    this.#changed = changed;
  }

  get open() {
    return this.#source?.readyState === EventSource.OPEN;
  }

  /** Sees to it that there is one; to be called again and again. */
  tick(now) {
    if (!this.#source || (!this.open && now - this.#lostAt > STREAM_MS)) this.restart(now);
  }

  restart(now) {
    this.stop();
    this.#lostAt = now;
    const source = new EventSource('/api/notifications/stream');
    this.#source = source;
    const take = (event) => {
      const notification = JSON.parse(event.data);
      this.instance = notification.instance;
      this.#received(notification);
    };
    for (const type of ['OrderCreatedEvent', 'OrderCancelledEvent']) source.addEventListener(type, take);
    source.addEventListener('open', this.#changed);
    source.addEventListener('error', () => {
      this.instance = '';
      this.#lostAt = Date.now();
      this.#changed();
    });
  }

  stop() {
    this.#source?.close();
    this.#source = undefined;
    this.instance = '';
  }
}

const ASK_MS = 700;
const ORDERS_AT_ONCE = 50;
const LONGEST_PAUSE_MS = 5_000;
const GIVEN_UP_MS = 10 * 60_000;
/** Orders of others are there to be seen, not to be counted. */
const OTHERS = 10;
const OTHERS_GIVEN_UP_MS = 15_000;

/**
 * Asks which notification instances have received which orders. The stream is one instance's, and what an instance catches up
 * with when it comes back was in no stream; what every instance has received is in the store that they share.
 */
export class Lookup {
  #isDone;
  #received;
  #waiting = new Map();
  #asking = false;
  #askedAt = 0;

  /** `isDone(orderId)` ends the questions about an order, `received(notification)` gets the answers. */
  constructor(isDone, received) {
    this.#isDone = isDone;
    this.#received = received;
  }

  get own() {
    return [...this.#waiting.values()].filter((entry) => entry.own).length;
  }

  follow(orderId, own, now) {
    if (!own && (this.#waiting.has(orderId) || this.#waiting.size - this.own >= OTHERS)) return;
    this.#waiting.set(orderId, { own, since: now, next: now + ASK_MS / 2, pause: ASK_MS / 2 });
  }

  async tick(now) {
    if (this.#asking || now - this.#askedAt < ASK_MS) return;
    for (const [orderId, { own, since }] of this.#waiting) {
      if (this.#isDone(orderId) || now - since > (own ? GIVEN_UP_MS : OTHERS_GIVEN_UP_MS)) this.#waiting.delete(orderId);
    }
    const due = [...this.#waiting].filter(([, entry]) => entry.next <= now).slice(0, ORDERS_AT_ONCE);
    if (due.length === 0) return;
    this.#asking = true;
    this.#askedAt = now;
    for (const [, entry] of due) {
      entry.pause = Math.min(entry.pause * 2, LONGEST_PAUSE_MS);
      entry.next = now + entry.pause;
    }
    try {
      (await notifications(due.map(([orderId]) => orderId))).forEach(this.#received);
    } catch {
      // asked again
    }
    this.#asking = false;
  }
}
