// @ts-check
/**
 * Values that know who reads them.
 *
 *     const count = signal(0);
 *     const stop = effect(() => console.log(count.value));  // runs now, and after each change
 */

/**
 * @template T
 * @typedef {{value: T, peek(): T}} Signal
 */

/** @typedef {{run(): void, sources: Set<Set<Reaction>>, stopped: boolean}} Reaction */

/** The reaction that is running now, and those that are due. */
const state = { running: /** @type {Reaction | null} */ (null), due: /** @type {Set<Reaction>} */ (new Set()) };

/**
 * A value whose readers run again when it changes.
 * @template T
 * @param {T} initial
 * @returns {Signal<T>}
 */
export function signal(initial) {
  let current = initial;
  /** @type {Set<Reaction>} */
  const readers = new Set();
  return {
    get value() {
      if (state.running) {
        readers.add(state.running);
        state.running.sources.add(readers);
      }
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const reader of readers) schedule(reader);
    },
    peek: () => current,
  };
}

/**
 * Runs now, and again in a microtask after any signal it read has changed.
 * @param {() => void} work
 * @returns {() => void} stops it
 */
export function effect(work) {
  /** @type {Reaction} */
  const reaction = { run: () => run(reaction, work), sources: new Set(), stopped: false };
  reaction.run();
  return () => {
    reaction.stopped = true;
    forget(reaction);
  };
}

/**
 * What follows from signals: worked out whenever it is read.
 * @template T
 * @param {() => T} work
 * @returns {{readonly value: T, peek(): T}}
 */
export function computed(work) {
  return {
    get value() {
      return work();
    },
    peek: () => untracked(work),
  };
}

/**
 * Does something whose reads are nobody's.
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
export function untracked(work) {
  const outer = state.running;
  state.running = null;
  try {
    return work();
  } finally {
    state.running = outer;
  }
}

/** @param {Reaction} reaction @param {() => void} work */
function run(reaction, work) {
  forget(reaction);
  const outer = state.running;
  state.running = reaction;
  try {
    work();
  } finally {
    state.running = outer;
  }
}

/** @param {Reaction} reaction */
function forget(reaction) {
  for (const readers of reaction.sources) readers.delete(reaction);
  reaction.sources.clear();
}

/** @param {Reaction} reaction */
function schedule(reaction) {
  if (!state.due.size) queueMicrotask(flush);
  state.due.add(reaction);
}

function flush() {
  const due = [...state.due];
  state.due.clear();
  for (const reaction of due) if (!reaction.stopped) reaction.run();
}
