// The few things about the DOM that every part of the page does. Text is only ever set as text.

export function byId(id) {
  return document.getElementById(id);
}

/** An element with attributes and children; strings among them become text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Without touching what is right already: what assistive technology reads is not torn away from it. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/** Makes `parent` have these children in this order, and moves only those that are not there yet. */
export function arrange(parent, children) {
  children.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild.remove();
}

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function number(value) {
  return NUMBER.format(value);
}

export function millis(value) {
  if (value === undefined) return '–';
  return value < 10_000 ? `${number(value)} ms` : `${(value / 1000).toFixed(0)} s`;
}

const pad = (value, places = 2) => String(value).padStart(places, '0');

export function clock(time) {
  const date = new Date(time);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Every container of the cluster begins with its name; that says nothing on this page. */
export function short(name) {
  return name.replace(/^cluster-/, '');
}

/** The end of an id of UUIDv7, which begins with the time and so looks alike for all. */
export function tail(id) {
  return `…${id.slice(-8)}`;
}

/** "12 s", "3 min". */
export function since(from, now) {
  const seconds = Math.max(0, Math.round((now - from) / 1000));
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
